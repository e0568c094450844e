internal import ArgumentParser
internal import Places
internal import Sluice

struct EncoderFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A codec string, which sets profile and level, such as avc1.640028, hvc1.1.6.L120.90, vp8, vp09.00.40.08 or av01.0.08M.08; or h264, hevc, vp8, vp9 or av1 for the lowest profile and level that fit. (default: h264, or hevc for out.hevc)",
            valueName: "codec"
        )
    )
    var codec: String?

    @Option(
        help: "Target bit rate, in bits a second: 5M, 800k.",
        transform: expecting("bits a second, such as 800k or 5M")
    )
    var bitrate: Bitrate?

    @Option(
        help:
            "Rate control; quantizer: the bit rate is not controlled. (default: variable, or quantizer with --quantizer)"
    )
    var bitrateMode: BitrateMode?

    @Option(
        help: "The exact quantizer of every frame: 0 to 51 for H.264 and HEVC, 0 to 63 for VP8, VP9 and AV1.",
        transform: expecting("a whole number, 0 or more")
    )
    var quantizer: Int?

    @Option(
        help:
            "The quantizer in the bitstream's scale: 0 to 127 for VP8, 0 to 255 for VP9 and AV1; the nearest available value is used.",
        transform: expecting("a whole number, 0 or more")
    )
    var qindex: Int?

    @Option(
        help: "Constant quality, in the scale of --quantizer; lower is better. (default, without a bit rate: 23 to 32)",
        transform: expecting("a number, 0 or more")
    )
    var crf: Double?

    @Flag(
        help:
            "Every decoded sample equals the input: H.264, HEVC, VP9 and AV1. RGB is coded as RGB (matrix rgb, 4:4:4); a lossy conversion is refused."
    )
    var lossless = false

    @Option(help: "realtime: one frame in, one out; no B-frames, no lookahead.")
    var latencyMode = LatencyMode.quality

    @Option(
        help:
            "Type of content: text for screens and slides, detail, or motion; an encoder without a tuning for it is refused."
    )
    var contentHint: ContentHint?

    @Option(
        help: ArgumentHelp(
            "Temporal layers: L1T1, L1T2 or L1T3. The upper ones can be dropped (sluice layers).",
            valueName: "mode"
        ),
        transform: expecting("L1T1, L1T2 or L1T3")
    )
    var scalabilityMode = ScalabilityMode.l1t1

    @Option(help: "Whether to try a hardware encoder first. Falls back to software with a warning.")
    var hardwareAcceleration = HardwareAcceleration.noPreference

    @Option(
        help: ArgumentHelp(
            "The name of the encoder: libx264, libvpx, libaom, libx265, libsvtav1, h264_nvenc … (sluice probe lists them).",
            valueName: "name"
        )
    )
    var encoder: String?

    @Option(
        help: "Maximum distance between key frames, in frames. (default: the encoder's)",
        transform: expecting("a whole number, 1 or more")
    )
    var keyFrameInterval: Int?

    @Option(
        help:
            "The encoder's preset: ultrafast to placebo for libx264 and libx265; for others a number, from slow to fast: libvpx 0 to 5, libaom 0 to 6, libsvtav1 0 to 12, librav1e 0 to 10; in realtime libvpx 0 to 9 (VP8 1 to 16), libaom 5 to 10."
    )
    var preset: String?

    @Option(
        help: ArgumentHelp(
            "An option under the encoder's own name; can be repeated. Frame numbers in it count from the first encoded frame.",
            valueName: "key=value"
        ),
        transform: expecting("KEY=VALUE")
    )
    var encoderOption: [EncoderOption] = []

    @Option(
        help: ArgumentHelp(
            "JSON lines with options for single frames: {\"frame\":12,\"keyFrame\":true,\"quantizer\":20}; or with all frames' times: \"timestamp\" and \"duration\", in microseconds.",
            valueName: "file"
        )
    )
    var frameOptions: String?

    @Option(
        help: "Encoder threads. (default: chosen by the encoder)",
        transform: expecting("a whole number, 1 or more")
    )
    var threads: Int?

    func validate() throws {
        if quantizer != nil, qindex != nil {
            throw ValidationError("--quantizer and --qindex exclude each other")
        }
    }

    /// Reads the options of single frames into a job. Signals are watched meanwhile, because they may come from a pipe.
    func readFrameOptions(for job: inout EncodeJob, _ interrupt: Interrupt) throws(Failure) {
        guard let frameOptions else { return }
        let codec = try? CodecRequest(job.config.codec).codec
        let (input, path) = (job.input, FilePath(spelled: frameOptions))
        let contents = try Failure.asFailure { () throws(JobError) in
            try FrameOptionsFile.read(
                path,
                for: codec,
                interrupt: interrupt,
                firstFrame: input.selection.skip,
                timeout: input.timeout
            )
        }
        job.frameOptions = contents.options
        if let times = contents.times {
            guard input.frameTimes == nil else {
                throw .usage("the times of --frame-options and --frame-times exclude each other")
            }
            job.input.frameTimes = times
        }
        job.otherInputs.append(FilePath(spelled: frameOptions))
    }

    /// The requested codec: short names exist only on the command line.
    private var selection: CodecSelection? {
        codec.map { codec in VideoCodec(name: codec).map { .lowest($0) } ?? .exact(codec) }
    }

    /// The settings; the picture's own are added when the input is known.
    ///
    /// - Parameter output: Its file name may imply a codec.
    func config(for output: OutputFlags) throws(Failure) -> EncoderConfig {
        let selection = selection ?? .lowest(output.codecOfName ?? .h264)
        if let asked = try? CodecRequest(selection).codec { try output.checkName(is: asked) }
        var config = EncoderConfig(codec: selection, width: 0, height: 0)
        config.bitrate = bitrate?.bitsPerSecond
        config.bitrateMode = bitrateMode ?? (quantizer == nil && qindex == nil ? .variable : .quantizer)
        config.quantizer = quantizer
        config.quantizerIndex = qindex
        config.constantQuality = crf
        config.lossless = lossless
        config.contentHint = contentHint
        config.latencyMode = latencyMode
        config.scalabilityMode = scalabilityMode
        config.hardwareAcceleration = hardwareAcceleration
        config.encoder = encoder
        config.keyFrameInterval = keyFrameInterval
        config.preset = preset
        config.encoderOptions = encoderOption
        config.threads = threads
        return config
    }
}
