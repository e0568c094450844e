package import VideoTypes

/// Reads frames of VP8, and frames and superframes of VP9.
package struct VPXUnitReader: UnitReading {
    private let codec: VideoCodec
    private let rate: FrameRate?

    /// How to set up a decoder.
    package private(set) var decoderConfig: DecoderConfig?

    /// A reader at the beginning of a stream.
    package init(_ setup: UnitReaderSetup) { (codec, rate) = (setup.codec, setup.framerate) }

    /// Reads the next frame or superframe.
    package mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        let unit = try VPXUnit(parsing: unit, codec)
        if let sequence = unit.sequence {
            decoderConfig = DecoderConfig(sequence, codec: sequence.codecString(framerate: rate))
        }
        var summary = UnitSummary()
        (summary.isKey, summary.isShown) = (unit.isKey, unit.isShown)
        return summary
    }
}
