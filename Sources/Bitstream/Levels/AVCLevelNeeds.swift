package import VideoTypes

extension AVCLevel: CodecLevel {}

/// What a stream of H.264 needs of its level (H.264 A.3.1).
package struct AVCLevelNeeds: LevelNeeds, Equatable {
    /// The coded size, or the shown one: whole macroblocks are counted.
    package var size: PictureSize
    package var framerate: FrameRate?
    /// Frames of the decoded picture buffer.
    package var decodedFrames: Int
    /// The target, or the bound that rate control keeps; `nil` when the rate is free.
    package var bitrate: Int?
    /// The coded picture buffer that rate control keeps within, in bits; `nil` when it is free.
    package var codedPictureBuffer: Int?
    /// `profile_idc`, which decides the unit of rates.
    package var profileIdc: UInt8
    /// How far motion vectors may lead, in luma samples; `nil` when that is as the level has it.
    package var verticalMotion: Int?

    /// The needs of a stream; those that are not given are free.
    package init(
        size: PictureSize,
        framerate: FrameRate? = nil,
        decodedFrames: Int = 1,
        bitrate: Int? = nil,
        codedPictureBuffer: Int? = nil,
        profileIdc: UInt8,
        verticalMotion: Int? = nil
    ) {
        (self.size, self.framerate, self.decodedFrames) = (size, framerate, decodedFrames)
        (self.bitrate, self.codedPictureBuffer) = (bitrate, codedPictureBuffer)
        (self.profileIdc, self.verticalMotion) = (profileIdc, verticalMotion)
    }

    private var widthInMacroblocks: Int { (size.width + 15) / 16 }
    private var heightInMacroblocks: Int { (size.height + 15) / 16 }

    /// Frames that the decoded picture buffer of a level holds at this size.
    package func decodedFramesAllowed(by level: AVCLevel) -> Int {
        level.maxDpbFrames(widthInMacroblocks: widthInMacroblocks, heightInMacroblocks: heightInMacroblocks)
    }

    package func limits(of level: AVCLevel) -> [LevelLimit] {
        let macroblocks = widthInMacroblocks * heightInMacroblocks
        return [
            LevelLimit("macroblocks of a frame", macroblocks, atMost: level.maxFrameMacroblocks, by: "size \(size)"),
            // A.3.1 e and f: no side is longer than the square root of eight times the area.
            LevelLimit(
                "macroblocks a side",
                max(widthInMacroblocks, heightInMacroblocks),
                atMost: level.maxSideInMacroblocks,
                by: "size \(size)"
            ),
            LevelLimit(
                "macroblocks a second",
                framerate?.perSecond(macroblocks),
                atMost: level.maxMacroblocksPerSecond,
                by: setting(size)
            ),
            LevelLimit(
                "frames of the decoded picture buffer",
                decodedFrames,
                atMost: decodedFramesAllowed(by: level),
                by: "a decoded picture buffer of \(decodedFrames) frames"
            ),
            LevelLimit(
                "bits a second",
                bitrate,
                atMost: level.maxBitrate(profileIdc: profileIdc),
                by: bitrateSetting(bitrate)
            ),
            LevelLimit(
                "bits of the coded picture buffer",
                codedPictureBuffer,
                atMost: level.maxCPB(profileIdc: profileIdc),
                by: bufferSetting(codedPictureBuffer)
            ),
            LevelLimit(
                "luma samples of vertical motion",
                verticalMotion,
                atMost: level.maxVerticalMotion,
                by: "a motion vector range of \(verticalMotion ?? 0)"
            ),
        ]
    }
}
