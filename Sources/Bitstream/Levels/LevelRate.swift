package import VideoTypes

/// What the level of a codec string allows of frames a second.
package struct LevelRate {
    private let config: ValidatedEncoderConfig
    /// Frames a second, at most.
    package let framesPerSecond: Double

    /// `nil` for what has no level.
    package init?(_ config: ValidatedEncoderConfig) {
        let samples: Double
        switch config.codec {
        case .hevc(let string):
            guard let level = HEVCLevel.level(idc: string.levelIdc) else { return nil }
            samples = Double(level.maxLumaSamplesPerSecond)
        case .av1(let string):
            guard let level = AV1Level.level(index: string.level) else { return nil }
            samples = Double(level.maxDisplayRate)
        case .vp9(let string):
            guard let level = VP9Level(number: string.level) else { return nil }
            samples = Double(level.maxLumaSampleRate)
        default: return nil
        }
        self.config = config
        framesPerSecond = samples / Double(Self.codedSize(config).width * Self.codedSize(config).height)
    }

    /// HEVC codes whole blocks.
    private static func codedSize(_ config: ValidatedEncoderConfig) -> PictureSize {
        guard case .hevc = config.codec else { return config.size }
        return PictureSize(width: (config.size.width + 7) & ~7, height: (config.size.height + 7) & ~7)
    }

    /// Throws if a rate exceeds the level, naming one that has room for it.
    package func check(_ rate: FrameRate?) throws(EncoderConfigError) {
        let size = Self.codedSize(config)
        switch config.codec {
        case .hevc(let string):
            guard let level = HEVCLevel.level(idc: string.levelIdc) else { return }
            let needs = HEVCLevelRequirements(
                size: size,
                framerate: rate,
                decodedPictures: 1,
                tier: string.tier,
                bitrateFactor: 1000
            )
            try needs.check(level, of: string)
        case .av1(let string):
            try AV1LevelRequirements(size: size, framerate: rate, bitrate: nil).check(string)
        case .vp9(let string):
            guard let level = VP9Level(number: string.level) else { return }
            let refusal = VP9LevelNeeds(size: size, framerate: rate).refusal(of: level, for: string.description)
            if let refusal { throw .unsupported(refusal) }
        default: return
        }
    }
}
