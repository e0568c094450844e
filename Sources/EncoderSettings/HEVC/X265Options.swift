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

/// The options of libx265 that are not the user's to set, and those that other settings overrule. Whether a name is one at
/// all is for `x265_param_parse` to say.
enum X265Options {
    static let presets = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
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

    /// What makes every slice header say exactly the quantizer that was asked for.
    static let constantQuantizer = [("ipratio", "1"), ("pbratio", "1"), ("aq-mode", "0"), ("cutree", "0")]

    /// What a stream of one picture needs: nothing to refer to, and nothing to wait for.
    static let stillPicture = [("ref", "1"), ("bframes", "0"), ("rc-lookahead", "0"), ("keyint", "1")]

    /// libx265 takes `_` for `-`, and `no-NAME` for `NAME=0`.
    static func canonical(_ key: String) -> String {
        let dashed = String(key.map { $0 == "_" ? "-" : $0 })
        return aliases[dashed] ?? (dashed.hasPrefix("no-") ? String(dashed.dropFirst(3)) : dashed)
    }

    private static let aliases = ["keyint-max": "keyint", "ip-factor": "ipratio", "pb-factor": "pbratio"]

    /// The size that is coded: whole coding units of the smallest size, 8 unless an option says more.
    static func codedSize(_ config: ValidatedEncoderConfig) -> PictureSize {
        let options = config.values.encoderOptions.last { canonical($0.key) == "min-cu-size" }
        let unit = max(8, options.flatMap { Int($0.value) } ?? 8)
        func whole(_ side: Int) -> Int { (side + unit - 1) / unit * unit }
        return PictureSize(width: whole(config.size.width), height: whole(config.size.height))
    }

    /// Whether latency or the quantizer decides.
    static func isOverruled(_ name: String, _ config: ValidatedEncoderConfig) -> Bool {
        let delays = ["bframes", "rc-lookahead", "b-adapt", "frame-threads", "lookahead-slices", "b-pyramid", "cutree"]
        if config.values.latencyMode == .realtime, delays.contains(name) { return true }
        guard case .quantizer = config.rateControl else { return false }
        return ofRateControl.contains(name) || (config.values.lossless && lossy.contains(name))
    }

    /// Options that do nothing where the quantizer is fixed.
    private static let ofRateControl: Set<String> = [
        "qpmin", "qpmax", "qpstep", "vbv-maxrate", "vbv-bufsize", "crf-max", "crf-min", "aq-motion", "zones", "qcomp",
        "qblur", "cplxblur", "rc-grain", "hevc-aq", "cutree", "aq-mode", "ipratio", "pbratio",
    ]
    /// Options that do nothing where nothing is quantized.
    private static let lossy: Set<String> = [
        "psy-rd", "psy-rdoq", "rdoq-level", "cbqpoffs", "crqpoffs", "nr-intra", "nr-inter", "sao", "deblock", "tskip",
        "signhide",
    ]

    /// Numbers beyond these, libx265 3.5 refuses without a word.
    static let ranges = OptionRanges([
        "aq-mode": 0...4, "aq-strength": 0...3, "b-adapt": 0...2, "bframe-bias": -90...100, "bframes": 0...16,
        "cbqpoffs": -12...12, "crqpoffs": -12...12, "ctu": 16...64, "deblock": -6...6, "frame-threads": 0...16,
        "limit-refs": 0...3, "limit-tu": 0...4, "lookahead-slices": 0...16, "max-merge": 1...5, "max-tu-size": 4...32,
        "merange": 0...32767, "min-cu-size": 8...32, "nr-inter": 0...2000, "nr-intra": 0...2000, "psy-rd": 0...5,
        "psy-rdoq": 0...50, "qcomp": 0.5...1, "qg-size": 8...64, "qpmax": 0...69, "qpmin": 0...69,
        "rc-lookahead": 0...250, "rd": 1...6, "rdoq-level": 0...2, "ref": 1...16, "rskip": 0...2,
        "rskip-edge-threshold": 0...100, "scenecut-bias": 0...100, "selective-sao": 0...4, "subme": 0...7,
        "tu-inter-depth": 1...4, "tu-intra-depth": 1...4,
    ])

    /// Options whose meaning is a setting's or a promise's, and what to use instead.
    static let refused: [String: String] = {
        var reasons: [String: String] = [:]
        func refuse(_ names: String..., instead: String) { for name in names { reasons[name] = instead } }
        refuse("bitrate", instead: "use --bitrate")
        refuse("crf", instead: "use --crf")
        refuse("qp", instead: "use --bitrate-mode quantizer --quantizer")
        refuse("lossless", "cu-lossless", instead: "use --lossless")
        refuse(
            "fps",
            "input-res",
            "input-csp",
            "input-depth",
            "output-depth",
            "frames",
            "seek",
            "total-frames",
            instead: "the configuration says it"
        )
        refuse("pools", "numa-pools", "threads", instead: "use --threads")
        refuse(
            "level",
            "level-idc",
            "high-tier",
            "profile",
            "allow-non-conformance",
            "uhd-bd",
            instead: "use --codec hvc1.P.F.TL.C"
        )
        refuse("colorprim", instead: "use --color-primaries")
        refuse("transfer", instead: "use --color-transfer")
        refuse("colormatrix", instead: "use --color-matrix")
        refuse("range", instead: "use --color-range")
        refuse("chromaloc", instead: "use --chroma-location")
        refuse("sar", "display-window", "crop-rect", "overscan", instead: "use --display-size")
        refuse("master-display", instead: "use --mastering-display")
        refuse("max-cll", "hdr", "hdr10", instead: "use --max-cll")
        refuse("keyint", instead: "use --key-frame-interval")
        refuse("annexb", "repeat-headers", "info", instead: "use --format annexb or mp4")
        refuse("preset", instead: "use --preset")
        refuse(
            "open-gop",
            "intra-refresh",
            "radl",
            "idr-recovery-sei",
            "opts",
            instead: "a key frame is an IDR picture"
        )
        refuse(
            "interlace",
            "field",
            "interlaceMode",
            "frame-dup",
            "temporal-layers",
            instead: "one frame in is one picture out"
        )
        refuse(
            "log-level",
            "log",
            "csv",
            "csv-log-level",
            "recon",
            "recon-depth",
            "recon-y4m-exec",
            instead: "use --log-level"
        )
        refuse(
            "pass",
            "stats",
            "multi-pass-opt-analysis",
            "multi-pass-opt-distortion",
            "analysis-save",
            "analysis-load",
            "analysis-reuse-file",
            "lambda-file",
            "scaling-list",
            "qpfile",
            "zonefile",
            "dhdr10-info",
            "dolby-vision-rpu",
            "dolby-vision-profile",
            "vmaf",
            "nalu-file",
            "film-grain",
            instead: "it works on other files"
        )
        refuse(
            "refine-intra",
            "refine-inter",
            "refine-mv",
            "refine-mv-type",
            "refine-ctu-distortion",
            "refine-analysis-type",
            "dynamic-refine",
            "scale-factor",
            "analysis-reuse-level",
            instead: "it works on other files"
        )
        refuse("ctu-info", instead: "libx265 would wait for it forever")
        refuse("chunk-start", "chunk-end", instead: "one frame in is one picture out")
        refuse("copy-pic", instead: "libx265 would go on reading pictures that are gone")
        return reasons
    }()
}
