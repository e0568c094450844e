internal import CAOM
internal import VideoTypes

/// The options of the aomenc command (libaom 3.6), and what Sluice says to each.
enum AOMOptions {
    /// What becomes of an option that the user gives.
    @safe
    enum Treatment {
        /// It goes to `aom_codec_set_option`.
        case passedOn
        /// It is a member of `aom_codec_enc_cfg_t`.
        case member(WritableKeyPath<aom_codec_enc_cfg_t, UInt32>, allowed: ClosedRange<Int>)
        /// It is Sluice's to decide; the text says where.
        case refused(String)
        /// libaom does not know it.
        case unknown
    }

    static func treatment(of key: String) -> Treatment {
        if let reason = refused[key] { return .refused(reason) }
        if let member = unsafe members[key] { return unsafe .member(member.path, allowed: member.allowed) }
        return passedOn.contains(key) ? .passedOn : .unknown
    }

    /// The names nearest to one that is not known, the nearest first; at most three.
    static func nearest(to key: String) -> [String] {
        passedOn.union(refused.keys).union(unsafe Array(members.keys)).nearest(to: key)
    }

    /// Why an option would do nothing, or undo a promise, in this configuration; `nil` if neither.
    static func contradiction(_ key: String, _ config: ValidatedEncoderConfig) -> String? {
        switch config.rateControl {
        case .quantizer where rateOptions.union(quantizerOptions).contains(key): return config.fixedBy
        case .quantizer where config.values.lossless && lossyOptions.contains(key): return config.fixedBy
        case .quality where rateOptions.contains(key): return "constant quality"
        case .constant where bufferOptions.contains(key): return "bitrateMode constant"
        default: break
        }
        if config.hasNoLag, lookaheadOptions.contains(key) {
            return config.isRealtime ? "latencyMode realtime" : "encoding without lookahead"
        }
        if key == "denoise-noise-level", !config.values.encoderOptions.contains(onlyReading) {
            return "that libaom only reads the pictures it is given (\(onlyReading.key)=0 would do)"
        }
        if config.makesOwnKeys, key == "kf-min-dist" { return "key frames that are not chosen by libaom" }
        let hasLayers = config.values.scalabilityMode != .l1t1
        return hasLayers && layerOptions.contains(key) ? "scalabilityMode \(config.values.scalabilityMode)" : nil
    }

    /// Without it, libaom removes noise where the noise stands, in the caller's own memory.
    private static let onlyReading = EncoderOption(key: "enable-dnl-denoising", value: "0")

