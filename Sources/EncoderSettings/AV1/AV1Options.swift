internal import EncoderCore
internal import VideoTypes

/// The options of the encoders of AV1 that libavcodec hands on; each library refuses those that it does not know.
enum AV1Options {
    /// SVT-AV1 1.x.
    static let svt = OptionTable("libsvtav1", others: (), svtPassed + svtRefused)

    /// rav1e 0.5 and later.
    static let rav1e = OptionTable("librav1e", others: (), rav1eRefused)

    private typealias Row = OptionRow<Void>

    /// Numbers beyond the ranges, SVT-AV1 refuses without naming the option.
    private static let svtPassed: [Row] = [
        .passed("fast-decode", .numbers(0...1)),
        .passed("film-grain", .numbers(0...50)),
        .passed("film-grain-denoise", needs: [.on("film-grain")]),
        .passed("hierarchical-levels", .numbers(3...5)),
        .passed("lookahead", .numbers(-1...120)),
        .passed("qm-min qm-max", .numbers(0...15), needs: [.on("enable-qm")]),
        .passed("scm", .numbers(0...2)),
        .passed("tile-columns", .numbers(0...4)),
        .passed("tile-rows", .numbers(0...6)),
        .passed("tune", .numbers(0...1)),
        .passed("aq-mode", .numbers(0...2), needs: [.freeQuantizer]),
        .passed("enable-tpl-la chroma-qindex-offsets", needs: [.freeQuantizer]),
        .passed("key-frame-qindex-offset key-frame-chroma-qindex-offset", needs: [.freeQuantizer]),
        .passed("min-qp max-qp", .numbers(1...63), needs: [.bitrate]),
        .passed("bias-pct undershoot-pct overshoot-pct", .numbers(0...100), needs: [.bitrate]),
        .passed("minsection-pct maxsection-pct recode-loop vbv-bufsize", needs: [.bitrate]),
        .passed("buf-sz buf-initial-sz buf-optimal-sz", needs: [.bitrate]),
        .passed("scd enable-stat-report", needs: [.never("what SVT-AV1 writes")]),
    ]

    private static let svtRefused: [Row] = [
        .refused("rc tbr mbr", use: "\(Setting.bitrate) and \(Setting.bitrateMode)"),
        .refused("crf", use: "\(Setting.constantQuality)"),
        .refused(
            "qp use-fixed-qindex-offsets qindex-offsets",
            use: "\(Setting.bitrateMode) quantizer \(Setting.quantizer)"
        ),
        .refused("lossless", because: "libsvtav1 is not lossless (libaom is)"),
        .refused("pred-struct", use: "\(Setting.latencyMode)"),
        .refused("keyint irefresh-type", use: "\(Setting.keyFrameInterval)"),
        .refused("force-key-frames enable-force-key-frames", use: "\(Setting.keyFrameInterval)"),
        .refused("sframe-dist sframe-mode", because: "decoding can start at key frames only"),
        .refused("input-depth color-format level tier profile", use: "\(Setting.codec) av01.P.LLT.DD"),
        .refused("color-primaries", use: "\(Setting.colorPrimaries)"),
        .refused("transfer-characteristics", use: "\(Setting.colorTransfer)"),
        .refused("matrix-coefficients", use: "\(Setting.colorMatrix)"),
        .refused("color-range", use: "\(Setting.colorRange)"),
        .refused("chroma-sample-position", use: "\(Setting.chromaLocation)"),
        .refused("mastering-display", use: "\(Setting.masteringDisplay)"),
        .refused("content-light", use: "\(Setting.contentLightLevel)"),
        .refused("width height resize-mode superres-mode", because: "the coded size is the size of the frames"),
        .refused("forced-max-frame-width forced-max-frame-height", because: "all frames have the same size"),
        .refused("fps-num fps-denom", use: "\(Setting.framerate)"),
        .refused("lp", use: "\(Setting.threads)"),
        .refused("preset", use: "\(Setting.preset)"),
        .refused("frames skip nb n", use: "\(Setting.frames)"),
        .refused("pass stats qpfile use-q-file fgs-table", because: "it works on other files"),
    ]

    private static let rav1eRefused: [Row] = [
        .refused("width height", because: "the coded size is the size of the frames"),
        .refused("speed", use: "\(Setting.preset)"),
        .refused("quantizer", use: "\(Setting.constantQuality)"),
        .refused("bitrate", use: "\(Setting.bitrate)"),
        .refused("key_frame_interval", use: "\(Setting.keyFrameInterval)"),
        .refused("threads", use: "\(Setting.threads)"),
        .refused("low_latency", use: "\(Setting.latencyMode)"),
        .refused("still_picture", because: "it changes the format"),
        .refused("primaries", use: "\(Setting.colorPrimaries)"),
        .refused("transfer", use: "\(Setting.colorTransfer)"),
        .refused("matrix", use: "\(Setting.colorMatrix)"),
        .refused("mastering_display", use: "\(Setting.masteringDisplay)"),
        .refused("content_light", use: "\(Setting.contentLightLevel)"),
        .refused("sample_aspect_ratio", use: "\(Setting.displaySize)"),
    ]
}

extension OptionRule {
    /// The option never has an effect.
    fileprivate static func never(_ what: String) -> OptionRule {
        OptionRule { _ in .because("has no effect on \(what)") }
    }
}
