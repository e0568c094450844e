internal import ArgumentParser
internal import CPosix
internal import Sluice

struct InputFlags: ParsableArguments {
    @Argument(help: "The input: a file, a FIFO, or - for standard input.")
    var input = "-"

    @Option(name: [.short, .long], help: "Size of raw frames, as WIDTHxHEIGHT.")
    var size: PictureSize?

    @Option(name: [.customShort("r"), .long], help: "Frames a second: 30, 30000/1001 or 23.976.")
    var framerate: FrameRate?

    @Option(name: [.customShort("p"), .long], help: "How the pixels of raw frames stand.")
    var pixelFormat: PixelFormat?

    @Option(help: "How frames are framed. Y4M brings its own size, rate and format.")
    var inputFormat = InputFormat.auto

    @Option(help: "Bytes from one row of a raw frame's first plane to the next, if rows have gaps.")
    var stride: Int?

    @Option(help: "Frames to pass over at the beginning.")
    var skip = 0

    @Option(help: "Frames to encode; an input with fewer is an error, the rest of a longer one is left unread.")
    var frames: Int?

    @Option(help: "Frames that there must be: fewer or more are an error.")
    var expectFrames: Int?

    @Flag(help: "Keep the whole frames of an input that ends within a frame.")
    var acceptPartial = false

    @Flag(help: "Compute the SHA-256 of what is read, for the receipt.")
    var digest = false

    func validate() throws {
        guard skip >= 0 else { throw ValidationError("--skip \(skip) is negative") }
        if let frames, frames < 1 { throw ValidationError("--frames \(frames) leaves nothing to encode") }
        if let expectFrames, expectFrames < 1 {
            throw ValidationError("--expect-frames \(expectFrames) can never hold")
        }
        if let frames, let expectFrames, frames != expectFrames {
            throw ValidationError("--frames \(frames) and --expect-frames \(expectFrames) contradict each other")
        }
        if let stride, stride < 1 { throw ValidationError("--stride \(stride) is not a number of bytes") }
    }

    var description: InputDescription {
        var description = InputDescription(input == "-" ? .standardInput : .path(FilePath(input)))
        description.format = inputFormat
        description.size = size
        description.framerate = framerate
        description.pixelFormat = pixelFormat
        description.stride = stride
        description.selection.skip = skip
        description.selection.count = frames
        description.selection.expected = expectFrames
        description.selection.acceptPartial = acceptPartial
        description.hasDigest = digest
        return description
    }
}

