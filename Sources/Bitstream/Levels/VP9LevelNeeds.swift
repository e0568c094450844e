package import VideoTypes

extension VP9Level: CodecLevel {}

/// What a stream of VP9 needs of its level (the WebM project's "VP9 Levels and Decoder Testing").
package struct VP9LevelNeeds: LevelNeeds, Hashable {
    /// The coded size.
    package var size: PictureSize
    package var framerate: FrameRate?
    /// The target in bits a second; `nil` when the rate is free.
    package var bitrate: Int?
    /// Tile columns of a frame, 1 or more.
    package var tileColumns: Int

    /// The needs of a stream; those that are not given are free.
    package init(size: PictureSize, framerate: FrameRate? = nil, bitrate: Int? = nil, tileColumns: Int = 1) {
        (self.size, self.framerate, self.bitrate, self.tileColumns) = (size, framerate, bitrate, tileColumns)
    }

    package func limits(of level: VP9Level) -> [LevelLimit] {
        let samples = size.width * size.height
        return [
            LevelLimit("luma samples of a picture", samples, atMost: level.maxLumaPictureSize, by: "size \(size)"),
            LevelLimit(
                "luma samples a side",
                max(size.width, size.height),
                atMost: level.maxSide,
                by: "size \(size)"
            ),
            LevelLimit(
                "luma samples a second",
                framerate?.perSecond(samples),
                atMost: level.maxLumaSampleRate,
                by: setting(size)
            ),
            LevelLimit("bits a second", bitrate, atMost: level.maxBitrate, by: bitrateSetting(bitrate)),
            LevelLimit("tile columns", tileColumns, atMost: level.maxTileColumns),
        ]
    }
}
