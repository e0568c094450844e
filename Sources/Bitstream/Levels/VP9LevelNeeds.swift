package import VideoTypes

/// What a VP9 stream needs of its level.
package struct VP9LevelNeeds: Hashable, Sendable {
    /// The coded size.
    package var size: PictureSize
    /// `nil` when only the timestamps tell.
    package var framerate: FrameRate?
    /// The target in bits a second; `nil` when the rate is free.
    package var bitrate: Int?
    /// Tile columns of a frame, 1 or more.
    package var tileColumns: Int

    /// The needs of a stream.
    package init(size: PictureSize, framerate: FrameRate? = nil, bitrate: Int? = nil, tileColumns: Int = 1) {
        (self.size, self.framerate, self.bitrate, self.tileColumns) = (size, framerate, bitrate, tileColumns)
    }

    /// The lowest level that everything fits into; `nil` if none does.
    package var lowestLevel: VP9Level? { VP9Level.all.first { excess(over: $0) == nil } }

    /// The first thing that is too much for a level; `nil` if everything fits.
    package func excess(over level: VP9Level) -> LevelExcess? {
        sizeExcess(over: level) ?? rateExcess(over: level) ?? bitrateExcess(over: level) ?? tileExcess(over: level)
    }

    /// Why a level does not do, in words that name the one that would; `nil` if it does.
    package func refusal(of level: VP9Level, for codec: String) -> String? {
        excess(over: level)?.refusal(of: codec, level: level.name, lowest: lowestLevel?.name)
    }

    private var samples: Int { size.width * size.height }

    private func sizeExcess(over level: VP9Level) -> LevelExcess? {
        guard samples <= level.maxLumaPictureSize else {
            let numbers = "\(level.maxLumaPictureSize) luma samples, this is \(samples)"
            return LevelExcess(subject: "size \(size)", numbers: numbers)
        }
        let side = max(size.width, size.height)
        guard side > level.maxSide else { return nil }
        return LevelExcess(subject: "size \(size)", numbers: "\(level.maxSide) luma samples a side, this has \(side)")
    }

    private func rateExcess(over level: VP9Level) -> LevelExcess? {
        guard let framerate else { return nil }
        let (numerator, denominator) = (framerate.numerator, framerate.denominator)
        // At most 2^28 samples a picture and 2^31 frames: far from the end of Int.
        let (needed, allowed) = (samples * numerator, level.maxLumaSampleRate * denominator)
        guard needed > allowed else { return nil }
        return LevelExcess(
            subject: "size \(size) at \(framerate) frames a second",
            numbers: "\(level.maxLumaSampleRate) luma samples a second, this is "
                + "\((needed + denominator - 1) / denominator)"
        )
    }

    private func bitrateExcess(over level: VP9Level) -> LevelExcess? {
        guard let bitrate, bitrate > level.maxBitrate else { return nil }
        let numbers = "\(level.maxBitrate) bits a second, this is \(bitrate)"
        return LevelExcess(subject: "a bit rate of \(bitrate)", numbers: numbers)
    }

    private func tileExcess(over level: VP9Level) -> LevelExcess? {
        guard tileColumns > level.maxTileColumns else { return nil }
        let numbers = "\(level.maxTileColumns), this has \(tileColumns)"
        return LevelExcess(subject: "\(tileColumns) tile columns", numbers: numbers)
    }
}
