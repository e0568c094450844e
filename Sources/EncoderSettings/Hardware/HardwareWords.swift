internal import VideoTypes

/// The option names of each hardware interface for a configuration (the options of FFmpeg's `nvenc.c`, `vaapi_encode.c`,
/// `qsvenc.c`, `v4l2_m2m_enc.c` and `videotoolboxenc.c`).
enum HardwareWords {
    /// The quality where none was asked for, in the scale of H.264 and HEVC.
    private static let defaultQuality = 23

    static func nvenc(_ config: ValidatedEncoderConfig, _ settings: inout CodecSettings) throws(EncoderConfigError) {
        settings.set("forced-idr", 1)
        if config.values.latencyMode == .realtime {
            settings.set("zerolatency", 1)
            settings.set("delay", 0)
        }
        try sayProfile(config, &settings)
        switch config.rateControl {
        case .constant(let bitrate):
            settings.set("rc", "cbr")
            keepBuffer(bitrate, &settings)
        case .variable(let bitrate):
            settings.set("rc", "vbr")
            settings.set("b", bitrate)
        case .quality(let level):
            settings.set("rc", "vbr")
            settings.set("b", 0)
            settings.set("cq", level ?? Double(defaultQuality))
        case .quantizer(let quantizer):
            settings.set("rc", "constqp")
            settings.set("qp", index(quantizer, config))
            sayNoOffsets(&settings)
        }
    }

    static func vaapi(_ config: ValidatedEncoderConfig, _ settings: inout CodecSettings) throws(EncoderConfigError) {
        try sayProfile(config, &settings)
        switch config.rateControl {
        case .constant(let bitrate):
            settings.set("rc_mode", "CBR")
            keepBuffer(bitrate, &settings)
        case .variable(let bitrate):
            settings.set("rc_mode", "VBR")
            settings.set("b", bitrate)
        case .quality(let level):
            settings.set("rc_mode", "CQP")
            settings.set("global_quality", index(Int(level ?? Double(defaultQuality)), config))
        case .quantizer(let quantizer):
            settings.set("rc_mode", "CQP")
            settings.set("global_quality", index(quantizer, config))
            sayNoOffsets(&settings)
        }
    }

    static func qsv(_ config: ValidatedEncoderConfig, _ settings: inout CodecSettings) throws(EncoderConfigError) {
        if [.h264, .hevc].contains(config.codec.codec) { settings.set("forced_idr", 1) }
        if config.values.latencyMode == .realtime { settings.set("async_depth", 1) }
        switch config.rateControl {
        case .constant(let bitrate): keepBuffer(bitrate, &settings)
        case .variable(let bitrate): settings.set("b", bitrate)
        case .quality(let level): settings.set("global_quality", Int(level ?? Double(defaultQuality)))
        case .quantizer(let quantizer):
            // FF_QP2LAMBDA: with the flag, the quality is a quantizer in units of 1/118.
            settings.set("flags", "+qscale")
            settings.set("global_quality", index(quantizer, config) * 118)
            sayNoOffsets(&settings)
        }
    }

    static func v4l2m2m(_ config: ValidatedEncoderConfig, _ settings: inout CodecSettings) throws(EncoderConfigError) {
        settings.set("b", try onlyBitrate(config, "a V4L2 device"))
    }

    static func videoToolbox(
        _ config: ValidatedEncoderConfig,
        _ settings: inout CodecSettings
    ) throws(EncoderConfigError) {
        settings.set("allow_sw", 0)
        if config.values.latencyMode == .realtime { settings.set("realtime", 1) }
        settings.set("b", try onlyBitrate(config, "VideoToolbox"))
    }

    private static func onlyBitrate(
        _ config: ValidatedEncoderConfig,
        _ name: String
    ) throws(EncoderConfigError) -> Int {
        guard case .variable(let bitrate) = config.rateControl else {
            throw .unsupported("\(name) supports only an average bitrate")
        }
        return bitrate
    }

    private static func keepBuffer(_ bitrate: Int, _ settings: inout CodecSettings) {
        for key in ["b", "maxrate", "bufsize"] { settings.set(key, bitrate) }
    }

    /// All kinds of frames have the same quantizer.
    private static func sayNoOffsets(_ settings: inout CodecSettings) {
        for (key, value) in [("i_qfactor", 1), ("b_qfactor", 1), ("i_qoffset", 0), ("b_qoffset", 0)] {
            settings.set(key, value)
        }
    }

    /// Hardware takes a quantizer in the bitstream's scale.
    private static func index(_ level: Int, _ config: ValidatedEncoderConfig) -> Int {
        QuantizerScale(config.codec.codec).index(ofLevel: level) ?? level
    }

    private static func sayProfile(
        _ config: ValidatedEncoderConfig,
        _ settings: inout CodecSettings
    ) throws(EncoderConfigError) {
        let names: [Int: String]
        let profile: Int
        switch config.codec {
        case .avc(let string):
            let isConstrained = string.hasConstraint(1)
            (names, profile) = (
                [66: isConstrained ? "constrained_baseline" : "", 77: "main", 100: "high"], Int(string.profileIdc)
            )
            settings.set("level", string.levelIdc)
        case .hevc(let string):
            (names, profile) = ([1: "main"], string.profileIdc)
            settings.set("level", string.levelIdc)
        default: return
        }
        guard let name = names[profile], !name.isEmpty else {
            throw .unsupported("the profile of \(config.values.codec) is not supported by hardware encoders")
        }
        // Of nvenc's encoders, none has a profile of this name: its baseline is the constrained one.
        let isNVENC = settings.options.contains { $0.key == "forced-idr" }
        settings.set("profile", isNVENC && profile == 66 ? "baseline" : name)
    }
}
