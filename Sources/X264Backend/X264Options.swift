internal import VideoTypes

/// The options of libx264 164 (`x264_param_parse`), of which the library itself gives no list, and what Sluice says to
/// each.
enum X264Options {
    /// What becomes of an option that the user gives.
    enum Treatment: Equatable {
        /// It goes to `x264_param_parse`.
        case passedOn
        /// It is one of the tunes, which are applied before everything else.
        case tune
        /// It is Sluice's to decide; the text says where.
        case refused(String)
        /// libx264 does not know it.
        case unknown
    }

    static func treatment(of key: String) -> Treatment {
        let name = canonical(key)
        if name == "tune" { return .tune }
        if let reason = refused[name] { return .refused(reason) }
        return known.contains(name) ? .passedOn : .unknown
    }

    /// libx264 takes `_` for `-`, and `no-NAME` for `NAME=0`.
    static func canonical(_ key: String) -> String {
        let dashed = String(key.map { $0 == "_" ? "-" : $0 })
        let isNegated = dashed.hasPrefix("no-") && !known.contains(dashed)
        return isNegated ? String(dashed.dropFirst(3)) : dashed
    }

    /// Throws if an option is given twice by two of its names: one of the values would be ignored.
    static func checkTwice(_ options: [EncoderOption]) throws(EncoderConfigError) {
        var seen: [String: String] = [:]
        for option in options where treatment(of: option.key) == .passedOn {
            let name = canonical(option.key)
            if let other = seen.updateValue(option.key, forKey: aliases[name] ?? name) {
                throw .conflict("encoder options \(other) and \(option.key) are one option, given twice")
            }
        }
    }

    private static let aliases = [
        "frameref": "ref", "subq": "subme", "me-range": "merange", "direct-pred": "direct", "filter": "deblock",
        "ip-factor": "ipratio", "pb-factor": "pbratio", "cplx-blur": "cplxblur", "qp-min": "qpmin", "qp-max": "qpmax",
        "qp-step": "qpstep", "keyint-min": "min-keyint", "weight-b": "weightb", "mv-range": "mvrange",
        "mv-range-thread": "mvrange-thread", "analyse": "partitions",
    ]

    /// Options that do nothing where the quantizer is fixed.
    static let ofRateControl: Set<String> = [
        "zones", "nal-hrd", "ratetol", "qcomp", "qblur", "cplxblur", "cplx-blur", "ipratio", "ip-factor", "pbratio",
        "pb-factor", "qpstep", "qp-step", "aq-strength", "filler",
    ]
    /// Options that do nothing where nothing is quantized.
    static let lossy: Set<String> = [
        "aq-mode", "chroma-qp-offset", "dct-decimate", "deadzone-inter", "deadzone-intra", "nr", "psy", "psy-rd",
        "qpmin",
        "qp-min", "qpmax", "qp-max", "trellis", "vbv-bufsize", "vbv-init", "vbv-maxrate", "mbtree",
    ]

    /// The names nearest to one that is not known, the nearest first; at most three.
    static func nearest(to key: String) -> [String] {
        known.union(refused.keys).union(["tune"]).nearest(to: canonical(key))
    }

