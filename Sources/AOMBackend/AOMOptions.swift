internal import CAOM
internal import EncoderCore
internal import VideoTypes

/// The options of the aomenc command (libaom 3.6).
enum AOMOptions {
    /// Where libaom takes an option.
    ///
    /// Thread-safety: a key path is never changed.
    @safe
    enum Place: @unchecked Sendable {
        /// As a text, by `aom_codec_set_option`.
        case option
        /// In a member of `aom_codec_enc_cfg_t`.
        case member(WritableKeyPath<aom_codec_enc_cfg_t, UInt32>)
    }

    static let table = OptionTable("libaom", plain + turnable + lossy + lookahead + rate + quantizers + refused)

    private typealias Row = OptionRow<Place>

    private static func member(
        _ name: String,
        _ path: WritableKeyPath<aom_codec_enc_cfg_t, UInt32>,
        _ values: ClosedRange<Int>,
        needs rules: [OptionRule] = []
    ) -> Row { .passed(name, .whole(values), to: unsafe .member(path), needs: rules) }

    private static func option(_ names: String, _ values: OptionValues = .any, needs rules: [OptionRule] = []) -> Row {
        .passed(names, values, to: .option, needs: rules)
    }

    /// Options that need nothing.
    private static let plain = unsafe [
        option(
            """
            auto-intra-tools-off coeff-cost-upd-freq dist-metric dv-cost-upd-freq enable-1to4-partitions
            enable-ab-partitions enable-cfl-intra enable-directional-intra enable-dual-filter enable-filter-intra
            enable-flip-idtx enable-global-motion enable-interinter-wedge enable-interintra-comp
            enable-intra-edge-filter enable-intrabc enable-masked-comp enable-obmc enable-onesided-comp
            enable-paeth-intra enable-palette enable-rect-partitions enable-rect-tx enable-smooth-intra enable-tx64
            enable-tx-size-search enable-warped-motion frame-parallel max-partition-size min-cr min-partition-size
            mode-cost-upd-freq mtu-size mv-cost-upd-freq num-tile-groups reduced-tx-type-set row-mt sb-size
            static-thresh tile-columns tile-rows tune tune-content use-inter-dct-only use-intra-dct-only
            use-intra-default-tx-only
            """
        ),
        option("cdf-update-mode", .numbers(0...2)),
        member("kf-min-dist", \.kf_min_dist, 0...9999, needs: [.ownKeys]),
        option("error-resilient enable-order-hint reduced-reference-set", needs: [.oneLayer]),
        option("max-reference-frames", .numbers(3...7), needs: [.oneLayer]),
    ]

    /// Options that refine what others turn on or off.
    private static let turnable = [
        option("enable-diff-wtd-comp", needs: [.on("enable-masked-comp", isDefault: true)]),
        option(
            "enable-smooth-interintra enable-interintra-wedge",
            needs: [.on("enable-interintra-comp", isDefault: true)]
        ),
        option("enable-diagonal-intra enable-angle-delta", needs: [.on("enable-directional-intra", isDefault: true)]),
        option("enable-ref-frame-mvs enable-dist-wtd-comp", needs: [.on("enable-order-hint", isDefault: true)]),
        option("qm-min qm-max", .numbers(0...15), needs: [.on("enable-qm")]),
        option("denoise-block-size enable-dnl-denoising", needs: [.on("denoise-noise-level")]),
    ]

    /// Options that change what a decoder shows, or have no effect in lossless coding.
    private static let lossy = [
        option("enable-chroma-deltaq enable-qm quant-b-adapt noise-sensitivity", needs: [.lossy]),
        option("denoise-noise-level", needs: [.lossy, .onlyReading]),
        option("film-grain-test", .numbers(0...16), needs: [.lossy]),
        option("sharpness", .numbers(0...7), needs: [.lossy]),
        option("disable-trellis-quant loopfilter-control", .numbers(0...3), needs: [.lossy]),
        option("enable-cdef", .numbers(0...2), needs: [.lossy]),
        option("enable-restoration", .numbers(0...1), needs: [.lossy]),
    ]

    private static let lookahead = unsafe [
        member("lag-in-frames", \.g_lag_in_frames, 0...ValidatedEncoderConfig.longestLookahead, needs: [.lookahead]),
        option("enable-tpl-model min-gf-interval max-gf-interval fp-mt", needs: [.lookahead]),
        option("auto-alt-ref", .numbers(0...1), needs: [.lookahead]),
        option("arnr-maxframes", .numbers(0...15), needs: [.lookahead]),
        option("arnr-strength", .numbers(0...6), needs: [.lookahead, .on("arnr-maxframes", isDefault: true)]),
        option("enable-overlay", needs: [.lookahead, .on("auto-alt-ref", isDefault: true)]),
        option("enable-keyframe-filtering", .numbers(0...2), needs: [.lookahead]),
        option("gf-min-pyr-height gf-max-pyr-height", .numbers(0...5), needs: [.lookahead]),
    ]

