internal import Bitstream
internal import VideoTypes

/// The parameter sets of one open encoder, as they go into the stream and into the decoder configuration.
struct X264ParameterSets: Sendable {
    let sps: SequenceParameterSet
    let pps: PictureParameterSet
    private let spsBytes: [UInt8]
    private let ppsBytes: [UInt8]
    /// libx264's own message about itself and its settings, which goes before the first slice.
    private let sei: [UInt8]?
    private let record: [UInt8]

    /// - Parameters:
    ///   - headers: What `x264_encoder_headers` gave: NAL units behind 4-byte lengths.
    ///   - codec: What the SPS is to say. libx264 names the lowest profile that it happens to use, and only some
    ///     constraint flags; the promise may be a higher profile, or more flags, that the stream satisfies as well.
    init(headers: [UInt8], codec: AVCCodecString) throws(BitstreamError) {
        var found: [NALUnitType: [UInt8]] = [:]
        for unit in try LengthPrefixed.split(headers) {
            found[try NALUnitHeader(parsing: unit).type] = Array(unit)
        }
        let written = found[.sequenceParameterSet] ?? []
        let own = try SequenceParameterSet(parsing: written)
        // Flags of libx264 speak of the profile that it wrote: those of baseline hold in every profile above it.
        let constraints = own.constraints | codec.constraints
        spsBytes = try SequenceParameterSet.rewriting(
            written,
            profileIdc: codec.profileIdc,
            constraints: constraints & Self.meaningfulConstraints(profileIdc: codec.profileIdc),
            levelIdc: codec.levelIdc
        )
        ppsBytes = found[.pictureParameterSet] ?? []
        sei = found[.sei]
        sps = try SequenceParameterSet(parsing: spsBytes)
        pps = try PictureParameterSet(parsing: ppsBytes, sps: sps)
        record = try AVCDecoderConfigurationRecord(sps: [spsBytes], pps: [ppsBytes]).bytes
    }

    /// Flags 4 and 5 are defined for the Main and High profiles only (H.264 7.4.2.1.1).
    private static func meaningfulConstraints(profileIdc: UInt8) -> UInt8 { profileIdc == 66 ? 0xF0 : 0xFC }

    func decoderConfig(format: AVCFormat, sampleEntry: AVCCodecString.SampleEntry) -> DecoderConfig {
        var codec = sps.codecString
        codec.sampleEntry = sampleEntry
        return DecoderConfig(
            codec: codec.description,
            codedWidth: sps.croppedSize.width,
            codedHeight: sps.croppedSize.height,
            pixelAspectRatio: sps.pixelAspectRatio,
            colorSpace: sps.colorSpace,
            description: format == .avc ? record : nil
        )
    }

    /// The parameter sets behind 4-byte lengths, as they stand before a key frame; the SEI only before the first.
    func prefix(withSEI: Bool) -> [UInt8] {
        [spsBytes, ppsBytes, withSEI ? sei ?? [] : []].filter { !$0.isEmpty }.flatMap { lengthPrefix($0.count) + $0 }
    }

    private func lengthPrefix(_ count: Int) -> [UInt8] {
        unsafe withUnsafeBytes(of: UInt32(count).bigEndian) { unsafe Array($0) }
    }
}