    /// Options whose meaning is a flag's or a promise's, and what to use instead.
    private static let refused: [String: String] = {
        var reasons: [String: String] = [:]
        func refuse(_ names: String..., instead: String) { for name in names { reasons[name] = instead } }
        refuse("bitrate", instead: "use --bitrate")
        refuse("crf", instead: "use --crf")
        refuse("qp", "qp-constant", instead: "use --bitrate-mode quantizer --quantizer")
        refuse("fps", "force-cfr", instead: "use --framerate")
        refuse("threads", instead: "use --threads")
        refuse("level", "level-idc", "profile", instead: "use --codec avc1.PPCCLL")
        refuse("colorprim", instead: "use --color-primaries")
        refuse("transfer", instead: "use --color-transfer")
        refuse("colormatrix", instead: "use --color-matrix")
        refuse("fullrange", "range", instead: "use --color-range")
        refuse("chromaloc", instead: "use --chroma-location")
        refuse("sar", instead: "use --display-size")
        refuse("annexb", "repeat-headers", "global-header", instead: "use --format annexb or avcc")
        refuse("preset", instead: "use --preset")
        refuse("intra-refresh", "open-gop", instead: "a key frame is an IDR picture")
        refuse(
            "interlaced",
            "tff",
            "bff",
            "fake-interlaced",
            "pic-struct",
            instead: "Sluice encodes frames, not fields"
        )
        refuse("avcintra-class", "avcintra-flavor", "bluray-compat", instead: "it changes the profile and the format")
        refuse("crop-rect", instead: "the coded size is the size of the frames")
        refuse(
            "pass",
            "stats",
            "dump-yuv",
            "opencl-clbin",
            "opencl",
            "opencl-device",
            instead: "it works on other files"
        )
        refuse("log", "log-level", instead: "use --log-level")
        refuse("sps-id", instead: "parameter sets are numbered 0")
        return reasons
    }()

    /// Numbers beyond these, libx264 would take for the nearest, and `psy-rd=x` for `psy-rd=0`.
    static let ranges = OptionRanges([
        "aq-mode": 0...3, "aq-strength": 0...3, "b-adapt": 0...2, "b-bias": -90...100, "bframes": 0...16,
        "chroma-qp-offset": -12...12, "cplx-blur": 0...999, "cplxblur": 0...999, "deadzone-inter": 0...32,
        "deadzone-intra": 0...32, "deblock": -6...6, "filter": -6...6, "frameref": 1...16, "me-range": 4...1024,
        "merange": 4...1024, "nr": 0...65536, "psy-rd": 0...10, "qblur": 0...99, "qcomp": 0...1,
        "rc-lookahead": 0...250, "ref": 1...16, "subme": 0...11, "subq": 0...11, "sync-lookahead": 0...250,
        "trellis": 0...2, "weightp": 0...2,
    ])

    private static let known: Set<String> = [
        "8x8dct", "alternative-transfer", "analyse", "aq-mode", "aq-strength", "asm", "aud", "b-adapt", "b-bias",
        "b-pyramid", "bframes", "cabac", "cabac-idc", "chroma-me", "chroma-qp-offset", "cll", "constrained-intra",
        "cplx-blur", "cplxblur", "cpu-independent", "cqm", "cqm4", "cqm4i", "cqm4ic", "cqm4iy", "cqm4p", "cqm4pc",
        "cqm4py", "cqm8", "cqm8i", "cqm8p", "crf-max", "dct-decimate", "deadzone-inter", "deadzone-intra",
        "deblock", "direct", "direct-pred", "dpb-size", "fast-pskip", "filler", "filter", "frame-packing", "frameref",
        "ip-factor", "ipratio", "keyint", "keyint-min", "lookahead-threads", "mastering-display", "mbtree", "me",
        "me-range", "merange", "min-keyint", "mixed-refs", "mv-range", "mv-range-thread", "mvrange", "mvrange-thread",
        "n-deterministic", "nal-hrd", "non-deterministic", "nr", "overscan", "partitions", "pb-factor", "pbratio",
        "psnr", "psy", "psy-rd", "qblur", "qcomp", "qp-max", "qp-min", "qp-step", "qpmax", "qpmin", "qpstep",
        "ratetol", "rc-lookahead", "ref", "scenecut", "slice-max-mbs", "slice-max-size", "slice-min-mbs",
        "sliced-threads", "slices", "slices-max", "ssim", "stitchable", "subme", "subq", "sync-lookahead", "trellis",
        "vbv-bufsize", "vbv-init", "vbv-maxrate", "videoformat", "weight-b", "weightb", "weightp", "zones",
    ]
}
