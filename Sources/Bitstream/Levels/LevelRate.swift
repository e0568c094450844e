package import VideoTypes

/// What the level of a codec string allows of frames a second at a configuration's size, for streams whose frames come at
/// any time.
package struct LevelRate: Sendable {
    /// Frames a second, at most.
    package let framesPerSecond: Double
    private let checkRate: @Sendable (FrameRate?) throws(EncoderConfigError) -> Void

    /// That of a configuration.
    package init?(_ config: ValidatedEncoderConfig) { self.init(config.codec, config.size) }

    /// `nil` for what has no level.
    package init?(_ codec: CodecRequest, _ size: PictureSize) {
        switch codec {
        case .avc(let string):
            guard let level = AVCLevel.level(of: string) else { return nil }
            let macroblocks = ((size.width + 15) / 16) * ((size.height + 15) / 16)
            let needs = AVCLevelNeeds(size: size, profileIdc: string.profileIdc)
            self.init(needs, level, of: string, level.maxMacroblocksPerSecond, macroblocks)
        case .hevc(let string):
            guard let level = HEVCLevel.level(idc: string.levelIdc) else { return nil }
            // Whole blocks are coded.
            let coded = PictureSize(width: (size.width + 7) & ~7, height: (size.height + 7) & ~7)
            let needs = HEVCLevelNeeds(size: coded, tier: string.tier)
            self.init(needs, level, of: string, level.maxLumaSamplesPerSecond, coded.width * coded.height)
        case .vp9(let string):
            guard let level = VP9Level(number: string.level) else { return nil }
            self.init(VP9LevelNeeds(size: size), level, of: string, level.maxLumaSampleRate, size.width * size.height)
        case .av1(let string):
            guard let level = AV1Level.level(index: string.level) else { return nil }
            let needs = AV1LevelNeeds(size: size, tier: string.tier)
            self.init(needs, level, of: string, level.maxDisplayRate, size.width * size.height)
        case .lowest, .vp8: return nil
        }
    }

    private init<Needs: LevelNeeds>(
        _ needs: Needs,
        _ level: Needs.Level,
        of codec: some CustomStringConvertible & Sendable,
        _ allowed: Int,
        _ countPerFrame: Int
    ) {
        framesPerSecond = Double(allowed) / Double(countPerFrame)
        checkRate = { rate throws(EncoderConfigError) in
            var needs = needs
            needs.framerate = rate
            try needs.check(level, of: codec)
        }
    }

    /// Throws if a rate exceeds the level, naming the one to use instead.
    package func check(_ rate: FrameRate?) throws(EncoderConfigError) { try checkRate(rate) }
}
