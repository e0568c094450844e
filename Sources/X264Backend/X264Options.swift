internal import EncoderCore
internal import VideoTypes

/// The options of libx264 164 (`x264_param_parse`), of which the library itself has no list.
enum X264Options {
    /// How libx264 takes an option.
    enum Place {
        /// By `x264_param_parse`.
        case parameter
        /// As one of the tunes, which are applied before everything else.
        case tune
    }

    static let table = OptionTable(
        "libx264",
        spelling: spelling,
        [.passed("tune", to: .tune)] + plain + ofRateControl + lossy + ofBuffer + refused
    )

    static let spelling = OptionSpelling.loose(aliases: [
        "frameref": "ref", "subq": "subme", "me-range": "merange", "direct-pred": "direct", "filter": "deblock",
        "ip-factor": "ipratio", "pb-factor": "pbratio", "cplx-blur": "cplxblur", "qp-min": "qpmin", "qp-max": "qpmax",
        "qp-step": "qpstep", "keyint-min": "min-keyint", "weight-b": "weightb", "mv-range": "mvrange",
        "mv-range-thread": "mvrange-thread", "analyse": "partitions",
    ])

    private typealias Row = OptionRow<Place>

    private static func option(_ names: String, _ values: OptionValues = .any, needs rules: [OptionRule] = []) -> Row {
        .passed(names, values, to: .parameter, needs: rules)
    }

    // Numbers beyond the ranges, libx264 would take for the nearest, and `psy-rd=x` for `psy-rd=0`.

    private static let plain = [
        option(
            """
            8x8dct alternative-transfer asm aud b-pyramid cabac cabac-idc chroma-me cll constrained-intra
            cpu-independent cqm4 cqm4i cqm4ic cqm4iy cqm4p cqm4pc cqm4py cqm8 cqm8i cqm8p direct dpb-size fast-pskip
            frame-packing keyint lookahead-threads mastering-display me min-keyint mixed-refs mvrange mvrange-thread
            n-deterministic non-deterministic overscan partitions psnr scenecut slice-max-mbs slice-max-size
            slice-min-mbs sliced-threads slices slices-max ssim stitchable videoformat weightb
            """
        ),
        option("b-adapt weightp", .numbers(0...2)),
        option("b-bias", .numbers(-90...100)),
        option("bframes", .numbers(0...16)),
        option("cqm", .names(["flat", "jvt"])),
        option("deblock", .numbers(-6...6)),
        option("merange", .numbers(4...1024)),
        option("rc-lookahead sync-lookahead", .numbers(0...250)),
        option("ref", .numbers(1...16)),
        option("subme", .numbers(0...11)),
    ]

    private static let ofRateControl = [
        // A zone may hold any parameter; those that rate control's bounds are made of must stay.
        option("zones", .form(FrameZones.form) { FrameZones($0) != nil }, needs: [.rateControl]),
        option("nal-hrd", needs: [.pacing, .rateControl]),
        option("ratetol", needs: [.rateControl, .bitrate]),
        option("aq-strength", .numbers(0...3), needs: [.rateControl]),
        option("cplxblur", .numbers(0...999), needs: [.rateControl]),
        option("qblur", .numbers(0...99), needs: [.rateControl]),
        option("qcomp", .numbers(0...1), needs: [.rateControl]),
        option("ipratio pbratio qpstep filler", needs: [.rateControl]),
    ]

    private static let lossy = [
        option("aq-mode", .numbers(0...3), needs: [.quantized]),
        option("chroma-qp-offset", .numbers(-12...12), needs: [.quantized]),
        option("deadzone-inter deadzone-intra", .numbers(0...32), needs: [.quantized]),
        option("nr", .numbers(0...65536), needs: [.quantized]),
        option("psy-rd", .numbers(0...10), needs: [.quantized]),
        option("trellis", .numbers(0...2), needs: [.quantized]),
        option("dct-decimate mbtree psy qpmin", needs: [.quantized]),
        option("qpmax", needs: [.quantized, .levelOfQuality]),
    ]

    private static let ofBuffer = [
        option("vbv-bufsize vbv-init vbv-maxrate", needs: [.pacing, .quantized, .freeBuffer, .vbv]),
        option("crf-max", needs: [.levelOfQuality, .vbv]),
    ]

    /// Options that are a setting's, or that no stream has.
    private static let refused: [Row] = [
        .refused("bitrate", use: "\(Setting.bitrate)"),
        .refused("crf", use: "\(Setting.constantQuality)"),
        .refused("qp qp-constant", use: "\(Setting.bitrateMode) quantizer \(Setting.quantizer)"),
        .refused("fps force-cfr", use: "\(Setting.framerate)"),
        .refused("threads", use: "\(Setting.threads)"),
        .refused("level level-idc profile", use: "\(Setting.codec) avc1.PPCCLL"),
        .refused("colorprim", use: "\(Setting.colorPrimaries)"),
        .refused("transfer", use: "\(Setting.colorTransfer)"),
        .refused("colormatrix", use: "\(Setting.colorMatrix)"),
        .refused("fullrange range", use: "\(Setting.colorRange)"),
        .refused("chromaloc", use: "\(Setting.chromaLocation)"),
        .refused("sar", use: "\(Setting.displaySize)"),
        .refused("annexb repeat-headers global-header", use: "\(Setting.format) annexb or avcc"),
        .refused("preset", use: "\(Setting.preset)"),
        .refused("intra-refresh open-gop", because: "a key frame is an IDR picture"),
        .refused("interlaced tff bff fake-interlaced pic-struct", because: "Sluice encodes frames, not fields"),
        .refused("avcintra-class avcintra-flavor bluray-compat", because: "it changes the profile and the format"),
        .refused("crop-rect", because: "the coded size is the size of the frames"),
        .refused("pass stats dump-yuv opencl-clbin opencl opencl-device", because: "it works on other files"),
        .refused("log log-level", use: "\(Setting.logger)"),
        .refused("sps-id", because: "parameter sets are numbered 0"),
    ]
}

// Options that libx264 would take and not carry out, or that would undo a promise while it encodes.
extension OptionRule {
    /// Without a frame rate, frames that come out at once leave rate control no time to keep a buffer.
    fileprivate static let pacing = unless(
        { !$0.pacesByTimestamps },
        .because("needs a framerate where frames come out at once")
    )

    fileprivate static let rateControl = OptionRule { given in
        given.config.isFreeOfRateControl ? .with("\(given.config.fixedBy), which has no rate control") : nil
    }

    fileprivate static let quantized = unless({ !$0.isLossless }, .with("lossless"))

    /// A promised level bounds the bit rate, which this would let exceed it.
    fileprivate static let levelOfQuality = OptionRule { given in
        let config = given.config
        guard config.promisesLevel, !config.isFreeOfRateControl else { return nil }
        return .because("would let the bit rate exceed the level of \(config.values.codec)")
    }
}
