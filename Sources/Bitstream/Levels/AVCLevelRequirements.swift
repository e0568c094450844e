package import VideoTypes

/// What a stream needs of its level (H.264 A.3.1).
package struct LevelRequirements: Equatable {
    package var size: PictureSize
    /// `nil` when only the timestamps tell.
    package var framerate: FrameRate?
    package var dpbFrames: Int
    /// The target, or the bound that rate control keeps; `nil` when the rate is free.
    package var bitrate: Int?
    /// The coded picture buffer that rate control keeps within, in bits; `nil` when it is free.
    package var codedPictureBuffer: Int?
    package var profileIdc: UInt8
    /// How far motion vectors may lead, in luma samples; `nil` when that is as the level has it.
    package var verticalMotion: Int?

    package init(
        size: PictureSize,
        framerate: FrameRate? = nil,
        dpbFrames: Int,
        bitrate: Int? = nil,
        codedPictureBuffer: Int? = nil,
        profileIdc: UInt8,
        verticalMotion: Int? = nil
    ) {
        self.size = size
        self.framerate = framerate
        self.dpbFrames = dpbFrames
        self.bitrate = bitrate
        self.codedPictureBuffer = codedPictureBuffer
        self.profileIdc = profileIdc
        self.verticalMotion = verticalMotion
    }

    package var widthInMacroblocks: Int { (size.width + 15) / 16 }
    package var heightInMacroblocks: Int { (size.height + 15) / 16 }
    package var macroblocks: Int { widthInMacroblocks * heightInMacroblocks }

    /// The lowest level that everything fits into.
    package var lowestLevel: AVCLevel? { AVCLevel.all.first { excess(over: $0) == nil } }

    /// The first thing that is too much for a level; `nil` if everything fits.
    package func excess(over level: AVCLevel) -> LevelExcess? {
        sizeExcess(over: level) ?? rateExcess(over: level) ?? dpbExcess(over: level) ?? bitrateExcess(over: level)
            ?? motionExcess(over: level)
    }

    /// Throws unless the level holds everything, naming the level that would do.
    package func check(_ level: AVCLevel, of codec: AVCCodecString) throws(EncoderConfigError) {
        guard let excess = excess(over: level) else { return }
        throw .unsupported(
            excess.refusal(of: codec.description, level: level.name, lowest: lowestLevel?.name)
        )
    }

    private func sizeExcess(over level: AVCLevel) -> LevelExcess? {
        guard macroblocks <= level.maxFrameMacroblocks else {
            return LevelExcess(
                subject: "size \(size)",
                numbers: "\(level.maxFrameMacroblocks) macroblocks, this is \(macroblocks)"
            )
        }
        // A.3.1 e and f: no side is longer than the square root of eight times the area.
        let longest = max(widthInMacroblocks, heightInMacroblocks)
        guard longest > level.maxSideInMacroblocks else { return nil }
        return LevelExcess(
            subject: "size \(size)",
            numbers: "\(level.maxSideInMacroblocks) macroblocks a side, this has \(longest)"
        )
    }

    private func rateExcess(over level: AVCLevel) -> LevelExcess? {
        guard let framerate else { return nil }
        let (numerator, denominator) = (framerate.numerator, framerate.denominator)
        let (needed, allowed) = (macroblocks * numerator, level.maxMacroblocksPerSecond * denominator)
        guard needed > allowed else { return nil }
        return LevelExcess(
            subject: "size \(size) at \(framerate) frames a second",
            numbers: "\(level.maxMacroblocksPerSecond) macroblocks a second, this is "
                + "\((needed + denominator - 1) / denominator)"
        )
    }

    private func dpbExcess(over level: AVCLevel) -> LevelExcess? {
        let allowed = dpbFramesAllowed(by: level)
        guard dpbFrames > allowed else { return nil }
        return LevelExcess(
            subject: "a decoded picture buffer of \(dpbFrames) frames",
            numbers: "\(allowed) at \(size), this needs \(dpbFrames)"
        )
    }

    private func motionExcess(over level: AVCLevel) -> LevelExcess? {
        guard let verticalMotion, verticalMotion > level.maxVerticalMotion else { return nil }
        return LevelExcess(
            subject: "a motion vector range of \(verticalMotion)",
            numbers: "\(level.maxVerticalMotion), this is \(verticalMotion)"
        )
    }

    package func dpbFramesAllowed(by level: AVCLevel) -> Int {
        level.maxDpbFrames(widthInMacroblocks: widthInMacroblocks, heightInMacroblocks: heightInMacroblocks)
    }

    private func bitrateExcess(over level: AVCLevel) -> LevelExcess? {
        let (allowed, buffer) = (level.maxBitrate(profileIdc: profileIdc), level.maxCPB(profileIdc: profileIdc))
        if let bitrate, bitrate > allowed {
            return LevelExcess(
                subject: "a bit rate of \(bitrate)",
                numbers: "\(allowed) bits a second, this is \(bitrate)"
            )
        }
        if let codedPictureBuffer, codedPictureBuffer > buffer {
            return LevelExcess(
                subject: "a coded picture buffer of \(codedPictureBuffer) bits",
                numbers: "\(buffer), this is \(codedPictureBuffer)"
            )
        }
        return nil
    }
}
