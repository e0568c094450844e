/// The `hvcC` record (ISO/IEC 14496-15 8.3.3.1.2), WebCodecs' `description` of HEVC in `hevc` format.
package struct HEVCDecoderConfigurationRecord: Hashable, Sendable {
    /// Profile, tier and level, which apply to all parameter sets.
    package let profileTierLevel: HEVCProfileTierLevel
    /// `min_spatial_segmentation_idc`, `0...4095`.
    package let minSpatialSegmentationIdc: Int
    /// `parallelismType`: 0 is mixed or unknown, 1 slices, 2 tiles, 3 wavefronts.
    package let parallelismType: Int
    /// `chroma_format_idc`, `0...3`.
    package let chromaFormatIdc: Int
    /// `bit_depth_luma_minus8` plus 8.
    package let bitDepthLuma: Int
    /// `bit_depth_chroma_minus8` plus 8.
    package let bitDepthChroma: Int
    /// `avgFrameRate` in frames in 256 seconds; 0 is unspecified.
    package let averageFrameRate: Int
    /// `constantFrameRate`, `0...2`; 0 is unknown.
    package let constantFrameRate: Int
    /// `numTemporalLayers`, `0...7`; 0 is unknown.
    package let temporalLayers: Int
    /// `temporalIdNested`.
    package let temporalIDNested: Bool
    /// `lengthSizeMinusOne` plus 1: bytes of a NAL unit's length, 1, 2 or 4.
    package let lengthSize: Int
    /// The NAL units, by type.
    package let arrays: [NALUnitArray]

    /// NAL units of one type.
    package struct NALUnitArray: Hashable, Sendable {
        /// `array_completeness`: none of this type is in the stream.
        package let isComplete: Bool
        /// `NAL_unit_type`.
        package let type: HEVCNALUnitType
        /// The NAL units without start codes.
        package let nalUnits: [[UInt8]]
    }

    /// The record of a stream with four-byte lengths, as FFmpeg writes it.
    ///
    /// - Parameters:
    ///   - vps: The video parameter set as a NAL unit without a start code.
    ///   - sps: The sequence parameter set.
    ///   - pps: The picture parameter sets, 1 or more.
    ///   - isComplete: No parameter set is in the stream (`hvc1`).
    package init(vps: [UInt8], sps: [UInt8], pps: [[UInt8]], isComplete: Bool) throws(BitstreamError) {
        let (video, sequence) = (try HEVCVideoParameterSet(parsing: vps), try HEVCSequenceParameterSet(parsing: sps))
        profileTierLevel = sequence.profileTierLevel
        minSpatialSegmentationIdc = sequence.vui?.minSpatialSegmentationIdc ?? 0
        // The kind of parallelism has no meaning without segments that can be decoded in parallel.
        parallelismType = minSpatialSegmentationIdc == 0 ? 0 : try Self.parallelismType(pps)
        (chromaFormatIdc, bitDepthLuma) = (sequence.chromaFormatIdc, sequence.bitDepthLuma)
        bitDepthChroma = sequence.bitDepthChroma
        (averageFrameRate, constantFrameRate) = (0, 0)
        temporalLayers = max(video.maxSubLayers, sequence.maxSubLayers)
        (temporalIDNested, lengthSize) = (sequence.temporalIDNesting, 4)
        let units = [vps, sps] + pps
        guard !pps.isEmpty, units.allSatisfy({ $0.count <= 65535 }) else {
            let what = "\(pps.count) picture parameter sets, or one with more than 65535 bytes"
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "1 or more, of at most 65535 bytes")
        }
        arrays = [
            NALUnitArray(isComplete: isComplete, type: .videoParameterSet, nalUnits: [vps]),
            NALUnitArray(isComplete: isComplete, type: .sequenceParameterSet, nalUnits: [sps]),
            NALUnitArray(isComplete: isComplete, type: .pictureParameterSet, nalUnits: pps),
        ]
    }

    private static func parallelismType(_ units: [[UInt8]]) throws(BitstreamError) -> Int {
        var types: Set<Int> = []
        for unit in units {
            let pps = try HEVCPictureParameterSet(parsing: unit)
            switch (pps.entropyCodingSyncEnabled, pps.tilesEnabled) {
            case (true, true): types.insert(0)
            case (true, false): types.insert(3)
            case (false, true): types.insert(2)
            case (false, false): types.insert(1)
            }
        }
        return types.count == 1 ? types.first ?? 0 : 0
    }

    /// The NAL units of one type.
    package func nalUnits(_ type: HEVCNALUnitType) -> [[UInt8]] {
        arrays.filter { $0.type == type }.flatMap(\.nalUnits)
    }

    /// All parameter sets, in the order in which they can be read.
    package var parameterSets: [[UInt8]] {
        [.videoParameterSet, .sequenceParameterSet, .pictureParameterSet].flatMap(nalUnits)
    }

    /// What is before each NAL unit of the stream.
    package var framing: NALUnitFraming { NALUnitFraming(lengthSize: lengthSize) }
}

