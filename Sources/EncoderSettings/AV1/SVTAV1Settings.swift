internal import Bitstream
internal import EncoderCore
internal import VideoTypes

extension LibAVEncoderDescription {
    /// AV1 by SVT-AV1.
    static let svtAV1 = LibAVEncoderDescription(
        name: "libsvtav1",
        codec: .av1,
        isHardware: false,
        // Through libavcodec, SVT-AV1 uses its own key frames and ignores requests for them.
        takesForcedKeyFrames: false,
        device: nil,
        settings: { config throws(EncoderConfigError) in try AV1Settings.svt(config) },
        reader: { config in AV1StreamReader(config) },
        choose: { config, _ throws(EncoderConfigError) in try AV1Settings.choose(config).description },
        notice: { AV1Settings.svtNotice($0) }
    )

    /// AV1 by rav1e.
    static let rav1e = LibAVEncoderDescription(
        name: "librav1e",
        codec: .av1,
        isHardware: false,
        takesForcedKeyFrames: false,
        device: nil,
        settings: { config throws(EncoderConfigError) in try AV1Settings.rav1e(config) },
        reader: { config in AV1StreamReader(config) },
        choose: { config, _ throws(EncoderConfigError) in try AV1Settings.choose(config).description }
    )
}

/// What a configuration means to the encoders of AV1.
enum AV1Settings {
    /// SVT-AV1 1.x.
    static func svt(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> CodecSettings {
        let values = config.values
        try check(config, encoder: "libsvtav1")
        guard values.chroma == .yuv420, values.bitDepth <= 10 else {
            throw .unsupported(
                "libsvtav1 encodes 4:2:0 with 8 or 10 bits, not \(values.chroma.name) with \(values.bitDepth)"
            )
        }
        guard config.size.width >= 64, config.size.height >= 64 else {
            throw .unsupported("libsvtav1 takes no picture of \(config.size) (use 64x64)")
        }
        guard config.size.width % 2 == 0, config.size.height % 2 == 0 else {
            throw .unsupported("libsvtav1 takes no odd size \(config.size) (libaom does)")
        }
        var settings = CodecSettings(config)
        settings.parameterOption = "svtav1-params"
        // A parameter that SVT-AV1 does not take fails the opening, before its threads have begun.
        settings.set("err_detect", "explode")
        try applyPreset(values.preset, as: "preset", in: 0...13, &settings)
        if let interval = values.keyFrameInterval {
            // libavcodec hands on one less, and SVT-AV1 takes 0 for no key frames at all.
            guard interval > 1 else { throw .unsupported("libsvtav1 makes no stream of key frames only (libaom does)") }
            settings.set("g", interval)
        }
        if let threads = values.threads { settings.setParameter("lp", threads) }
        try config.checkHint(against: ["scm"])
        try config.refuseHint([.detail], encoder: "libsvtav1")
        if let hint = values.contentHint { settings.setParameter("scm", hint == .text ? 1 : 0) }
        switch config.rateControl {
        case .quality(nil): break
        case .quality(let level?): settings.set("crf", try whole(level, in: 1...63, encoder: "libsvtav1"))
        case .variable(let bitrate): settings.set("b", bitrate)
        case .constant: throw .unsupported("libsvtav1 keeps no buffer (use \(Setting.bitrateMode) variable)")
        case .quantizer(let quantizer):
            guard quantizer > 0 else { throw .unsupported("libsvtav1 has no quantizer 0 (use 1)") }
            settings.set("qp", quantizer)
            // Without offsets between the layers of its pyramid, every frame header has the same quantizer.
            settings.setParameter("use-fixed-qindex-offsets", 1)
            settings.setParameter("qindex-offsets", "[0,0,0,0,0,0]")
            settings.setParameter("enable-tpl-la", 0)
        }
        settings.parameters += try AV1Options.svt.settings(config).map(\.option)
        return settings
    }

    /// SVT-AV1 1.4 has 13 presets with 14 numbers.
    static func svtNotice(_ config: ValidatedEncoderConfig) -> String? {
        config.values.preset == "13" ? "SVT-AV1 takes preset 13 for preset 12, its fastest" : nil
    }

    /// rav1e 0.5 and later.
    static func rav1e(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> CodecSettings {
        let values = config.values
        try check(config, encoder: "librav1e")
        guard config.size.width >= 16, config.size.height >= 16 else {
            throw .unsupported("librav1e takes no picture of \(config.size) (use 16x16)")
        }
        var settings = CodecSettings(config)
        settings.parameterOption = "rav1e-params"
        try config.refuseHint(encoder: "librav1e")
        try applyPreset(values.preset, as: "speed", in: 0...10, &settings)
        if let interval = values.keyFrameInterval { settings.set("g", interval) }
        switch config.rateControl {
        case .quality(nil): break
        case .quality(let level?):
            let index = QuantizerScale(.av1).index(ofLevel: try whole(level, in: 0...63, encoder: "librav1e")) ?? 0
            settings.set("qp", index)
        case .variable(let bitrate): settings.set("b", bitrate)
        case .constant: throw .unsupported("librav1e keeps no buffer (use \(Setting.bitrateMode) variable)")
        case .quantizer: throw .unsupported("librav1e chooses each frame's quantizer itself (libaom does not)")
        }
        settings.parameters += try AV1Options.rav1e.settings(config).map(\.option)
        return settings
    }

    private static func check(_ config: ValidatedEncoderConfig, encoder: String) throws(EncoderConfigError) {
        guard !config.values.lossless else { throw .unsupported("\(encoder) is not lossless (libaom is)") }
        guard config.values.scalabilityMode.temporalLayers == 1 else {
            throw .unsupported("\(encoder) makes no temporal layers (libaom does)")
        }
        guard config.values.latencyMode == .quality else {
            throw .unsupported("\(encoder) looks ahead: it has no \(Setting.latencyMode) realtime (libaom has)")
        }
        if config.values.framerate == nil, config.values.averageFramerate == nil, config.values.bitrate != nil {
            throw .unsupported("\(encoder) ignores timestamps: a bitrate needs a framerate")
        }
    }

    private static func applyPreset(
        _ preset: String?,
        as key: String,
        in allowed: ClosedRange<Int>,
        _ settings: inout CodecSettings
    ) throws(EncoderConfigError) {
        guard let preset else { return }
        guard let number = Int(preset), allowed.contains(number), preset == "\(number)" else {
            let expected = "\(allowed.lowerBound)...\(allowed.upperBound)"
            throw .malformed(field: "preset", value: preset, expected: expected)
        }
        settings.set(key, number)
    }

    private static func whole(
        _ level: Double,
        in allowed: ClosedRange<Int>,
        encoder: String
    ) throws(EncoderConfigError) -> Int {
        guard let number = Int(exactly: level), allowed.contains(number) else {
            throw .unsupported(
                "\(encoder) has no constant quality \(level) (use a whole number in \(allowed.lowerBound)..."
                    + "\(allowed.upperBound))"
            )
        }
        return number
    }

    /// The codec string that was asked for, if everything fits, or the lowest.
    static func choose(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> AV1CodecString {
        let values = config.values
        // It counts frames.
        let bitrate = values.bitrate.map { Int(Double($0) * config.burst) }
        var needs = AV1LevelNeeds(size: config.size, framerate: config.levelFramerate, bitrate: bitrate)
        if case .av1(let string) = config.codec {
            try needs.check(string)
            return string
        }
        let isProfessional = values.bitDepth == 12 || values.chroma == .yuv422
        let profile = isProfessional ? 2 : values.chroma == .yuv444 ? 1 : 0
        for rate in config.ratesForLevel {
            needs.framerate = rate
            for tier in [AV1CodecString.Tier.main, .high] {
                needs.tier = tier
                guard let level = needs.lowestLevel else { continue }
                return AV1CodecString(profile: profile, level: level.index, tier: tier, bitDepth: values.bitDepth)
            }
        }
        throw needs.refusal(by: .av1)
    }
}
