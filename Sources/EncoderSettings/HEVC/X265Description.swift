internal import Bitstream
package import VideoTypes

extension LibAVEncoderDescription {
    /// HEVC by libx265.
    static let x265 = LibAVEncoderDescription(
        name: "libx265",
        codec: .hevc,
        isHardware: false,
        takesForcedKeyFrames: true,
        device: nil,
        settings: { config throws(EncoderConfigError) in try X265Settings(config).settings },
        reader: { config in HEVCStreamReader(config, rewritesParameterSets: true) },
        choose: { config, reader throws(EncoderConfigError) in try X265Settings(config).choose(reader).description }
    )
}

extension LibAVEncoderDescription {
    /// The encoder is reopened if the timestamps show another rate than the configured one: only libx265 in realtime, which
    /// does not delay frames, and only with a bit rate.
    package func reopensForRate(_ config: ValidatedEncoderConfig) -> Bool {
        let values = config.values
        return name == "libx265" && values.framerate == nil && values.averageFramerate == nil
            && values.latencyMode == .realtime && values.bitrate != nil
    }
}

extension X265Settings {
    /// The codec string, after a look at what libx265 really wrote.
    package func choose(_ reader: any StreamReading) throws(EncoderConfigError) -> HEVCCodecString {
        guard let sps = (reader as? HEVCStreamReader)?.sps else {
            throw .unsupported("libx265 wrote no sequence parameter set")
        }
        if let promise {
            let (size, count, tier) = (sps.codedSize, sps.maxDecPicBuffering, promise.string.tier)
            let needs = requirements(size, decodedPictures: count, promise.profile, tier: tier)
            try needs.check(promise.level, of: promise.string)
            return promise.string
        }
        let profile = HEVCPromise.Profile.lowest(config.values.chroma, config.values.bitDepth)
        var needs = requirements(sps.codedSize, decodedPictures: sps.maxDecPicBuffering, profile, tier: .main)
        for rate in config.ratesForLevel {
            needs.framerate = rate
            for tier in [HEVCCodecString.Tier.main, .high] {
                needs.tier = tier
                if let level = needs.lowestLevel { return profile.string(tier: tier, level: level) }
            }
        }
        throw needs.refusal(by: .hevc)
    }

    package func requirements(
        _ size: PictureSize,
        decodedPictures: Int,
        _ profile: HEVCPromise.Profile,
        tier: HEVCCodecString.Tier
    ) -> HEVCLevelNeeds {
        return HEVCLevelNeeds(
            size: size,
            framerate: config.levelFramerate,
            decodedPictures: decodedPictures,
            bitrate: rate.bitrate.map { Int(Double($0 * 1000) * config.burst) },
            codedPictureBuffer: rate.buffer.map { $0 * 1000 },
            tier: tier,
            bitrateFactor: profile.bitrateFactor
        )
    }
}