extension HEVCDecoderConfigurationRecord {
    /// The record as it is in an `hvcC` box.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [1] + profileTierLevel.bytes
        bytes += [0xF0 | UInt8(minSpatialSegmentationIdc >> 8), UInt8(minSpatialSegmentationIdc & 0xFF)]
        bytes += [0xFC | UInt8(parallelismType), 0xFC | UInt8(chromaFormatIdc)]
        bytes += [0xF8 | UInt8(bitDepthLuma - 8), 0xF8 | UInt8(bitDepthChroma - 8)]
        bytes += [UInt8(averageFrameRate >> 8), UInt8(averageFrameRate & 0xFF)]
        let nesting = temporalIDNested ? 4 : 0
        bytes.append(UInt8(constantFrameRate << 6 | temporalLayers << 3 | nesting | (lengthSize - 1)))
        bytes.append(UInt8(arrays.count))
        for array in arrays {
            bytes.append((array.isComplete ? 0x80 : 0) | array.type.rawValue)
            bytes += [UInt8(array.nalUnits.count >> 8), UInt8(array.nalUnits.count & 0xFF)]
            for unit in array.nalUnits { bytes += [UInt8(unit.count >> 8), UInt8(unit.count & 0xFF)] + unit }
        }
        return bytes
    }

    /// Reads a record. The NAL units are checked for their types; their contents are not read.
    package init(parsing bytes: [UInt8]) throws(BitstreamError) {
        var reader = BitReader(bytes)
        let version = try reader.bits(8, "configurationVersion")
        guard version == 1 else { throw .outOfRange("configurationVersion", version, in: 1...1, at: 0) }
        profileTierLevel = try HEVCProfileTierLevel(reading: &reader, maxSubLayersMinus1: 0)
        _ = try reader.bits(4, "reserved")
        minSpatialSegmentationIdc = try reader.bits(12, "min_spatial_segmentation_idc")
        _ = try reader.bits(6, "reserved")
        parallelismType = try reader.bits(2, "parallelismType")
        _ = try reader.bits(6, "reserved")
        chromaFormatIdc = try reader.bits(2, "chromaFormat")
        _ = try reader.bits(5, "reserved")
        bitDepthLuma = try reader.bits(3, "bitDepthLumaMinus8") + 8
        _ = try reader.bits(5, "reserved")
        bitDepthChroma = try reader.bits(3, "bitDepthChromaMinus8") + 8
        averageFrameRate = try reader.bits(16, "avgFrameRate")
        constantFrameRate = try reader.bits(2, "constantFrameRate")
        temporalLayers = try reader.bits(3, "numTemporalLayers")
        temporalIDNested = try reader.flag("temporalIdNested")
        lengthSize = try Self.lengthSize(&reader)
        var arrays: [NALUnitArray] = []
        for _ in 0..<(try reader.bits(8, "numOfArrays")) { arrays.append(try NALUnitArray(reading: &reader)) }
        self.arrays = arrays
        guard reader.bitsLeft == 0 else {
            let what = "\(reader.bitsLeft / 8) bytes after the record"
            throw BitstreamError(.invalid, what, at: .bit(reader.bitOffset), expected: "none")
        }
    }

    private static func lengthSize(_ reader: inout BitReader) throws(BitstreamError) -> Int {
        let size = try reader.bits(2, "lengthSizeMinusOne") + 1
        guard size != 3 else {
            let offset = BitstreamError.Offset.bit(reader.bitOffset - 2)
            throw BitstreamError(.invalid, "invalid lengthSizeMinusOne 2", at: offset, expected: "0, 1 or 3")
        }
        return size
    }
}

extension HEVCDecoderConfigurationRecord.NALUnitArray {
    fileprivate init(reading reader: inout BitReader) throws(BitstreamError) {
        isComplete = try reader.flag("array_completeness")
        _ = try reader.flag("reserved")
        type = HEVCNALUnitType(rawValue: UInt8(try reader.bits(6, "NAL_unit_type")))
        var nalUnits: [[UInt8]] = []
        for _ in 0..<(try reader.bits(16, "numNalus")) {
            let length = try reader.bits(16, "nalUnitLength")
            var nalUnit: [UInt8] = []
            for _ in 0..<length { nalUnit.append(UInt8(try reader.bits(8, "nalUnit"))) }
            _ = try HEVCNALUnitHeader(of: nalUnit[...], expecting: type, "the type of its position in the record")
            nalUnits.append(nalUnit)
        }
        self.nalUnits = nalUnits
    }
}
