package import VideoTypes

/// Reads frames of VP8, and frames and superframes of VP9.
package struct VPXUnitReader: UnitReading {
    private let isVP8: Bool
    private let rate: FrameRate?

    /// How to set up a decoder.
    package private(set) var decoderConfig: DecoderConfig?

    /// A reader at the beginning of a stream.
    package init(_ setup: UnitReaderSetup) { (isVP8, rate) = (setup.codec == .vp8, setup.framerate) }

    /// Reads the next frame or superframe.
    package mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        try isVP8 ? readVP8(unit) : readVP9(unit)
    }

    private mutating func readVP8(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        let header = try VP8FrameHeader(parsing: unit)
        if let key = header.keyFrame { describe("vp8", key.size, .bt601) }
        var summary = UnitSummary()
        (summary.isKey, summary.isShown) = (header.isKey, header.isShown)
        return summary
    }

    private mutating func readVP9(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        var summary = UnitSummary()
        summary.isShown = false
        for (index, frame) in try VP9Superframe.split(unit).enumerated() {
            let header = try VP9FrameHeader(parsing: frame)
            if index == 0 { summary.isKey = header.isKey }
            summary.isShown = summary.isShown || header.isShown || header.existingFrame != nil
            if header.isKey, let size = header.size, let color = header.color {
                let level = VP9LevelNeeds(size: size, framerate: rate).lowestLevel?.number ?? 62
                let codec = VP9CodecString(profile: header.profile, level: level, bitDepth: color.bitDepth)
                let space = color.colorSpace.h273(fullRange: color.fullRange, bitDepth: color.bitDepth)
                describe(codec.description, size, space)
            }
        }
        return summary
    }

    private mutating func describe(_ codec: String, _ size: PictureSize, _ color: VideoColorSpace) {
        decoderConfig = DecoderConfig(
            codec: codec,
            codedWidth: size.width,
            codedHeight: size.height,
            pixelAspectRatio: .square,
            colorSpace: color,
            description: nil
        )
    }
}