    private static let rate = unsafe [
        member("undershoot-pct", \.rc_undershoot_pct, 0...100, needs: [.bitrate]),
        member("overshoot-pct", \.rc_overshoot_pct, 0...100, needs: [.bitrate]),
        member("buf-sz", \.rc_buf_sz, 1...60000, needs: [.bitrate, .freeBuffer]),
        member("buf-initial-sz", \.rc_buf_initial_sz, 1...60000, needs: [.bitrate, .freeBuffer]),
        member("buf-optimal-sz", \.rc_buf_optimal_sz, 1...60000, needs: [.bitrate, .freeBuffer]),
        member("bias-pct", \.rc_2pass_vbr_bias_pct, 0...100, needs: sections),
        member("minsection-pct", \.rc_2pass_vbr_minsection_pct, 0...10000, needs: sections),
        member("maxsection-pct", \.rc_2pass_vbr_maxsection_pct, 0...10000, needs: sections),
        option("max-intra-rate gf-cbr-boost", needs: [.bitrate]),
        option("max-inter-rate", needs: [.bitrate, .realtime]),
        option("vbr-corpus-complexity-lap", needs: [.bitrate, .lookahead]),
    ]
    private static let sections: [OptionRule] = [.bitrate, .freeBuffer, .lookahead]

    private static let quantizers = unsafe [
        member("min-q", \.rc_min_quantizer, 0...63, needs: [.freeQuantizer, .oneLayer]),
        member("max-q", \.rc_max_quantizer, 0...63, needs: [.freeQuantizer, .oneLayer]),
        option("aq-mode deltaq-mode", .numbers(0...3), needs: [.freeQuantizer]),
        option("frame-boost sb-qp-sweep", needs: [.freeQuantizer]),
        option("delta-lf-mode", .numbers(0...1), needs: [.freeQuantizer, .deltaQ]),
    ]

    /// Options that are a setting's, or that no stream has.
    private static let refused: [Row] = [
        .refused("target-bitrate", use: "\(Setting.bitrate)"),
        .refused("end-usage", use: "\(Setting.bitrateMode), \(Setting.constantQuality) or \(Setting.quantizer)"),
        .refused("cq-level", use: "\(Setting.constantQuality)"),
        .refused("cpu-used", use: "\(Setting.preset)"),
        .refused("lossless", use: "\(Setting.lossless), which \(Setting.quantizer) 0 is as well"),
        .refused("usage good rt", use: "\(Setting.latencyMode)"),
        .refused("allintra", use: "\(Setting.keyFrameInterval) 1"),
        .refused("threads", use: "\(Setting.threads)"),
        .refused("fps timebase", use: "\(Setting.framerate)"),
        .refused("kf-max-dist disable-kf", use: "\(Setting.keyFrameInterval)"),
        .refused("profile target-seq-level-idx set-tier-mask", use: "\(Setting.codec) av01.P.LLT.DD"),
        .refused("bit-depth input-bit-depth monochrome", use: "\(Setting.codec) av01.P.LLT.DD"),
        .refused("input-chroma-subsampling-x input-chroma-subsampling-y", use: "\(Setting.codec) av01.P.LLT.DD"),
        .refused("strict-level-conformance", because: "the level of \(Setting.codec) is kept anyway"),
        .refused(
            """
            width height limit skip resize-mode resize-denominator resize-kf-denominator superres-mode
            superres-denominator superres-kf-denominator superres-qthresh superres-kf-qthresh forced_max_frame_width
            forced_max_frame_height
            """,
            because: "the coded size is the size of the frames"
        ),
        .refused("color-primaries", use: "\(Setting.colorPrimaries)"),
        .refused("transfer-characteristics", use: "\(Setting.colorTransfer)"),
        .refused("matrix-coefficients", use: "\(Setting.colorMatrix)"),
        .refused("chroma-sample-position", use: "\(Setting.chromaLocation)"),
        .refused("annexb obu ivf webm", use: "\(Setting.format)"),
        .refused("drop-frame", because: "no frame is dropped"),
        .refused("enable-fwd-kf fwd-kf-dist", because: "decoding can start at every key frame"),
        .refused("sframe-dist sframe-mode", because: "decoding can start at key frames only"),
        .refused("large-scale-tile full-still-picture-hdr stereo-mode", because: "it changes the format"),
        .refused("film-grain-table partition-info-path pass passes fpf", because: "it works on other files"),
        .refused("two-pass-output second-pass-log vmaf-model-path", because: "it works on other files"),
        .refused("global-error-resilient", use: "encoder option error-resilient"),
        .refused("deltaq-strength", because: "it has no effect except in libaom's all-intra mode"),
        .refused("timing-info", because: "timestamps are stored by the container"),
    ]
}

extension OptionRule {
    /// libaom looks ahead.
    fileprivate static let lookahead = OptionRule { given in
        guard given.config.hasNoLag else { return nil }
        return .contradicts(given.config.isRealtime ? "\(Setting.latencyMode) realtime" : "encoding without lookahead")
    }

    fileprivate static let realtime = unless({ $0.isRealtime }, .without("\(Setting.latencyMode) realtime"))

    fileprivate static let ownKeys = unless(
        { !$0.makesOwnKeys },
        .contradicts("key frames that are not chosen by libaom")
    )

    fileprivate static let oneLayer = OptionRule { given in
        let mode = given.config.values.scalabilityMode
        return mode == .l1t1 ? nil : .contradicts("\(Setting.scalabilityMode) \(mode)")
    }

    /// Where libaom denoises, it writes into the caller's own pictures.
    fileprivate static let onlyReading = OptionRule { given in
        guard given.values["enable-dnl-denoising"] != "0" else { return nil }
        return .because("makes libaom write into the pictures it is given (use enable-dnl-denoising=0 too)")
    }

    /// In realtime, Sluice turns it off.
    fileprivate static let deltaQ = OptionRule { given in
        given.isOn("deltaq-mode", isDefault: !given.config.isRealtime) ? nil : .without("deltaq-mode=1")
    }
}
