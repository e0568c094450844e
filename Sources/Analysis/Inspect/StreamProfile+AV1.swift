internal import Bitstream
internal import VideoTypes

extension StreamProfile {
    init(_ sequence: AV1SequenceHeader) {
        let string = sequence.codecString()
        let point = sequence.operatingPoints[0]
        codecString = { _ in string.description }
        words = "AV1 \(sequence.profileName), \(sequence.levelWords(point))"
        codedSize = PictureSize(width: sequence.maxFrameWidth, height: sequence.maxFrameHeight)
        shownSize = codedSize
        format = sequence.sampleWords
        (colorSpace, framerate) = (sequence.color.colorSpace, nil)
        let size = codedSize
        level = LevelRules(
            claimed: AV1Level.level(index: point.level).map { LevelBounds($0, point.tier, size) },
            all: AV1Level.all.filter { point.tier == .main || $0.highBitrate != nil }
                .map { LevelBounds($0, point.tier, size) },
            tier: point.tier == .high ? "High tier" : "Main tier"
        )
    }
}

extension AV1SequenceHeader {
    fileprivate var profileName: String { ["Main", "High", "Professional"][profile] }

    fileprivate var sampleWords: String {
        sampleFormatWords(
            chromaFormatIdc: color.isMonochrome ? 0 : color.chroma.chromaFormatIdc,
            bitDepth: color.bitDepth
        )
    }

    fileprivate func levelWords(_ point: OperatingPoint) -> String {
        guard point.level != AV1Level.unbounded else { return "no level" }
        let tier = point.tier == .high ? "High tier" : "Main tier"
        return "level \(AV1Level.level(index: point.level)?.name ?? "index \(point.level), undefined"), \(tier)"
    }

    private func pointWords(_ point: OperatingPoint) -> String {
        let layers = (0..<8).filter { point.idc >> $0 & 1 == 1 }.map(String.init).joined(separator: ", ")
        return levelWords(point) + (point.idc == 0 ? "" : ", temporal layers \(layers)")
    }

    func words(unit: Int) -> ParameterSetWords {
        var words = ParameterSetWords("Sequence header", unit: unit)
        words.add("profile", "\(profileName) (seq_profile \(profile))")
        words.add("operating points", operatingPoints.map(pointWords).joined(separator: "; "))
        words.add("largest frame", "\(maxFrameWidth)x\(maxFrameHeight)")
        words.add("samples", sampleWords)
        words.add("color", color.colorSpace.words)
        words.add(
            "chroma position",
            color.chroma == .yuv420
                ? ["unknown", "vertical", "colocated", "reserved"][color.chromaSamplePosition & 3] : nil
        )
        words.add("superblocks", usesLargeSuperblocks ? "128x128" : "64x64")
        words.add("order hints", orderHintBits == 0 ? "none" : "\(orderHintBits) bits")
        words.add("super-resolution", enablesSuperres ? "allowed" : "no")
        words.add("film grain", hasFilmGrain ? "yes" : "no")
        words.add("still picture", isStillPicture ? "yes" : nil)
        words.add("reduced header", hasReducedHeader ? "yes" : nil)
        return words
    }
}

extension LevelBounds {
    /// A decoder's buffer holds one second of the highest rate (AV1 annex E).
    fileprivate init(_ level: AV1Level, _ tier: AV1CodecString.Tier, _ size: PictureSize) {
        let bitrate = level.maxBitrate(tier)
        self.init(level, AV1LevelNeeds(size: size, tier: tier), bitrate: bitrate, buffer: bitrate)
    }
}
