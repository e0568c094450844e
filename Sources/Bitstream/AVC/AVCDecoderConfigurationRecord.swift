/// The `avcC` record (ISO/IEC 14496-15 5.3.3.1.2), WebCodecs' `description` of H.264 in `avc` format.
package struct AVCDecoderConfigurationRecord: Hashable, Sendable {
    /// `AVCProfileIndication`.
    package let profileIdc: UInt8
    /// `profile_compatibility`: the byte of constraint flags.
    package let constraints: UInt8
    /// `AVCLevelIndication`.
    package let levelIdc: UInt8
    /// `lengthSizeMinusOne` plus 1: bytes of a NAL unit's length, 1, 2 or 4.
    package let lengthSize: Int
    /// The sequence parameter sets as NAL units.
    package let sequenceParameterSets: [[UInt8]]
    /// The picture parameter sets as NAL units.
    package let pictureParameterSets: [[UInt8]]
    /// All of them, in the order in which they can be read.
    package var parameterSets: [[UInt8]] { sequenceParameterSets + pictureParameterSets }
    /// What is before each NAL unit of the stream.
    package var framing: NALUnitFraming { NALUnitFraming(lengthSize: lengthSize) }
    /// The chroma format and bit depths, which only records of the High profiles have.
    package let sampleFormat: SampleFormat?

    /// The fields at the end of a High profile's record.
    package struct SampleFormat: Hashable, Sendable {
        /// `chroma_format`, `0...3`.
        package let chromaFormatIdc: Int
        /// `bit_depth_luma_minus8` plus 8.
        package let bitDepthLuma: Int
        /// `bit_depth_chroma_minus8` plus 8.
        package let bitDepthChroma: Int
        /// The sequence parameter set extensions as NAL units.
        package let extensions: [[UInt8]]
    }

    /// Whether a profile's record ends in the chroma format and bit depths. The standard lists the High profiles of its
    /// time; FFmpeg and the other muxers take all but these three, which this follows.
    static func hasSampleFormat(inProfile profileIdc: UInt8) -> Bool { ![66, 77, 88].contains(profileIdc) }

    /// The record of a stream with four-byte lengths; profile, level and sample format are those of its first sequence
    /// parameter set.
    ///
    /// - Parameters:
    ///   - sps: 1 to 31 sequence parameter sets as NAL units without start codes.
    ///   - pps: 1 to 255 picture parameter sets as NAL units without start codes.
    package init(sps: [[UInt8]], pps: [[UInt8]]) throws(BitstreamError) {
        try Self.check(sps, are: .sequenceParameterSet, "sequence parameter sets", atMost: 31)
        try Self.check(pps, are: .pictureParameterSet, "picture parameter sets", atMost: 255)
        let first = try SequenceParameterSet(parsing: sps[0])
        (profileIdc, constraints, levelIdc) = (first.profileIdc, first.constraints, first.levelIdc)
        lengthSize = 4
        sequenceParameterSets = sps
        pictureParameterSets = pps
        let format = SampleFormat(
            chromaFormatIdc: first.chromaFormatIdc,
            bitDepthLuma: first.bitDepthLuma,
            bitDepthChroma: first.bitDepthChroma,
            extensions: []
        )
        sampleFormat = Self.hasSampleFormat(inProfile: profileIdc) ? format : nil
    }

    private static func check(
        _ nalUnits: [[UInt8]],
        are type: NALUnitType,
        _ name: String,
        atMost limit: Int
    ) throws(BitstreamError) {
        guard (1...limit).contains(nalUnits.count) else {
            throw BitstreamError(.invalid, "\(nalUnits.count) \(name)", at: .byte(0), expected: "1...\(limit)")
        }
        for nalUnit in nalUnits {
            _ = try NALUnitHeader(of: nalUnit[...], expecting: type, "one of the \(name)")
            guard nalUnit.count <= 65535 else {
                let what = "one of the \(name) has \(nalUnit.count) bytes"
                throw BitstreamError(.invalid, what, at: .byte(0), expected: "at most 65535")
            }
        }
    }
}

extension AVCDecoderConfigurationRecord {
    /// The record as it is in an `avcC` box.
    package var bytes: [UInt8] {
        var bytes = [1, profileIdc, constraints, levelIdc, 0xFC | UInt8(lengthSize - 1)]
        bytes.append(0xE0 | UInt8(sequenceParameterSets.count))
        Self.append(sequenceParameterSets, to: &bytes)
        bytes.append(UInt8(pictureParameterSets.count))
        Self.append(pictureParameterSets, to: &bytes)
        guard let sampleFormat else { return bytes }
        bytes.append(0xFC | UInt8(sampleFormat.chromaFormatIdc))
        bytes.append(0xF8 | UInt8(sampleFormat.bitDepthLuma - 8))
        bytes.append(0xF8 | UInt8(sampleFormat.bitDepthChroma - 8))
        bytes.append(UInt8(sampleFormat.extensions.count))
        Self.append(sampleFormat.extensions, to: &bytes)
        return bytes
    }

