internal import CVPX
internal import VideoTypes

/// The options of libvpx, by their names in vpxenc, and what Sluice says to each.
enum VPXOptions {
    /// What an option sets.
    typealias Setting = (place: VPXOption.Place, value: Int)

    /// - Throws: `EncoderConfigError` for an option that is not known, has no effect, or has a value that means nothing.
    static func understand(
        _ option: EncoderOption,
        for parameters: VPXParameters
    ) throws(EncoderConfigError) -> Setting {
        let codec = parameters.codec
        if let reason = refusals[option.key] {
            throw .conflict("encoder option \"\(option.key)\" is not passed on: \(reason)")
        }
        let namesakes = table.filter { $0.name == option.key }
        guard !namesakes.isEmpty || option.key == "cpu-used" else {
            throw .unknownOption(encoder: "libvpx", key: option.key, nearest: nearest(to: option.key))
        }
        guard
            let known = option.key == "cpu-used"
                ? speed(parameters) : namesakes.first(where: { $0.codecs.contains(codec) })
        else { throw .unsupported("encoder option \(option.key) is not one of \(codec.name)'s") }
        if let refusal = known.need.refusal(parameters) {
            throw .unsupported("encoder option \(option.key) \(refusal)")
        }
        guard let number = known.number(option.value) else {
            throw .malformed(field: "encoder option \(option.key)", value: option.value, expected: known.expected)
        }
        return (known.place, number)
    }

    /// In realtime, VP8's speed is negative: a positive one would depend on the machine's clock.
    private static func speed(_ parameters: VPXParameters) -> VPXOption {
        let presets = VPXParameters.presets(parameters.codec, isRealtime: parameters.isRealtime)
        let isNegative = parameters.codec == .vp8 && parameters.isRealtime
        let values = isNegative ? -presets.upperBound ... -presets.lowerBound : presets
        return VPXOption("cpu-used", .numbers(values), .speed)
    }

    /// The names nearest to one that is not known, the nearest first; at most three.
    static func nearest(to key: String) -> [String] {
        Set(table.map(\.name)).union(refusals.keys).union(["cpu-used"]).nearest(to: key)
    }

    private static let flag = VPXOption.Values.numbers(0...1)
    private static let percent = VPXOption.Values.numbers(0...100)
    private static let milliseconds = VPXOption.Values.numbers(1...600_000)

    private static var table: [VPXOption] { common + vp8 + vp9 }

    private static var common: [VPXOption] {
        [
            VPXOption("sharpness", .numbers(0...7), .control(VP8E_SET_SHARPNESS)),
            VPXOption("static-thresh", .numbers(0...1_000_000), .control(VP8E_SET_STATIC_THRESHOLD)),
            VPXOption("tune", .names(["psnr", "ssim"]), .control(VP8E_SET_TUNING)),
            VPXOption("min-q", .numbers(0...63), .field(.minQuantizer), needs: .freeQuantizer),
            VPXOption("max-q", .numbers(0...63), .field(.maxQuantizer), needs: .freeQuantizer),
            VPXOption("undershoot-pct", percent, .field(.undershoot), needs: .bitrate),
            VPXOption("overshoot-pct", percent, .field(.overshoot), needs: .bitrate),
            VPXOption("buf-sz", milliseconds, .field(.buffer), needs: .variableRate),
            VPXOption("buf-initial-sz", milliseconds, .field(.bufferInitial), needs: .variableRate),
            VPXOption("buf-optimal-sz", milliseconds, .field(.bufferOptimal), needs: .variableRate),
            VPXOption(
                "max-intra-rate",
                .numbers(0...100_000),
                .control(VP8E_SET_MAX_INTRA_BITRATE_PCT),
                needs: .bitrate
            ),
        ]
    }

    private static var vp8: [VPXOption] {
        [
            VPXOption("noise-sensitivity", for: [.vp8], .numbers(0...6), .control(VP8E_SET_NOISE_SENSITIVITY)),
            VPXOption("token-parts", for: [.vp8], .numbers(0...3), .control(VP8E_SET_TOKEN_PARTITIONS)),
            // 2 drops frames.
            VPXOption("screen-content-mode", for: [.vp8], flag, .control(VP8E_SET_SCREEN_CONTENT_MODE)),
            VPXOption("error-resilient", for: [.vp8], .numbers(0...3), .field(.errorResilience)),
        ]
    }

