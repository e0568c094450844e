internal import Containers
internal import Media
internal import VideoTypes

/// What an output can store: requested values are never dropped without an error or a message.
enum OutputRules {
    /// Throws if a value would be stored nowhere: not in the bitstream, the container, or the chunk lines.
    ///
    /// - Parameter framerate: The rate; `nil` where frames come at any time.
    static func check(
        _ job: EncodeJob,
        _ config: ValidatedEncoderConfig,
        _ framerate: FrameRate?
    ) throws(EncoderConfigError) {
        let output = job.output
        var description = ContainerDescription(config)
        (description.fragment, description.indexAtEnd) = (output.fragment, output.indexAtEnd)
        try output.format.check(description)
        try output.metadata.check(output.format)
        try output.metadata.check(framerate)
        try checkChunks(output)
        try checkTicks(output.format, framerate)
        try checkChromaLocation(job, config)
        guard !output.format.isContainer else { return }
        try checkHDR(output.format, config)
        guard output.chunks == nil else { return }
        try checkElementary(output.format, config)
        try checkColor(job, config.codec.codec)
        guard !job.input.keepsStartTime || output.format.hasTimes else {
            throw .unsupported("\(output.format.name) does not store a start time (\(placesOfTimes))")
        }
        guard !job.input.hasVariableRate || output.format.hasTimes else {
            throw .unsupported("\(output.format.name) does not store times (\(placesOfTimes))")
        }
    }

    private static var placesOfTimes: String { "use \(OutputFormat.names(or: "\(Setting.chunks)", where: \.hasTimes))" }

    /// A warning if the frames' own times are lost.
    static func lostTimes(_ job: EncodeJob, _ framerate: FrameRate?) -> String? {
        guard framerate == nil, job.output.chunks == nil, !job.output.format.hasTimes else { return nil }
        return "the times of the frames are lost: \(job.output.format.name) does not store times (\(placesOfTimes))"
    }

    /// Matroska counts milliseconds (RFC 9559 11.1): no two frames may have the same.
    private static func checkTicks(_ format: OutputFormat, _ framerate: FrameRate?) throws(EncoderConfigError) {
        guard format.tick > 1, let framerate, framerate.numerator > 1000 * framerate.denominator else {
            return
        }
        let others = OutputFormat.names { $0.isContainer && $0.tick == 1 }
        throw .unsupported(
            "\(format.name) stores milliseconds, which cannot represent \(framerate) frames a second (at most 1000; use \(others))"
        )
    }

    /// The headers of VP8 and VP9 have only a matrix and a range.
    private static func checkColor(_ job: EncodeJob, _ codec: VideoCodec) throws(EncoderConfigError) {
        let color = job.color
        guard [.vp8, .vp9].contains(codec),
            (color.primaries ?? .unspecified) != .unspecified || (color.transfer ?? .unspecified) != .unspecified
        else {
            return
        }
        throw .unsupported(
            "\(codec.name) in \(job.output.format.name) cannot store primaries and transfer (use mkv, webm or \(Setting.chunks))"
        )
    }

    /// What the user should know of the input's colors where the output cannot store them, and they are not those that players
    /// assume.
    static func lostColor(_ job: EncodeJob, _ codec: VideoCodec, _ color: VideoColorSpace?) -> String? {
        let (format, hasLines) = (job.output.format, job.output.chunks != nil)
        guard [.vp8, .vp9].contains(codec), !format.isContainer, !hasLines, let words = color?.unusual else {
            return nil
        }
        return "the input's \(words) are lost: \(codec.name) in \(format.name) cannot store them (use mkv or webm)"
    }

    /// AV1 knows chroma at the left and at the top left (6.4.2), the record of VP9 in MP4 the same, VP8 and VP9 by themselves
    /// none. If it is not specified, players assume left.
    private static func checkChromaLocation(
        _ job: EncodeJob,
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) {
        let (codec, format) = (config.codec.codec, job.output.format)
        let isSaid = codec == .av1 || format.container?.layout == .isoBoxes
        guard let location = job.color.chromaLocation, location != .left, location != .topLeft || !isSaid else {
            return
        }
        guard config.values.chroma == .yuv420, [.vp8, .vp9, .av1].contains(codec),
            format.container?.layout != .matroska
        else {
            return
        }
        throw .unsupported(
            "\(codec.name) in \(format.name) cannot store chroma at the \(location.name) (use mkv or webm)"
        )
    }

    /// A WebCodecs decoder takes AV1 in the low-overhead format only, which every other format keeps its chunks in
    /// (AV1 WebCodecs Registration, section 2).
    private static func checkChunks(_ output: OutputDescription) throws(EncoderConfigError) {
        guard output.chunks != nil, output.format == .obuAnnexB else { return }
        throw .unsupported(
            "\(Setting.chunks) is for WebCodecs, which does not support \(output.format.name) (use obu, ivf, mp4, mkv or webm)"
        )
    }

    /// Whether HDR metadata has a place in an output.
    static func canSayHDR(_ codec: VideoCodec, _ format: OutputFormat) -> Bool {
        codec.hasHDRMetadata && (codec != .vp9 || format.isContainer)
    }

    /// For VP9, only a container stores it.
    private static func checkHDR(
        _ format: OutputFormat,
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) {
        let values = config.values
        let hasMetadata = values.masteringDisplay != nil || values.contentLightLevel != nil
        if hasMetadata, !canSayHDR(config.codec.codec, format) {
            throw .unsupported(
                "VP9 in \(format.name) cannot store HDR metadata (use \(OutputFormat.names(where: \.isContainer)))"
            )
        }
    }

    /// A stream without a container stores what its codec can store; the chunk lines store the rest.
    private static func checkElementary(
        _ format: OutputFormat,
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) {
        let (values, codec) = (config.values, config.codec.codec)
        guard values.orientation == .upright else {
            let others = OutputFormat.names(or: "\(Setting.chunks)", where: \.isContainer)
            throw .unsupported(
                "\(format.name) cannot store a rotation or flip (use \(others))"
            )
        }
        if let ratio = values.pixelAspectRatio, ratio != .square, [.vp8, .vp9].contains(codec) {
            throw .unsupported(
                "\(codec.name) in \(format.name) cannot store a display size (use mkv, webm or \(Setting.chunks))"
            )
        }
    }
}
