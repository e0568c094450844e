internal import EncoderCore
internal import VideoTypes

extension ContentHint {
    /// The tune of libx265 that is nearest; `nil` for none.
    var x265Tune: String? {
        switch self {
        case .text: "animation"
        case .detail: "grain"
        case .motion: nil
        }
    }
}

/// The options of libx265 that Sluice knows something about. Whether another name is one at all is for `x265_param_parse` to
/// decide.
enum X265Options {
    static let presets = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow",
        "placebo",
    ]
    /// Reference pictures of a preset (x265 3.5, `x265_param_default_preset`).
    static func references(ofPreset preset: String) -> Int {
        switch preset {
        case "ultrafast", "superfast": 1
        case "veryfast", "faster": 2
        case "fast", "medium": 3
        case "slow": 4
        default: 5
        }
    }

    static let tunes = ["psnr", "ssim", "grain", "zerolatency", "fastdecode", "animation"]

    /// The options that give every slice header exactly the requested quantizer.
    static let constantQuantizer = [("ipratio", "1"), ("pbratio", "1"), ("aq-mode", "0"), ("cutree", "0")]

    /// The options for a stream of one picture: no references, no delay.
    static let stillPicture = [("ref", "1"), ("bframes", "0"), ("rc-lookahead", "0"), ("keyint", "1")]

    /// The size that is coded: whole coding units of the smallest size, 8 unless an option sets a larger one.
    static func codedSize(_ config: ValidatedEncoderConfig) -> PictureSize {
        let options = config.values.encoderOptions.last { spelling.name($0.key) == "min-cu-size" }
        let unit = max(8, options.flatMap { Int($0.value) } ?? 8)
        func whole(_ side: Int) -> Int { (side + unit - 1) / unit * unit }
        return PictureSize(width: whole(config.size.width), height: whole(config.size.height))
    }

    static let table = OptionTable("libx265", spelling: spelling, others: (), passed + needy + refused)
    static let spelling = OptionSpelling.loose(
        aliases: ["keyint-max": "keyint", "ip-factor": "ipratio", "pb-factor": "pbratio"]
    )
    private typealias Row = OptionRow<Void>

    /// Numbers beyond the ranges, libx265 3.5 refuses without a reason.
    private static let passed: [Row] = [
        .passed("ctu", .numbers(16...64)),
        .passed("limit-refs", .numbers(0...3)),
        .passed("limit-tu selective-sao", .numbers(0...4)),
        .passed("max-merge", .numbers(1...5)),
        .passed("max-tu-size", .numbers(4...32)),
        .passed("merange", .numbers(0...32767)),
        .passed("min-cu-size", .numbers(8...32)),
        .passed("qg-size", .numbers(8...64)),
        .passed("rd", .numbers(1...6)),
        .passed("ref", .numbers(1...16)),
        .passed("rskip", .numbers(0...2)),
        .passed("subme", .numbers(0...7)),
        .passed("tu-inter-depth tu-intra-depth", .numbers(1...4)),
        // What realtime decides.
        .passed("bframes frame-threads lookahead-slices", .numbers(0...16), needs: [.delay]),
        .passed("b-adapt", .numbers(0...2), needs: [.delay]),
        .passed("rc-lookahead", .numbers(0...250), needs: [.delay]),
        // What a fixed quantizer decides.
        .passed("aq-mode", .numbers(0...4), needs: [.freeQuantizer]),
        .passed("qcomp", .numbers(0.5...1), needs: [.freeQuantizer]),
        .passed("qpmax qpmin", .numbers(0...69), needs: [.freeQuantizer]),
        .passed("zones", .form(FrameZones.form) { FrameZones($0) != nil }, needs: [.freeQuantizer]),
        .passed("cutree", needs: [.delay, .freeQuantizer]),
        .passed("qpstep aq-motion qblur cplxblur rc-grain hevc-aq ipratio pbratio", needs: [.freeQuantizer]),
        // Options without an effect in lossless coding.
        .passed("cbqpoffs crqpoffs", .numbers(-12...12), needs: [.lossy]),
        .passed("deblock", .numbers(-6...6), needs: [.lossy]),
        .passed("nr-inter nr-intra", .numbers(0...2000), needs: [.lossy]),
        .passed("psy-rd", .numbers(0...5), needs: [.lossy]),
        .passed("rdoq-level", .numbers(0...2), needs: [.lossy]),
        .passed("sao tskip signhide", needs: [.lossy]),
    ]

    private static let slow: Set = ["slow", "slower", "veryslow", "placebo"]
    private static let slower: Set = ["slower", "veryslow", "placebo"]
    private static let withAQ = Set(presets).subtracting(["ultrafast"])
    private static let withSAO = withAQ.subtracting(["superfast"])

    /// Options without an effect unless another one is set.
    private static let needy: [Row] = [
        .passed("vbv-maxrate vbv-bufsize crf-max crf-min", needs: [.vbv, .freeQuantizer]),
        .passed("vbv-init vbv-end vbv-end-fr-adj hrd const-vbv max-ausize-factor dynamic-rd", needs: [.vbv]),
        .passed("min-vbv-fullness max-vbv-fullness", needs: [.vbv]),
        .passed("strict-cbr", needs: [.constantBitrate]),
        .passed("bframe-bias", .numbers(-90...100), needs: [.bFrames]),
        .passed("b-intra", needs: [.bFrames]),
        .passed("b-pyramid", needs: [.bFrames, .delay]),
        .passed("psy-rdoq", .numbers(0...50), needs: [.atLeast(1, "rdoq-level", in: slow), .lossy]),
        .passed("aq-strength", .numbers(0...3), needs: [.adaptiveQuantization, .atLeast(1, "aq-mode", in: withAQ)]),
        .passed("rskip-edge-threshold", .numbers(0...100), needs: [.atLeast(2, "rskip")]),
        .passed("hme-search hme-range", needs: [.atLeast(1, "hme")]),
        .passed("limit-sao sao-non-deblock", needs: [.atLeast(1, "sao", in: withSAO)]),
        .passed("rd-refine", needs: [.atLeast(5, "rd", in: slower)]),
        .passed("tskip-fast", needs: [.atLeast(1, "tskip")]),
        .passed("scenecut-bias", .numbers(0...100), needs: [.atLeast(1, "scenecut", in: withAQ)]),
        .passed("hist-threshold", needs: [.atLeast(1, "hist-scenecut")]),
        .passed("amp", needs: [.atLeast(1, "rect", in: slow)]),
        .passed("qp-adaptation-range", needs: [.atLeast(1, "hevc-aq")]),
    ]

    /// Options that are a setting's, or that no stream has.
    private static let refused: [Row] = [
        .refused("bitrate", use: "\(Setting.bitrate)"),
        .refused("crf", use: "\(Setting.constantQuality)"),
        .refused("qp", use: "\(Setting.bitrateMode) quantizer \(Setting.quantizer)"),
        .refused("lossless cu-lossless", use: "\(Setting.lossless)"),
        .refused("fps", use: "\(Setting.framerate)"),
        .refused("input-res input-csp input-depth output-depth", because: "the frames decide it"),
        .refused("frames seek total-frames", use: "\(Setting.frames)"),
        .refused("pools numa-pools threads", use: "\(Setting.threads)"),
        .refused(
            "level level-idc high-tier profile allow-non-conformance uhd-bd",
            use: "\(Setting.codec) hvc1.P.F.TL.C"
        ),
        .refused("colorprim", use: "\(Setting.colorPrimaries)"),
        .refused("transfer", use: "\(Setting.colorTransfer)"),
        .refused("colormatrix", use: "\(Setting.colorMatrix)"),
        .refused("range", use: "\(Setting.colorRange)"),
        .refused("chromaloc", use: "\(Setting.chromaLocation)"),
        .refused("sar display-window crop-rect overscan", use: "\(Setting.displaySize)"),
        .refused("master-display", use: "\(Setting.masteringDisplay)"),
        .refused("max-cll hdr hdr10", use: "\(Setting.contentLightLevel)"),
        .refused("keyint", use: "\(Setting.keyFrameInterval)"),
        .refused("annexb repeat-headers info", use: "\(Setting.format) annexb or mp4"),
        .refused("preset", use: "\(Setting.preset)"),
        .refused("open-gop intra-refresh radl idr-recovery-sei opts", because: "a key frame is an IDR picture"),
        .refused("interlace field interlaceMode frame-dup", because: "one frame in is one picture out"),
        .refused("temporal-layers chunk-start chunk-end", because: "one frame in is one picture out"),
        .refused("log-level log csv csv-log-level recon recon-depth recon-y4m-exec", use: "\(Setting.logger)"),
        .refused(
            """
            pass stats multi-pass-opt-analysis multi-pass-opt-distortion analysis-save analysis-load
            analysis-reuse-file analysis-reuse-level lambda-file scaling-list qpfile zonefile dhdr10-info
            dolby-vision-rpu dolby-vision-profile vmaf nalu-file film-grain refine-intra refine-inter refine-mv
            refine-mv-type refine-ctu-distortion refine-analysis-type dynamic-refine scale-factor
            """,
            because: "it works on other files"
        ),
        .refused("ctu-info", because: "libx265 would wait for it forever"),
        .refused("copy-pic", because: "libx265 would go on reading pictures that are gone"),
    ]
}

extension OptionRule {
    /// Frames may come out late.
    fileprivate static let delay = unless(
        { $0.values.latencyMode != .realtime },
        .contradicts("\(Setting.latencyMode) realtime, which sets it")
    )

    fileprivate static let bFrames = OptionRule { $0.values["bframes"] == "0" ? .with("bframes=0") : nil }

    /// A fixed quantizer is one without adaptive quantization.
    fileprivate static let adaptiveQuantization = OptionRule { given in
        if case .quantizer = given.config.rateControl { .without("aq-mode=1") } else { nil }
    }

    /// Another option is at least this, or a preset sets it.
    fileprivate static func atLeast(_ least: Int, _ name: String, in presets: Set<String> = []) -> OptionRule {
        OptionRule { given in
            let isMet =
                switch given.values[name] {
                case nil: presets.contains(given.config.values.preset ?? "medium")
                case let value?: Int(value).map { $0 >= least } ?? (value != "false")
                }
            let orMore = least > 1 && name != "rskip" ? " or more" : ""
            return isMet ? nil : .without("\(name)=\(least)\(orMore)")
        }
    }
}
