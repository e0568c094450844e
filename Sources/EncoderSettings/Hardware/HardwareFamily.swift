internal import Bitstream
internal import VideoTypes

/// Encoders of one interface to hardware: alike in everything but the codec.
struct HardwareFamily: Sendable {
    /// What FFmpeg's names end in.
    let suffix: String
    let codecs: [VideoCodec]
    var device: DeviceKind?
    /// What rate control, key frames and latency are called.
    let words: @Sendable (ValidatedEncoderConfig, inout CodecSettings) throws(EncoderConfigError) -> Void

    /// In order of preference.
    static let all = [
        HardwareFamily(suffix: "nvenc", codecs: [.h264, .hevc, .av1], words: HardwareWords.nvenc),
        HardwareFamily(
            suffix: "vaapi",
            codecs: [.h264, .hevc, .vp8, .vp9, .av1],
            device: .vaapi,
            words: HardwareWords.vaapi
        ),
        HardwareFamily(suffix: "qsv", codecs: [.h264, .hevc, .vp9, .av1], device: .qsv, words: HardwareWords.qsv),
        HardwareFamily(suffix: "v4l2m2m", codecs: [.h264, .hevc, .vp8, .vp9], words: HardwareWords.v4l2m2m),
        HardwareFamily(suffix: "videotoolbox", codecs: [.h264, .hevc], words: HardwareWords.videoToolbox),
    ]

    var encoders: [LibAVEncoderDescription] { codecs.map(encoder) }

    private func encoder(_ codec: VideoCodec) -> LibAVEncoderDescription {
        let (name, words) = ("\(codec.rawValue)_\(suffix)", words)
        return LibAVEncoderDescription(
            name: name,
            codec: codec,
            isHardware: true,
            takesForcedKeyFrames: true,
            device: device,
            settings: { config throws(EncoderConfigError) in
                try Self.check(config, name)
                var settings = CodecSettings(config)
                settings.pixelFormat = .nv12
                settings.userOptions = config.values.encoderOptions
                if let preset = config.values.preset { settings.set("preset", preset) }
                if let interval = config.values.keyFrameInterval { settings.set("g", interval) }
                if config.values.latencyMode == .realtime { settings.set("bf", 0) }
                try words(config, &settings)
                return settings
            },
            reader: Self.reader,
            choose: { config, reader throws(EncoderConfigError) in try Self.choose(config, reader, name) }
        )
    }

    /// What every device supports; for everything else, the device itself is asked.
    private static func check(_ config: ValidatedEncoderConfig, _ name: String) throws(EncoderConfigError) {
        let values = config.values
        guard !values.lossless else { throw .unsupported("\(name) is not lossless (use a software encoder)") }
        try config.refuseHint(encoder: name)
        guard values.chroma == .yuv420, values.bitDepth == 8 else {
            throw .unsupported(
                "\(name) supports only 4:2:0 with 8 bits, not \(values.chroma.name) with \(values.bitDepth)"
            )
        }
        guard values.scalabilityMode.temporalLayers == 1 else {
            throw .unsupported("\(name) does not support temporal layers")
        }
        guard config.size.width % 2 == 0, config.size.height % 2 == 0 else {
            throw .unsupported("\(name) does not support the odd size \(config.size) (use a multiple of 2x2)")
        }
        guard values.masteringDisplay == nil, values.contentLightLevel == nil else {
            throw .unsupported("\(name) does not write HDR metadata (use a software encoder)")
        }
        guard values.framerate != nil || values.averageFramerate != nil || values.bitrate == nil else {
            throw .unsupported("\(name) ignores timestamps: a bitrate needs a framerate")
        }
    }

    private static func reader(_ config: ValidatedEncoderConfig) -> any StreamReading {
        switch config.codec.codec {
        case .h264: AVCStreamReader(config)
        case .hevc: HEVCStreamReader(config, rewritesParameterSets: false)
        case .av1: AV1StreamReader(config)
        case .vp8, .vp9: VPXStreamReader(config)
        }
    }

    /// A device chooses the profile and level itself; a promise is kept if they do not exceed the promised ones.
    private static func choose(
        _ config: ValidatedEncoderConfig,
        _ reader: any StreamReading,
        _ name: String
    ) throws(EncoderConfigError) -> String {
        guard let made = reader.decoderConfig?.codec else { throw .unsupported("\(name) wrote no headers") }
        let keeps =
            switch config.codec {
            case .lowest, .vp8: true
            case .avc(let asked): AVCCodecString(made)?.keeps(asked) ?? false
            case .hevc(let asked): HEVCCodecString(made)?.keeps(asked) ?? false
            case .vp9(let asked): VP9CodecString(made)?.profile == asked.profile && fits(asked, config)
            case .av1(let asked): AV1CodecString(made)?.profile == asked.profile
            }
        guard keeps else { throw .unsupported("\(name) makes \(made), which exceeds \(config.values.codec)") }
        guard config.codec.codec == .av1 else {
            if case .lowest = config.codec { return made }
            return config.values.codec.description
        }
        return try AV1Settings.choose(config).description
    }

    private static func fits(_ asked: VP9CodecString, _ config: ValidatedEncoderConfig) -> Bool {
        let (size, values) = (config.size, config.values)
        let needs = VP9LevelNeeds(size: size, framerate: config.levelFramerate, bitrate: values.bitrate)
        return needs.lowestLevel.map { $0.number <= asked.level } ?? false
    }
}

extension AVCCodecString {
    fileprivate func keeps(_ asked: AVCCodecString) -> Bool {
        guard let own = AVCLevel.level(of: self), let limit = AVCLevel.level(of: asked) else { return false }
        let levels = AVCLevel.all
        guard let rank = levels.firstIndex(of: own), let highest = levels.firstIndex(of: limit) else { return false }
        return profileIdc == asked.profileIdc && constraints & asked.constraints == asked.constraints && rank <= highest
    }
}

extension HEVCCodecString {
    fileprivate func keeps(_ asked: HEVCCodecString) -> Bool {
        profileIdc == asked.profileIdc && tier == asked.tier && levelIdc <= asked.levelIdc
            && compatibilityFlags & asked.compatibilityFlags == asked.compatibilityFlags
    }
}
