internal import Bitstream
internal import VideoTypes

extension StreamProfile {
    init(_ key: VP8FrameHeader.KeyFrame, version: Int) {
        codecString = { _ in "vp8" }
        words = "VP8, version \(version)"
        (codedSize, shownSize) = (key.size, key.size)
        format = sampleFormatWords(chromaFormatIdc: 1, bitDepth: 8)
        (colorSpace, framerate) = (.bt601, nil)
        level = LevelRules(claimed: nil, all: [])
    }

    init(_ header: VP9FrameHeader, _ color: VP9FrameHeader.ColorConfig, _ size: PictureSize) {
        let (profile, bitDepth) = (header.profile, color.bitDepth)
        codecString = { name in
            // Without a level that holds the stream, the highest one comes nearest to the truth.
            let level = VP9Level.all.first { $0.name == name } ?? VP9Level.all.last
            return VP9CodecString(profile: profile, level: level?.number ?? 62, bitDepth: bitDepth).description
        }
        words = "VP9 profile \(profile)"
        (codedSize, shownSize) = (size, size)
        format = color.words
        colorSpace = color.colorSpace.h273(fullRange: color.fullRange, bitDepth: bitDepth)
        framerate = nil
        level = LevelRules(claimed: nil, all: VP9Level.all.map { LevelBounds($0, size) })
    }
}

extension VP8FrameHeader.KeyFrame {
    func words(version: Int, unit: Int) -> ParameterSetWords {
        var words = ParameterSetWords("Key frame header", unit: unit)
        words.add("version", "\(version)")
        words.add("size", "\(size)")
        words.add(
            "scaling",
            horizontalScale == 0 && verticalScale == 0 ? nil : "\(horizontalScale) and \(verticalScale)"
        )
        words.add("color", hasReservedColorSpace ? "reserved" : "BT.601, limited range")
        words.add("clamping", needsNoClamping ? "not needed" : "needed")
        return words
    }
}

extension VP9FrameHeader.ColorConfig {
    fileprivate var words: String { "\(chroma?.name ?? "4:4:0"), \(bitDepth) bits" }
}

extension VP9FrameHeader {
    func words(_ color: ColorConfig, _ size: PictureSize, unit: Int) -> ParameterSetWords {
        var words = ParameterSetWords("Key frame header", unit: unit)
        words.add("profile", "\(profile)")
        words.add("size", "\(size)")
        words.add("render size", renderSize.map { "\($0)" })
        words.add("samples", color.words)
        words.add("color", color.colorSpace.h273(fullRange: color.fullRange, bitDepth: color.bitDepth).words)
        words.add("error resilient", isErrorResilient ? "yes" : "no")
        return words
    }
}

extension LevelBounds {
    fileprivate init(_ level: VP9Level, _ size: PictureSize) {
        self.init(level, VP9LevelNeeds(size: size), bitrate: level.maxBitrate, buffer: level.maxCPB)
    }
}