struct EncoderFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A codec string whose profile and level the bitstream keeps, such as avc1.640028, hvc1.1.6.L120.90, vp8, vp09.00.40.08 or av01.0.08M.08; or h264, hevc, vp8, vp9 or av1 for the lowest that fit.",
            valueName: "codec"
        )
    )
    var codec = "h264"

    @Option(help: "Target bit rate, in bits a second: 5M, 800k.")
    var bitrate: Bitrate?

    @Option(help: "How the bit rate is kept; quantizer: not at all. (default: variable, or quantizer with --quantizer)")
    var bitrateMode: BitrateMode?

    @Option(help: "The quantizer of every frame, exactly: 0 to 51 for H.264 and HEVC, 0 to 63 for VP8, VP9 and AV1.")
    var quantizer: Int?

    @Option(
        help: "The same in the bitstream's scale: 0 to 127 for VP8, 0 to 255 for VP9 and AV1; the nearest there is."
    )
    var qindex: Int?

    @Option(
        help: "Constant quality, in the scale of --quantizer; lower is better. (default, without a bit rate: 23 to 32)"
    )
    var crf: Double?

    @Option(help: "realtime: one frame in, one out; no B-frames, no lookahead.")
    var latencyMode = LatencyMode.quality

    @Option(
        help: ArgumentHelp(
            "Temporal layers: L1T1, L1T2 or L1T3. The upper ones can be dropped (sluice layers).",
            valueName: "mode"
        )
    )
    var scalabilityMode = ScalabilityMode.l1t1

    @Option(help: "Whether an encoder in hardware is tried first; without one that works, software is used, and said.")
    var hardwareAcceleration = HardwareAcceleration.noPreference

    @Option(
        help: ArgumentHelp(
            "The encoder, by name: libx264, libvpx, libaom, libx265, libsvtav1, h264_nvenc … (sluice probe lists them).",
            valueName: "name"
        )
    )
    var encoder: String?

    @Option(help: "The longest distance between key frames, in frames. (default: the encoder's)")
    var keyFrameInterval: Int?

    @Option(
        help: "The encoder's preset: ultrafast to placebo for libx264 and libx265, else a number, from slow to fast."
    )
    var preset: String?

    @Option(
        help: ArgumentHelp("An option in the encoder's own words; may be given again.", valueName: "key=value")
    )
    var encoderOption: [EncoderOption] = []

    @Option(
        help: ArgumentHelp(
            "JSON lines with options for single frames: {\"frame\":12,\"keyFrame\":true,\"quantizer\":20}.",
            valueName: "file"
        )
    )
    var frameOptions: String?

    @Option(help: "Threads of the encoder. (default: the encoder's choice)")
    var threads: Int?

    func validate() throws {
        if quantizer != nil, qindex != nil {
            throw ValidationError("--quantizer and --qindex say the same thing twice")
        }
    }

    /// The codec as it is asked for: a short name is this command line's own.
    var selection: CodecSelection { VideoCodec(rawValue: codec).map { .lowest($0) } ?? .exact(codec) }

    /// The settings; the picture's own are added when the input is known.
    var config: EncoderConfig {
        var config = EncoderConfig(codec: selection, width: 0, height: 0)
        config.bitrate = bitrate?.bitsPerSecond
        config.bitrateMode = bitrateMode ?? (quantizer == nil && qindex == nil ? .variable : .quantizer)
        config.quantizer = quantizer
        config.quantizerIndex = qindex
        config.constantQuality = crf
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

struct PictureFlags: ParsableArguments {
    @Option(help: "Size to scale the picture to.")
    var scale: PictureSize?

    @Option(help: "What to do about an odd width or height, which H.264 and HEVC cannot say in 4:2:0.")
    var oddSize = OddSizePolicy.refuse

    @Option(
        help: "Chroma of the coded picture. (default: 420, unless the codec string asks for more and the input has it)"
    )
    var chroma: ChromaSubsampling?

    @Option(
        help:
            "Bits of a coded sample: 8, 10 or 12. (default: what the codec string says; else 8, or 10 for deeper input)"
    )
    var bitDepth: Int?

    @Option(help: "Whether transparency is kept, for VP8 and VP9 in WebM or MKV.")
    var alpha = AlphaOption.discard

    @Option(help: ArgumentHelp("The color behind transparent input, where alpha is discarded.", valueName: "rrggbb"))
    var background: RGBColor?

    @Flag(help: "The input's colors are multiplied by its alpha already.")
    var premultiplied = false

    @Option(help: "Degrees clockwise by which a player is to turn the picture: 0, 90, 180 or 270; written, not done.")
    var rotation = Orientation.Rotation.none

    @Flag(help: "A player is to mirror the picture, left to right, after turning it; written, not done.")
    var flip = false

    @Option(
        help: ArgumentHelp(
            "The mastering display, for HDR10, as x265 has it: G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min).",
            valueName: "display"
        )
    )
    var masteringDisplay: MasteringDisplay?

    @Option(help: ArgumentHelp("The brightest pixel and the brightest picture, in cd/m².", valueName: "cll,fall"))
    var maxCll: ContentLightLevel?

    @Option(help: "Size at which the picture is to be shown, as its sample aspect ratio.")
    var displaySize: PictureSize?

    @Option(help: "Color primaries, by their WebCodecs name or H.273 number; written, not converted.")
    var colorPrimaries: ColorPrimaries?

    @Option(help: "Transfer characteristics; written, not converted.")
    var colorTransfer: TransferCharacteristics?

    @Option(help: "Matrix: RGB is converted with it, YUV is taken to have it. (default: bt709 for RGB)")
    var colorMatrix: MatrixCoefficients?

    @Option(help: "Range: RGB is converted to it, YUV is taken to have it. (default: limited)")
    var colorRange: ColorRange?

    @Option(help: "Where 4:2:0 chroma is sited: RGB is converted to it, YUV is taken to have it. (default: left)")
    var chromaLocation: ChromaSiting?

    var picture: PictureOptions {
        var options = PictureOptions()
        options.scale = scale
        options.oddSize = oddSize
        options.chroma = chroma
        options.bitDepth = bitDepth
        options.background = background
        options.isPremultiplied = premultiplied
        options.displaySize = displaySize
        return options
    }

    /// Adds what the flags say of the picture to the encoder's settings.
    func apply(to config: inout EncoderConfig) {
        config.alpha = alpha
        config.orientation = Orientation(rotation: rotation, flip: flip)
        config.masteringDisplay = masteringDisplay
        config.contentLightLevel = maxCll
    }

    var color: ColorOptions {
        var options = ColorOptions()
        options.primaries = colorPrimaries
        options.transfer = colorTransfer
        options.matrix = colorMatrix
        options.fullRange = colorRange.map { $0 == .full }
        options.chromaLocation = chromaLocation?.location
        return options
    }
}

struct OutputFlags: ParsableArguments {
    @Option(name: [.short, .long], help: "The output: a file, or - for standard output.")
    var output: String?

    @Option(help: "The output's format. (default: by the file name's extension)")
    var format: OutputFormat?

    @Flag(help: "Write MP4 in fragments, as it is to a pipe in any case.")
    var fragment = false

    @Option(
        help: ArgumentHelp("Write the decoder configuration record (avcC, hvcC) here; for avcc.", valueName: "file")
    )
    var description: String?

    @Option(
        help: ArgumentHelp("Write a JSON line for each chunk here, as a WebCodecs decoder needs it.", valueName: "file")
    )
    var chunks: String?

    @Option(help: ArgumentHelp("Write what was done here, as JSON.", valueName: "file"))
    var receipt: String?

    @Flag(help: "Replace existing files, once the new ones are whole.")
    var overwrite = false

    static func destination(_ name: String) -> ByteSink.Destination {
        ["-", "/dev/stdout"].contains(name) ? .standardOutput : .path(FilePath(name))
    }

    /// Standard output carries data, so that words for programs go elsewhere.
    var usesStandardOutput: Bool {
        [output, description, chunks, receipt].contains { $0.map(Self.destination) == .standardOutput }
    }

    func describe() throws(Failure) -> OutputDescription {
        for name in [output, description, chunks, receipt] where name == "" {
            throw .usage("an output's name is empty")
        }
        guard let output else { throw .usage("there is no output: --output FILE, or -o - for standard output") }
        var result = OutputDescription(Self.destination(output), format: try outputFormat(of: output))
        result.overwrite = overwrite
        result.fragment = fragment
        result.description = description.map(Self.destination)
        result.chunks = chunks.map(Self.destination)
        result.receipt = receipt.map(Self.destination)
        guard description == nil || result.format == .avcc else {
            throw .usage("--description needs --format avcc; annexb carries its parameter sets in the stream")
        }
        return result
    }

    private func outputFormat(of output: String) throws(Failure) -> OutputFormat {
        if let format { return format }
        guard let format = OutputFormat(extension: FilePath(output).extension ?? "") else {
            let formats = OutputFormat.allCases.map(\.rawValue).joined(separator: " or ")
            guard output != "-" else { throw .usage("standard output does not tell its format: --format \(formats)") }
            throw .usage("\(output) does not tell its format: --format \(formats), or a name in .h264 or .avcc")
        }
        return format
    }
}

struct RunningFlags: ParsableArguments {
    @Option(help: "Pictures that wait for the encoder, at most.")
    var queueDepth = 16

    @Option(help: "Memory for pictures and chunks in flight, at most; the encoder's own comes on top. (default: 32M)")
    var maxMemory: MemorySize?

    @Option(help: "How to say how far it is; auto: a line on a terminal, plain lines elsewhere.")
    var progress = ProgressStyle.auto

    @Option(help: ArgumentHelp("The descriptor that progress goes to.", valueName: "n"))
    var progressFd: Int32 = 2

    @Flag(help: "Give the result, or the failure, as one JSON object on standard output.")
    var json = false

    @Option(help: "The least serious messages to show.")
    var logLevel = LogLevel.warning

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        guard (1...4096).contains(queueDepth) else {
            throw ValidationError("--queue-depth \(queueDepth) is not in 1...4096")
        }
        // Nothing of ours is open yet, so that what is open is meant.
        guard progressFd > 0, cposix_is_open(progressFd) else {
            throw ValidationError("--progress-fd \(progressFd) is not a descriptor that is open for writing")
        }
    }

    var bounds: PipelineBounds {
        var bounds = PipelineBounds()
        bounds.queueDepth = queueDepth
        bounds.maxBytes = maxMemory?.bytes
        return bounds
    }
}