    /// What an option does nothing without; `nil` if it has that, or needs nothing.
    static func unmetNeed(of key: String, _ config: ValidatedEncoderConfig) -> String? {
        let options = config.values.encoderOptions
        let values = Dictionary(options.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        func isOn(_ name: String, unlessGiven isOn: Bool) -> Bool { values[name].map { $0 != "0" } ?? isOn }
        if let need = needs[key], !isOn(need, unlessGiven: false) { return "\(need)=1" }
        if let need = needsOfDefaults[key], !isOn(need, unlessGiven: true) { return "\(need)=1" }
        if key == "max-inter-rate", !config.isRealtime { return "latencyMode realtime" }
        // In realtime, Sluice turns it off.
        if key == "delta-lf-mode", !isOn("deltaq-mode", unlessGiven: !config.isRealtime) { return "deltaq-mode=1" }
        return nil
    }

    /// Options, and the ones that must be turned on for them.
    private static let needs = [
        "qm-min": "enable-qm", "qm-max": "enable-qm", "denoise-block-size": "denoise-noise-level",
        "enable-dnl-denoising": "denoise-noise-level",
    ]

    /// Options, and the ones that must not be turned off for them.
    private static let needsOfDefaults = [
        "enable-diff-wtd-comp": "enable-masked-comp", "enable-smooth-interintra": "enable-interintra-comp",
        "enable-interintra-wedge": "enable-interintra-comp", "enable-diagonal-intra": "enable-directional-intra",
        "enable-angle-delta": "enable-directional-intra", "enable-ref-frame-mvs": "enable-order-hint",
        "enable-dist-wtd-comp": "enable-order-hint", "arnr-strength": "arnr-maxframes",
        "enable-overlay": "auto-alt-ref",
    ]

    /// Numbers whose bounds libaom says in its own words, or not at all.
    static let ranges = OptionRanges([
        "aq-mode": 0...3, "arnr-maxframes": 0...15, "arnr-strength": 0...6, "auto-alt-ref": 0...1,
        "cdf-update-mode": 0...2, "delta-lf-mode": 0...1, "deltaq-mode": 0...3, "disable-trellis-quant": 0...3,
        "enable-cdef": 0...2, "enable-keyframe-filtering": 0...2, "enable-restoration": 0...1,
        "film-grain-test": 0...16,
        "gf-max-pyr-height": 0...5, "gf-min-pyr-height": 0...5, "loopfilter-control": 0...3,
        "max-reference-frames": 3...7, "qm-max": 0...15, "qm-min": 0...15, "sharpness": 0...7,
    ])

    private static let bufferOptions: Set<String> = [
        "buf-sz", "buf-initial-sz", "buf-optimal-sz", "bias-pct", "minsection-pct", "maxsection-pct",
    ]
    private static let rateOptions = bufferOptions.union([
        "undershoot-pct", "overshoot-pct", "max-intra-rate", "max-inter-rate", "gf-cbr-boost",
        "vbr-corpus-complexity-lap",
    ])
    private static let quantizerOptions: Set<String> = [
        "min-q", "max-q", "aq-mode", "deltaq-mode", "frame-boost", "delta-lf-mode",
        "sb-qp-sweep",
    ]
    /// Options that change what a decoder shows, or do nothing where nothing is quantized.
    private static let lossyOptions: Set<String> = [
        "denoise-noise-level", "film-grain-test", "enable-chroma-deltaq", "enable-qm", "sharpness", "quant-b-adapt",
        "disable-trellis-quant", "enable-cdef", "enable-restoration", "loopfilter-control", "noise-sensitivity",
    ]
    private static let lookaheadOptions: Set<String> = [
        "lag-in-frames", "auto-alt-ref", "arnr-maxframes", "arnr-strength", "enable-tpl-model", "enable-overlay",
        "enable-keyframe-filtering", "min-gf-interval", "max-gf-interval", "gf-min-pyr-height", "gf-max-pyr-height",
        "vbr-corpus-complexity-lap", "bias-pct", "minsection-pct", "maxsection-pct", "fp-mt",
    ]
    private static let layerOptions: Set<String> = [
        "error-resilient", "enable-order-hint", "max-reference-frames", "reduced-reference-set", "min-q", "max-q",
    ]

    /// Members of the configuration that are the user's to set.
    private nonisolated(unsafe) static let members:
        [String: (path: WritableKeyPath<aom_codec_enc_cfg_t, UInt32>, allowed: ClosedRange<Int>)] = unsafe [
            "lag-in-frames": (\.g_lag_in_frames, 0...ValidatedEncoderConfig.longestLookahead),
            "kf-min-dist": (\.kf_min_dist, 0...9999),
            "undershoot-pct": (\.rc_undershoot_pct, 0...100), "overshoot-pct": (\.rc_overshoot_pct, 0...100),
            "min-q": (\.rc_min_quantizer, 0...63), "max-q": (\.rc_max_quantizer, 0...63),
            "buf-sz": (\.rc_buf_sz, 1...60000), "buf-initial-sz": (\.rc_buf_initial_sz, 1...60000),
            "buf-optimal-sz": (\.rc_buf_optimal_sz, 1...60000), "bias-pct": (\.rc_2pass_vbr_bias_pct, 0...100),
            "minsection-pct": (\.rc_2pass_vbr_minsection_pct, 0...10000),
            "maxsection-pct": (\.rc_2pass_vbr_maxsection_pct, 0...10000),
        ]

    /// Options whose meaning is a flag's or a promise's, and what to use instead.
    private static let refused: [String: String] = {
        var reasons: [String: String] = [:]
        func refuse(_ names: String..., instead: String) { for name in names { reasons[name] = instead } }
        refuse("target-bitrate", instead: "use --bitrate")
        refuse("end-usage", instead: "use --bitrate-mode, --crf or --quantizer")
        refuse("cq-level", instead: "use --crf")
        refuse("cpu-used", instead: "use --preset")
        refuse("lossless", instead: "use --lossless, which --quantizer 0 is as well")
        refuse("usage", "good", "rt", instead: "use --latency-mode")
        refuse("allintra", instead: "use --key-frame-interval 1")
        refuse("threads", instead: "use --threads")
        refuse("fps", "timebase", instead: "use --framerate")
        refuse("kf-max-dist", "disable-kf", instead: "use --key-frame-interval")
        refuse("profile", "target-seq-level-idx", "set-tier-mask", instead: "use --codec av01.P.LLT.DD")
        refuse("bit-depth", "input-bit-depth", "monochrome", instead: "use --codec av01.P.LLT.DD")
        refuse("strict-level-conformance", instead: "the level of --codec is kept anyway")
        refuse("input-chroma-subsampling-x", "input-chroma-subsampling-y", instead: "use --codec av01.P.LLT.DD")
        refuse("width", "height", "limit", "skip", instead: "the coded size is the size of the frames")
        refuse("color-primaries", instead: "use --color-primaries")
        refuse("transfer-characteristics", instead: "use --color-transfer")
        refuse("matrix-coefficients", instead: "use --color-matrix")
        refuse("chroma-sample-position", instead: "use --chroma-location")
        refuse("annexb", "obu", "ivf", "webm", instead: "use --format")
        refuse("drop-frame", instead: "no frame is dropped")
        refuse(
            "resize-mode",
            "resize-denominator",
            "resize-kf-denominator",
            "superres-mode",
            "superres-denominator",
            "superres-kf-denominator",
            "superres-qthresh",
            "superres-kf-qthresh",
            "forced_max_frame_width",
            "forced_max_frame_height",
            instead: "the coded size is the size of the frames"
        )
        refuse("enable-fwd-kf", "fwd-kf-dist", instead: "decoding can start at every key frame")
        refuse("sframe-dist", "sframe-mode", instead: "a key frame is a key frame")
        refuse("large-scale-tile", "full-still-picture-hdr", "stereo-mode", instead: "it changes the format")
        refuse("film-grain-table", "partition-info-path", "pass", "passes", "fpf", instead: "it works on other files")
        refuse("two-pass-output", "second-pass-log", "vmaf-model-path", instead: "it works on other files")
        refuse("global-error-resilient", instead: "use encoder option error-resilient")
        refuse("deltaq-strength", instead: "it has no effect but in libaom's all-intra mode")
        refuse("timing-info", instead: "timestamps are the container's")
        return reasons
    }()

    private static let passedOn: Set<String> = [
        "aq-mode", "arnr-maxframes", "arnr-strength", "auto-alt-ref", "auto-intra-tools-off", "cdf-update-mode",
        "coeff-cost-upd-freq", "delta-lf-mode", "deltaq-mode", "denoise-block-size",
        "denoise-noise-level", "disable-trellis-quant", "dist-metric", "dv-cost-upd-freq", "enable-1to4-partitions",
        "enable-ab-partitions", "enable-angle-delta", "enable-cdef", "enable-cfl-intra", "enable-chroma-deltaq",
        "enable-diagonal-intra", "enable-diff-wtd-comp", "enable-directional-intra", "enable-dist-wtd-comp",
        "enable-dnl-denoising", "enable-dual-filter", "enable-filter-intra", "enable-flip-idtx",
        "enable-global-motion", "enable-interinter-wedge", "enable-interintra-comp", "enable-interintra-wedge",
        "enable-intra-edge-filter", "enable-intrabc", "enable-keyframe-filtering", "enable-masked-comp",
        "enable-obmc", "enable-onesided-comp", "enable-order-hint", "enable-overlay", "enable-paeth-intra",
        "enable-palette", "enable-qm", "enable-rect-partitions", "enable-rect-tx", "enable-ref-frame-mvs",
        "enable-restoration", "enable-smooth-interintra", "enable-smooth-intra", "enable-tpl-model", "enable-tx64",
        "enable-tx-size-search", "enable-warped-motion", "error-resilient", "film-grain-test", "fp-mt", "frame-boost",
        "frame-parallel", "gf-cbr-boost", "gf-max-pyr-height", "gf-min-pyr-height", "loopfilter-control",
        "max-gf-interval", "max-inter-rate", "max-intra-rate", "max-partition-size", "max-reference-frames", "min-cr",
        "min-gf-interval", "min-partition-size", "mode-cost-upd-freq", "mtu-size", "mv-cost-upd-freq",
        "noise-sensitivity", "num-tile-groups", "qm-max", "qm-min", "quant-b-adapt", "reduced-reference-set",
        "reduced-tx-type-set", "row-mt", "sb-qp-sweep", "sb-size", "sharpness", "static-thresh", "tile-columns",
        "tile-rows", "tune", "tune-content", "use-inter-dct-only", "use-intra-dct-only", "use-intra-default-tx-only",
        "vbr-corpus-complexity-lap",
    ]
}