    private static var vp9: [VPXOption] {
        func option(
            _ name: String,
            _ values: VPXOption.Values,
            _ control: vp8e_enc_control_id,
            needs need: VPXOption.Need = .nothing
        ) -> VPXOption { VPXOption(name, for: [.vp9], values, .control(control), needs: need) }
        return [
            VPXOption("error-resilient", for: [.vp9], flag, .field(.errorResilience), needs: .oneLayer),
            VPXOption("minsection-pct", for: [.vp9], percent, .field(.minSection), needs: .variableRate),
            VPXOption(
                "maxsection-pct",
                for: [.vp9],
                .numbers(100...10_000),
                .field(.maxSection),
                needs: .variableRate
            ),
            option("tile-columns", .numbers(0...6), VP9E_SET_TILE_COLUMNS),
            option("tile-rows", .numbers(0...2), VP9E_SET_TILE_ROWS),
            option("row-mt", flag, VP9E_SET_ROW_MT),
            option("frame-parallel", flag, VP9E_SET_FRAME_PARALLEL_DECODING),
            option("aq-mode", .numbers(0...4), VP9E_SET_AQ_MODE, needs: .freeQuantizer),
            option("frame-boost", flag, VP9E_SET_FRAME_PERIODIC_BOOST, needs: .freeQuantizer),
            option("noise-sensitivity", flag, VP9E_SET_NOISE_SENSITIVITY),
            option("tune-content", .names(["default", "screen", "film"]), VP9E_SET_TUNE_CONTENT),
            option("max-inter-rate", .numbers(0...100_000), VP9E_SET_MAX_INTER_BITRATE_PCT, needs: .bitrate),
            option("gf-cbr-boost", .numbers(0...100_000), VP9E_SET_GF_CBR_BOOST_PCT, needs: .constantRate),
            option("min-gf-interval", .numbers(0...24), VP9E_SET_MIN_GF_INTERVAL),
            option("max-gf-interval", .numbers(0...24), VP9E_SET_MAX_GF_INTERVAL),
            option("disable-loopfilter", .numbers(0...2), VP9E_SET_DISABLE_LOOPFILTER),
        ]
    }

    /// Options whose meaning is a flag's or a promise's, and what to use instead.
    private static let refusals: [String: String] = {
        var reasons: [String: String] = [:]
        func refuse(_ names: String..., because reason: String) { for name in names { reasons[name] = reason } }
        refuse("target-bitrate", because: "use --bitrate")
        refuse("end-usage", because: "use --bitrate-mode")
        refuse("cq-level", because: "use --crf")
        refuse("lossless", because: "use --lossless")
        refuse("threads", because: "use --threads")
        refuse("good", "rt", "best", "deadline", because: "use --latency-mode")
        refuse("fps", "timebase", because: "use --framerate")
        refuse("width", "height", because: "use --size")
        refuse("profile", "bit-depth", "input-bit-depth", "target-level", because: "use --codec vp09.PP.LL.DD")
        refuse("color-space", because: "use --color-matrix")
        refuse("color-range", because: "use --color-range")
        refuse("kf-max-dist", because: "use --key-frame-interval")
        refuse(
            "kf-min-dist",
            "disable-kf",
            because: "key frames are placed by --key-frame-interval and --frame-options"
        )
        refuse("drop-frame", because: "every frame is encoded")
        let resizing = ["resize-allowed", "resize-mode", "resize-width", "resize-height", "resize-up", "resize-down"]
        for name in resizing { reasons[name] = "the coded size is the size of the frames" }
        refuse("passes", "pass", "fpf", "bias-pct", "corpus-complexity", because: "it is for two passes")
        refuse(
            "lag-in-frames",
            "auto-alt-ref",
            "arnr-maxframes",
            "arnr-strength",
            "enable-tpl",
            "alt-ref-aq",
            because: "libvpx looks ahead in the second of two passes only"
        )
        refuse("arnr-type", because: "libvpx ignores it")
        refuse("usage", "stereo-mode", "test-decode", "psnr", because: "it does not change the stream")
        return reasons
    }()
}
