package import VideoTypes

extension HEVCLevel: CodecLevel {}

/// What a stream of HEVC needs of its level (H.265 A.4.1 and A.4.2).
package struct HEVCLevelNeeds: LevelNeeds, Equatable {
    /// The coded size: whole coding blocks.
    package var size: PictureSize
    package var framerate: FrameRate?
    /// `sps_max_dec_pic_buffering_minus1` plus 1.
    package var decodedPictures: Int
    /// The target, or the bound that rate control keeps; `nil` when the rate is free.
    package var bitrate: Int?
    /// The coded picture buffer that rate control keeps within, in bits; `nil` when it is free.
    package var codedPictureBuffer: Int?
    /// The tier, which decides the rates.
    package var tier: HEVCCodecString.Tier
    /// `CpbBrVclFactor` of the profile.
    package var bitrateFactor: Int

    /// The needs of a stream; those that are not given are free.
    package init(
        size: PictureSize,
        framerate: FrameRate? = nil,
        decodedPictures: Int = 1,
        bitrate: Int? = nil,
        codedPictureBuffer: Int? = nil,
        tier: HEVCCodecString.Tier,
        bitrateFactor: Int = 1000
    ) {
        (self.size, self.framerate, self.decodedPictures) = (size, framerate, decodedPictures)
        (self.bitrate, self.codedPictureBuffer) = (bitrate, codedPictureBuffer)
        (self.tier, self.bitrateFactor) = (tier, bitrateFactor)
    }

    package func isInTier(_ level: HEVCLevel) -> Bool { tier == .main || level.maxBitrateHigh != nil }

    package func limits(of level: HEVCLevel) -> [LevelLimit] {
        let samples = size.width * size.height
        return [
            LevelLimit("luma samples of a picture", samples, atMost: level.maxLumaSamples, by: "size \(size)"),
            LevelLimit(
                "luma samples a side",
                max(size.width, size.height),
                atMost: level.maxSide,
                by: "size \(size)"
            ),
            LevelLimit(
                "luma samples a second",
                framerate?.perSecond(samples),
                atMost: level.maxLumaSamplesPerSecond,
                by: setting(size)
            ),
            LevelLimit(
                "pictures of the decoded picture buffer",
                decodedPictures,
                atMost: level.maxDecodedPictures(lumaSamples: samples),
                by: "a decoded picture buffer of \(decodedPictures) pictures"
            ),
            LevelLimit(
                "bits a second",
                bitrate,
                atMost: level.maxBitrate(tier, factor: bitrateFactor),
                by: bitrateSetting(bitrate)
            ),
            LevelLimit(
                "bits of the coded picture buffer",
                codedPictureBuffer,
                atMost: level.maxCPB(tier, factor: bitrateFactor),
                by: bufferSetting(codedPictureBuffer)
            ),
        ]
    }
}
