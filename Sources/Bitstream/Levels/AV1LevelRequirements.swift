package import VideoTypes

/// What a stream needs of its level (AV1 A.3).
package struct AV1LevelRequirements: Hashable, Sendable {
    /// The size of the frames.
    package var size: PictureSize
    /// Frames shown a second; `nil` when only the timestamps tell.
    package var framerate: FrameRate?
    /// The target of rate control in bits a second; `nil` when the rate is free.
    package var bitrate: Int?
    /// Tile columns of a frame.
    package var tileColumns = 1
    /// Tile rows of a frame.
    package var tileRows = 1

    /// What a stream needs.
    package init(size: PictureSize, framerate: FrameRate?, bitrate: Int?) {
        (self.size, self.framerate, self.bitrate) = (size, framerate, bitrate)
    }

    /// The lowest level that everything fits into; `nil` if none does.
    package func lowestLevel(_ tier: AV1CodecString.Tier = .main) -> AV1Level? {
        AV1Level.all.first { excess(over: $0, tier) == nil && (tier == .main || $0.highBitrate != nil) }
    }

    /// The first thing that is too much for a level; `nil` if everything fits.
    package func excess(over level: AV1Level, _ tier: AV1CodecString.Tier = .main) -> LevelExcess? {
        sizeExcess(over: level) ?? rateExcess(over: level) ?? bitrateExcess(over: level, tier)
            ?? tileExcess(over: level)
    }

    private func sizeExcess(over level: AV1Level) -> LevelExcess? {
        let subject = "size \(size)"
        let samples = size.width * size.height
        if samples > level.maxPictureSize {
            return LevelExcess(subject: subject, numbers: "\(level.maxPictureSize) samples a frame, this is \(samples)")
        }
        if size.width > level.maxWidth {
            return LevelExcess(subject: subject, numbers: "a width of \(level.maxWidth), this is \(size.width)")
        }
        guard size.height > level.maxHeight else { return nil }
        return LevelExcess(subject: subject, numbers: "a height of \(level.maxHeight), this is \(size.height)")
    }

    private func rateExcess(over level: AV1Level) -> LevelExcess? {
        guard let framerate else { return nil }
        let subject = "size \(size) at \(framerate) frames a second"
        let (numerator, denominator) = (framerate.numerator, framerate.denominator)
        let needed = size.width * size.height * numerator
        if needed > level.maxDisplayRate * denominator {
            let rate = (needed + denominator - 1) / denominator
            return LevelExcess(subject: subject, numbers: "\(level.maxDisplayRate) samples a second, this is \(rate)")
        }
        guard numerator > level.maxHeaderRate * denominator else { return nil }
        return LevelExcess(
            subject: subject,
            numbers: "\(level.maxHeaderRate) frame headers a second, this is \(framerate)"
        )
    }

    private func bitrateExcess(over level: AV1Level, _ tier: AV1CodecString.Tier) -> LevelExcess? {
        guard let bitrate, bitrate > level.maxBitrate(tier) else { return nil }
        return LevelExcess(
            subject: "a bit rate of \(bitrate)",
            numbers: "\(level.maxBitrate(tier)) bits a second in this tier, this is \(bitrate)"
        )
    }

    private func tileExcess(over level: AV1Level) -> LevelExcess? {
        if tileColumns > level.maxTileColumns {
            return LevelExcess(
                subject: "\(tileColumns) tile columns",
                numbers: "\(level.maxTileColumns), this is \(tileColumns)"
            )
        }
        let tiles = tileColumns * tileRows
        guard tiles > level.maxTiles else { return nil }
        return LevelExcess(subject: "\(tiles) tiles", numbers: "\(level.maxTiles), this is \(tiles)")
    }

    /// Throws unless the level of a codec string holds everything, naming the level that would do.
    package func check(_ codec: AV1CodecString) throws(EncoderConfigError) {
        guard codec.level != AV1Level.unbounded else { return }
        guard let level = AV1Level.level(index: codec.level) else {
            throw .unsupported("\(codec) asks for a level that AV1 has not defined (A.3)")
        }
        guard let excess = excess(over: level, codec.tier) else { return }
        throw .unsupported(
            excess.refusal(of: codec.description, level: level.name, lowest: lowestLevel(codec.tier)?.name)
        )
    }
}
