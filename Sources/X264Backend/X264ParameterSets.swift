internal import Bitstream
internal import VideoTypes

/// The parameter sets of one open encoder, as they go into the stream and into the decoder configuration.
struct X264ParameterSets: Sendable {
    let sps: SequenceParameterSet
    let pps: PictureParameterSet
    let spsBytes: [UInt8]
    private let ppsBytes: [UInt8]
    private let record: [UInt8]

    /// - Parameters:
    ///   - units: The NAL units that `x264_encoder_headers` gave.
    ///   - codec: The values for the SPS. libx264 writes the lowest profile that it uses, and only some constraint flags; the
    ///     promise may be a higher profile, or more flags, that the stream satisfies as well.
    ///   - config: The encoder's configuration. With layers, frames of upper ones may be dropped, which some decoders take for
    ///     damage unless the SPS allows gaps in `frame_num`; without a rate, frames come at any time, while libx264 takes its
    ///     own for granted wherever it counts frames. It has parameters for neither.
    init(
        units: [ArraySlice<UInt8>],
        codec: AVCCodecString,
        of config: ValidatedEncoderConfig
    ) throws(BitstreamError) {
        var found: [NALUnitType: [UInt8]] = [:]
        for unit in units {
            found[try NALUnitHeader(parsing: unit).type] = Array(unit)
        }
        let written = found[.sequenceParameterSet] ?? []
        let own = try SequenceParameterSet(parsing: written)
        // Flags of libx264 speak of the profile that it wrote: those of baseline hold in every profile above it.
        // But flag 3 is level 1b there and an intra profile in the High ones.
        let isLevel1b = own.profileIdc < 100 && codec.profileIdc >= 100
        let constraints = own.constraints & (isLevel1b ? 0xEF : 0xFF) | codec.constraints
        spsBytes = try SequenceParameterSet.rewriting(
            written,
            profileIdc: codec.profileIdc,
            constraints: constraints & Self.meaningfulConstraints(profileIdc: codec.profileIdc),
            levelIdc: codec.levelIdc,
            gapsInFrameNumAllowed: config.hasLayers,
            fixedFrameRate: config.values.framerate == nil ? false : nil
        )
        ppsBytes = found[.pictureParameterSet] ?? []
        sps = try SequenceParameterSet(parsing: spsBytes)
        pps = try PictureParameterSet(parsing: ppsBytes, sps: sps)
        record = try AVCDecoderConfigurationRecord(sps: [spsBytes], pps: [ppsBytes]).bytes
    }

    /// Flags 4 and 5 are defined for the Main and High profiles only (H.264 7.4.2.1.1).
    private static func meaningfulConstraints(profileIdc: UInt8) -> UInt8 { profileIdc == 66 ? 0xF0 : 0xFC }

    /// How to set up a decoder for the stream of a configuration.
    func decoderConfig(_ values: EncoderConfig, sampleEntry: AVCCodecString.SampleEntry) -> DecoderConfig {
        var codec = sps.codecString
        codec.sampleEntry = sampleEntry
        let description = values.avcFormat == .avc ? record : nil
        return DecoderConfig(sps, codec: codec.description, description: description, madeBy: values)
    }

    /// The parameter sets after 4-byte lengths.
    var prefix: [UInt8] { NALUnitFraming(lengthSize: 4).joined([spsBytes[...], ppsBytes[...]]) }
}
