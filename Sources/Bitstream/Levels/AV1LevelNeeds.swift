package import VideoTypes

extension AV1Level: CodecLevel {}

/// What a stream of AV1 needs of its level (AV1 A.3).
package struct AV1LevelNeeds: LevelNeeds, Hashable {
    /// The size of the frames.
    package var size: PictureSize
    package var framerate: FrameRate?
    /// The target of rate control in bits a second; `nil` when the rate is free.
    package var bitrate: Int?
    /// The tier, which decides the rates.
    package var tier: AV1CodecString.Tier
    /// Tile columns of a frame.
    package var tileColumns = 1
    /// Tile rows of a frame.
    package var tileRows = 1

    /// The needs of a stream; those that are not given are free.
    package init(
        size: PictureSize,
        framerate: FrameRate? = nil,
        bitrate: Int? = nil,
        tier: AV1CodecString.Tier = .main
    ) {
        (self.size, self.framerate, self.bitrate, self.tier) = (size, framerate, bitrate, tier)
    }

    package func isInTier(_ level: AV1Level) -> Bool { tier == .main || level.highBitrate != nil }

    package func limits(of level: AV1Level) -> [LevelLimit] {
        let samples = size.width * size.height
        return [
            LevelLimit("samples of a frame", samples, atMost: level.maxPictureSize, by: "size \(size)"),
            LevelLimit("samples in a row", size.width, atMost: level.maxWidth, by: "size \(size)"),
            LevelLimit("rows", size.height, atMost: level.maxHeight, by: "size \(size)"),
            LevelLimit(
                "samples shown a second",
                framerate?.perSecond(samples),
                atMost: level.maxDisplayRate,
                by: setting(size)
            ),
            LevelLimit(
                "frame headers a second",
                framerate?.perSecond(1),
                atMost: level.maxHeaderRate,
                by: setting(size)
            ),
            LevelLimit("bits a second", bitrate, atMost: level.maxBitrate(tier), by: bitrateSetting(bitrate)),
            LevelLimit("tile columns", tileColumns, atMost: level.maxTileColumns),
            LevelLimit("tiles", tileColumns * tileRows, atMost: level.maxTiles),
        ]
    }

    /// Throws unless the level of a codec string exists and holds everything.
    package func check(_ codec: AV1CodecString) throws(EncoderConfigError) {
        guard codec.level != AV1Level.unbounded else { return }
        guard let level = AV1Level.level(index: codec.level) else {
            let levels = (AV1Level.all.map(\.index) + [AV1Level.unbounded]).map(String.init).joined(separator: ", ")
            throw .unsupported("\(codec) has level \(codec.level), which AV1 does not define (A.3; use \(levels))")
        }
        var needs = self
        needs.tier = codec.tier
        try needs.check(level, of: codec)
    }
}
