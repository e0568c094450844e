internal import VideoTypes

/// The options of libx265 that are not the user's to set, and those that other settings overrule. Whether a name is one at
/// all is for `x265_param_parse` to say.
enum X265Options {
    static let presets = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
    ]
    static let tunes = ["psnr", "ssim", "grain", "zerolatency", "fastdecode", "animation"]

    /// What makes every slice header say exactly the quantizer that was asked for.
    static let constantQuantizer = [("ipratio", "1"), ("pbratio", "1"), ("aq-mode", "0"), ("cutree", "0")]

    /// libx265 takes `_` for `-`, and `no-NAME` for `NAME=0`.
    static func canonical(_ key: String) -> String {
        let dashed = String(key.map { $0 == "_" ? "-" : $0 })
        return aliases[dashed] ?? (dashed.hasPrefix("no-") ? String(dashed.dropFirst(3)) : dashed)
    }

    private static let aliases = ["keyint-max": "keyint", "ip-factor": "ipratio", "pb-factor": "pbratio"]

    /// Whether latency or the quantizer decides.
    static func isOverruled(_ name: String, _ config: ValidatedEncoderConfig) -> Bool {
        let delays = ["bframes", "rc-lookahead", "b-adapt", "frame-threads", "lookahead-slices", "b-pyramid", "cutree"]
        if config.values.latencyMode == .realtime, delays.contains(name) { return true }
        guard case .quantizer = config.rateControl else { return false }
        return ["qpmin", "qpmax", "qpstep", "vbv-maxrate", "vbv-bufsize", "crf-max", "crf-min", "aq-motion"].contains(
            name
        )
    }

    /// Why an option does nothing without others that were not given; `nil` if it does something.
    static func unmetNeed(of name: String, among keys: Set<String>, _ config: ValidatedEncoderConfig) -> String? {
        let ofBuffers = [
            "vbv-maxrate", "vbv-bufsize", "vbv-init", "vbv-end", "vbv-end-fr-adj", "crf-max", "crf-min", "hrd",
            "const-vbv", "max-ausize-factor",
        ]
        var hasBuffer = config.promisesLevel || keys.isSuperset(of: ["vbv-maxrate", "vbv-bufsize"])
        if case .constant = config.rateControl { hasBuffer = true }
        guard ofBuffers.contains(name), !hasBuffer else { return nil }
        return "has no effect without both vbv-maxrate and vbv-bufsize"
    }

    /// Options whose meaning is a setting's or a promise's, and what to use instead.
    static let refused: [String: String] = {
        var reasons: [String: String] = [:]
        func refuse(_ names: String..., instead: String) { for name in names { reasons[name] = instead } }
        refuse("bitrate", instead: "use --bitrate")
        refuse("crf", instead: "use --crf")
        refuse("qp", instead: "use --bitrate-mode quantizer --quantizer")
        refuse("lossless", "cu-lossless", instead: "a lossless stream keeps no level's bit rate")
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
        refuse("sar", "display-window", "overscan", instead: "use --display-size")
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
        refuse("copy-pic", instead: "libx265 would go on reading pictures that are gone")
        return reasons
    }()
}
