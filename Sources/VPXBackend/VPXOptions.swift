internal import CVPX
internal import EncoderCore
internal import VideoTypes

/// The options of libvpx, by their names in vpxenc.
enum VPXOptions {
    /// Where libvpx takes an option.
    enum Place {
        /// A field of its settings.
        case field(Field)
        /// A control.
        case control(vp8e_enc_control_id)
        /// The speed, which is set last.
        case speed
    }

    /// The fields of libvpx's settings that options fill.
    enum Field {
        case minQuantizer, maxQuantizer, undershoot, overshoot, buffer, bufferInitial, bufferOptimal
        case errorResilience, minSection, maxSection
    }

    private typealias Row = OptionRow<Place>

    /// The options of a codec; those of the other one are refused as such.
    static func table(for codec: VideoCodec, speeds: ClosedRange<Int>) -> OptionTable<Place> {
        let own = [vp8.map { $0.needing(.codec(.vp8)) }, vp9.map { $0.needing(.codec(.vp9)) }]
        let speed = Row.passed("cpu-used", .whole(speeds), to: .speed)
        let rows = (codec == .vp8 ? own : own.reversed()).flatMap(\.self)
        return OptionTable("libvpx", [speed] + common + rows + refused)
    }

    private static let flag = OptionValues.whole(0...1)
    private static let percent = OptionValues.whole(0...100)
    private static let manyPercent = OptionValues.whole(0...100_000)
    private static let quantizer = OptionValues.whole(0...63)
    private static let milliseconds = OptionValues.whole(1...600_000)
    private static let variableRate: [OptionRule] = [.bitrate, .freeBuffer]

    private static var common: [Row] {
        [
            .passed("sharpness", .whole(0...7), to: .control(VP8E_SET_SHARPNESS)),
            .passed("static-thresh", .whole(0...1_000_000), to: .control(VP8E_SET_STATIC_THRESHOLD)),
            .passed("tune", .names(["psnr", "ssim"]), to: .control(VP8E_SET_TUNING)),
            .passed("min-q", quantizer, to: .field(.minQuantizer), needs: [.freeQuantizer]),
            .passed("max-q", quantizer, to: .field(.maxQuantizer), needs: [.freeQuantizer]),
            .passed("undershoot-pct", percent, to: .field(.undershoot), needs: [.bitrate]),
            .passed("overshoot-pct", percent, to: .field(.overshoot), needs: [.bitrate]),
            .passed("buf-sz", milliseconds, to: .field(.buffer), needs: variableRate),
            .passed("buf-initial-sz", milliseconds, to: .field(.bufferInitial), needs: variableRate),
            .passed("buf-optimal-sz", milliseconds, to: .field(.bufferOptimal), needs: variableRate),
            .passed("max-intra-rate", manyPercent, to: .control(VP8E_SET_MAX_INTRA_BITRATE_PCT), needs: [.bitrate]),
        ]
    }

    private static var vp8: [Row] {
        [
            .passed("noise-sensitivity", .whole(0...6), to: .control(VP8E_SET_NOISE_SENSITIVITY)),
            .passed("token-parts", .whole(0...3), to: .control(VP8E_SET_TOKEN_PARTITIONS)),
            // 2 drops frames.
            .passed("screen-content-mode", flag, to: .control(VP8E_SET_SCREEN_CONTENT_MODE)),
            .passed("error-resilient", .whole(0...3), to: .field(.errorResilience)),
        ]
    }

    private static var vp9: [Row] {
        [
            .passed("error-resilient", flag, to: .field(.errorResilience), needs: [.oneLayer]),
            .passed("minsection-pct", percent, to: .field(.minSection), needs: variableRate),
            .passed("maxsection-pct", .whole(100...10_000), to: .field(.maxSection), needs: variableRate),
            .passed("tile-columns", .whole(0...6), to: .control(VP9E_SET_TILE_COLUMNS)),
            .passed("tile-rows", .whole(0...2), to: .control(VP9E_SET_TILE_ROWS)),
            .passed("row-mt", flag, to: .control(VP9E_SET_ROW_MT)),
            .passed("frame-parallel", flag, to: .control(VP9E_SET_FRAME_PARALLEL_DECODING)),
            .passed("aq-mode", .whole(0...4), to: .control(VP9E_SET_AQ_MODE), needs: [.freeQuantizer]),
            .passed("frame-boost", flag, to: .control(VP9E_SET_FRAME_PERIODIC_BOOST), needs: [.freeQuantizer]),
            .passed("noise-sensitivity", flag, to: .control(VP9E_SET_NOISE_SENSITIVITY)),
            .passed("tune-content", .names(["default", "screen", "film"]), to: .control(VP9E_SET_TUNE_CONTENT)),
            .passed("max-inter-rate", manyPercent, to: .control(VP9E_SET_MAX_INTER_BITRATE_PCT), needs: [.bitrate]),
            .passed("gf-cbr-boost", manyPercent, to: .control(VP9E_SET_GF_CBR_BOOST_PCT), needs: [.constantBitrate]),
            .passed("min-gf-interval", .whole(0...24), to: .control(VP9E_SET_MIN_GF_INTERVAL)),
            .passed("max-gf-interval", .whole(0...24), to: .control(VP9E_SET_MAX_GF_INTERVAL)),
            .passed("disable-loopfilter", .whole(0...2), to: .control(VP9E_SET_DISABLE_LOOPFILTER)),
        ]
    }

    private static var refused: [Row] {
        [
            .refused("target-bitrate", use: "\(Setting.bitrate)"),
            .refused("end-usage", use: "\(Setting.bitrateMode)"),
            .refused("cq-level", use: "\(Setting.constantQuality)"),
            .refused("lossless", use: "\(Setting.lossless)"),
            .refused("threads", use: "\(Setting.threads)"),
            .refused("good rt best deadline", use: "\(Setting.latencyMode)"),
            .refused("fps timebase", use: "\(Setting.framerate)"),
            .refused("width height", use: "\(Setting.size)"),
            .refused("profile bit-depth input-bit-depth target-level", use: "\(Setting.codec) vp09.PP.LL.DD"),
            .refused("color-space", use: "\(Setting.colorMatrix)"),
            .refused("color-range", use: "\(Setting.colorRange)"),
            .refused("kf-max-dist", use: "\(Setting.keyFrameInterval)"),
            .refused("kf-min-dist disable-kf", use: "\(Setting.keyFrameInterval) and \(Setting.frameOptions)"),
            .refused("drop-frame", because: "every frame is encoded"),
            .refused(
                "resize-allowed resize-mode resize-width resize-height resize-up resize-down",
                because: "the coded size is the size of the frames"
            ),
            .refused("passes pass fpf bias-pct corpus-complexity", because: "it is for two passes"),
            .refused(
                "lag-in-frames auto-alt-ref arnr-maxframes arnr-strength enable-tpl alt-ref-aq",
                because: "libvpx looks ahead in the second of two passes only"
            ),
            .refused("arnr-type", because: "libvpx ignores it"),
            .refused("usage stereo-mode test-decode psnr", because: "it does not change the stream"),
        ]
    }
}

extension OptionRule {
    fileprivate static func codec(_ codec: VideoCodec) -> OptionRule {
        OptionRule { given in
            let actual = given.config.codec.codec
            return actual == codec ? nil : .because("is not an option of \(actual.name)")
        }
    }

    fileprivate static let oneLayer = unless(
        { $0.values.scalabilityMode.temporalLayers == 1 },
        .contradicts("temporal layers, which set it")
    )
}
