internal import Containers
internal import VideoTypes

/// What an output can say, and what it cannot: nothing that was asked for is left out in silence.
enum OutputRules {
    /// Throws if something would be said nowhere: not in the bitstream, not in the container, not in the chunks' lines.
    static func check(_ output: OutputDescription, _ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        var description = ContainerDescription(config)
        description.fragment = output.fragment
        try output.format.check(description)
        try checkChunks(output)
        guard !output.format.isContainer else { return }
        try checkHDR(output.format, config)
        if output.chunks == nil { try checkElementary(output.format, config) }
    }

    /// A WebCodecs decoder takes AV1 in the low-overhead format only, which every other format keeps its chunks in
    /// (AV1 WebCodecs Registration, section 2).
    private static func checkChunks(_ output: OutputDescription) throws(EncoderConfigError) {
        guard output.chunks != nil, output.format == .obuAnnexB else { return }
        throw .unsupported(
            "the lines of --chunks are for WebCodecs, which does not take \(output.format.name) (obu, ivf, mp4, mkv and webm)"
        )
    }

    /// Whether HDR metadata has a place in an output.
    static func canSayHDR(_ codec: VideoCodec, _ format: OutputFormat) -> Bool {
        codec.hasHDRMetadata && (codec != .vp9 || format.isContainer)
    }

    /// Nothing but a container says it for VP9.
    private static func checkHDR(
        _ format: OutputFormat,
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) {
        let values = config.values
        let hasMetadata = values.masteringDisplay != nil || values.contentLightLevel != nil
        if hasMetadata, !canSayHDR(config.codec.codec, format) {
            throw .unsupported("VP9 in \(format.name) cannot say HDR metadata (mp4, mkv and webm can)")
        }
    }

    /// A stream without a container says what its codec can say; the chunks' lines say the rest.
    private static func checkElementary(
        _ format: OutputFormat,
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) {
        let (values, codec) = (config.values, config.codec.codec)
        guard values.orientation == .upright else {
            throw .unsupported(
                "\(format.name) cannot say a rotation or flip (mp4, mkv and webm can, and the lines of --chunks do)"
            )
        }
        if let ratio = values.pixelAspectRatio, ratio != .square, [.vp8, .vp9].contains(codec) {
            throw .unsupported(
                "\(codec.name) in \(format.name) cannot say a display size (mkv and webm can, and --chunks does)"
            )
        }
    }
}
