package import VideoTypes

/// What a stream of HEVC needs of its level (H.265 A.4.1 and A.4.2).
package struct HEVCLevelRequirements: Equatable {
    /// The coded size: whole coding blocks.
    package var size: PictureSize
    /// `nil` when only the timestamps tell.
    package var framerate: FrameRate?
    /// `sps_max_dec_pic_buffering_minus1` plus 1.
    package var decodedPictures: Int
    /// The target, or the bound that rate control keeps; `nil` when the rate is free.
    package var bitrate: Int?
    /// The coded picture buffer that rate control keeps within, in bits; `nil` when it is free.
    package var codedPictureBuffer: Int?
    package var tier: HEVCCodecString.Tier
    /// `CpbBrVclFactor` of the profile.
    package var bitrateFactor: Int

    package init(
        size: PictureSize,
        framerate: FrameRate? = nil,
        decodedPictures: Int,
        bitrate: Int? = nil,
        codedPictureBuffer: Int? = nil,
        tier: HEVCCodecString.Tier,
        bitrateFactor: Int
    ) {
        self.size = size
        self.framerate = framerate
        self.decodedPictures = decodedPictures
        self.bitrate = bitrate
        self.codedPictureBuffer = codedPictureBuffer
        self.tier = tier
        self.bitrateFactor = bitrateFactor
    }

    private var lumaSamples: Int { size.width * size.height }

    /// The lowest level that everything fits into.
    package var lowestLevel: HEVCLevel? {
        HEVCLevel.all.first { excess(over: $0) == nil && (tier == .main || $0.maxBitrateHigh != nil) }
    }

    /// The first thing that is too much for a level; `nil` if everything fits.
    package func excess(over level: HEVCLevel) -> LevelExcess? {
        sizeExcess(over: level) ?? rateExcess(over: level) ?? bufferExcess(over: level) ?? bitrateExcess(over: level)
    }

    /// Throws unless the level holds everything, naming the level that would do.
    package func check(_ level: HEVCLevel, of codec: HEVCCodecString) throws(EncoderConfigError) {
        guard let excess = excess(over: level) else { return }
        throw .unsupported(
            excess.refusal(of: codec.description, level: level.name, lowest: lowestLevel?.name)
        )
    }

    private func sizeExcess(over level: HEVCLevel) -> LevelExcess? {
        guard lumaSamples <= level.maxLumaSamples else {
            let numbers = "\(level.maxLumaSamples) luma samples, this is \(lumaSamples)"
            return LevelExcess(subject: "size \(size)", numbers: numbers)
        }
        let longest = max(size.width, size.height)
        guard longest > level.maxSide else { return nil }
        return LevelExcess(
            subject: "size \(size)",
            numbers: "\(level.maxSide) luma samples a side, this has \(longest)"
        )
    }

    private func rateExcess(over level: HEVCLevel) -> LevelExcess? {
        guard let framerate else { return nil }
        let (numerator, denominator) = (framerate.numerator, framerate.denominator)
        let needed = lumaSamples * numerator
        guard needed > level.maxLumaSamplesPerSecond * denominator else { return nil }
        return LevelExcess(
            subject: "size \(size) at \(framerate) frames a second",
            numbers: "\(level.maxLumaSamplesPerSecond) luma samples a second, this is"
                + " \((needed + denominator - 1) / denominator)"
        )
    }

    private func bufferExcess(over level: HEVCLevel) -> LevelExcess? {
        let allowed = level.maxDecodedPictures(lumaSamples: lumaSamples)
        guard decodedPictures > allowed else { return nil }
        return LevelExcess(
            subject: "a decoded picture buffer of \(decodedPictures) pictures",
            numbers: "\(allowed) at \(size), this needs \(decodedPictures)"
        )
    }

    private func bitrateExcess(over level: HEVCLevel) -> LevelExcess? {
        let allowed = level.maxBitrate(tier, factor: bitrateFactor)
        if let bitrate, bitrate > allowed {
            let numbers = "\(allowed) bits a second in this tier, this is \(bitrate)"
            return LevelExcess(subject: "a bit rate of \(bitrate)", numbers: numbers)
        }
        let buffer = level.maxCPB(tier, factor: bitrateFactor)
        guard let codedPictureBuffer, codedPictureBuffer > buffer else { return nil }
        let subject = "a coded picture buffer of \(codedPictureBuffer) bits"
        return LevelExcess(subject: subject, numbers: "\(buffer), this is \(codedPictureBuffer)")
    }
}