    private static func append(_ nalUnits: [[UInt8]], to bytes: inout [UInt8]) {
        for nalUnit in nalUnits {
            bytes += [UInt8(nalUnit.count >> 8), UInt8(nalUnit.count & 0xFF)]
            bytes += nalUnit
        }
    }

    /// Reads a record. The parameter sets are checked for their NAL unit types; their contents are not read.
    package init(parsing bytes: [UInt8]) throws(BitstreamError) {
        var reader = BitReader(bytes)
        _ = try Self.byte(&reader, "configurationVersion", in: 1...1)
        profileIdc = try Self.byte(&reader, "AVCProfileIndication")
        constraints = try Self.byte(&reader, "profile_compatibility")
        levelIdc = try Self.byte(&reader, "AVCLevelIndication")
        lengthSize = try Self.lengthSize(&reader)
        _ = try reader.bits(3, "reserved")
        let spsCount = try reader.bits(5, "numOfSequenceParameterSets")
        sequenceParameterSets = try Self.nalUnits(&reader, count: spsCount, of: .sequenceParameterSet)
        let ppsCount = try reader.bits(8, "numOfPictureParameterSets")
        pictureParameterSets = try Self.nalUnits(&reader, count: ppsCount, of: .pictureParameterSet)
        // Records of old muxers end here in every profile.
        let hasFormat = Self.hasSampleFormat(inProfile: profileIdc) && reader.bitsLeft > 0
        sampleFormat = hasFormat ? try SampleFormat(reading: &reader) : nil
        guard reader.bitsLeft == 0 else {
            let what = "\(reader.bitsLeft / 8) bytes after the record"
            throw BitstreamError(.invalid, what, at: .bit(reader.bitOffset), expected: "none")
        }
    }

    private static func byte(
        _ reader: inout BitReader,
        _ field: String,
        in allowed: ClosedRange<Int> = 0...255
    ) throws(BitstreamError) -> UInt8 {
        let value = try reader.bits(8, field)
        guard allowed.contains(value) else {
            throw .outOfRange(field, value, in: allowed, at: reader.bitOffset - 8)
        }
        return UInt8(value)
    }

    private static func lengthSize(_ reader: inout BitReader) throws(BitstreamError) -> Int {
        _ = try reader.bits(6, "reserved")
        let size = try reader.bits(2, "lengthSizeMinusOne") + 1
        guard size != 3 else {
            let offset = BitstreamError.Offset.bit(reader.bitOffset - 2)
            throw BitstreamError(.invalid, "invalid lengthSizeMinusOne 2", at: offset, expected: "0, 1 or 3")
        }
        return size
    }

    /// NAL units of one type after lengths of 16 bits.
    fileprivate static func nalUnits(
        _ reader: inout BitReader,
        count: Int,
        of type: NALUnitType
    ) throws(BitstreamError) -> [[UInt8]] {
        var nalUnits: [[UInt8]] = []
        for _ in 0..<count {
            let length = try reader.bits(16, "nalUnitLength")
            var nalUnit: [UInt8] = []
            for _ in 0..<length { nalUnit.append(UInt8(try reader.bits(8, "nalUnit"))) }
            _ = try NALUnitHeader(of: nalUnit[...], expecting: type, "the type of its position in the record")
            nalUnits.append(nalUnit)
        }
        return nalUnits
    }
}

extension AVCDecoderConfigurationRecord.SampleFormat {
    fileprivate init(reading reader: inout BitReader) throws(BitstreamError) {
        _ = try reader.bits(6, "reserved")
        chromaFormatIdc = try reader.bits(2, "chroma_format")
        _ = try reader.bits(5, "reserved")
        bitDepthLuma = try reader.bits(3, "bit_depth_luma_minus8") + 8
        _ = try reader.bits(5, "reserved")
        bitDepthChroma = try reader.bits(3, "bit_depth_chroma_minus8") + 8
        extensions = try AVCDecoderConfigurationRecord.nalUnits(
            &reader,
            count: try reader.bits(8, "numOfSequenceParameterSetExt"),
            of: .sequenceParameterSetExtension
        )
    }
}
