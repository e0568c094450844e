internal import Bitstream
internal import VideoTypes

/// A decoder's buffer as a level of VP9 has it: filled at the level's bit rate, emptied by each frame. It never runs empty
/// in a stream that keeps to the level.
struct VP9RateWatch {
    private let level: VP9Level
    private let codec: String
    /// Bits in the buffer, which is full when decoding starts.
    private var fullness: Double
    private var last: Int64?

    init(_ level: VP9Level, codec: String) {
        (self.level, self.codec) = (level, codec)
        fullness = Double(level.maxCPB)
    }

    /// Takes a chunk out of the buffer.
    ///
    /// - Throws: `EncoderError` if it has not arrived completely at its time.
    mutating func take(_ byteCount: Int, at timestamp: Int64) throws(EncoderError) {
        let elapsed = last.map { Double(timestamp) - Double($0) } ?? 0
        last = timestamp
        fullness = min(Double(level.maxCPB), fullness + Double(level.maxBitrate) * max(0, elapsed) / 1e6)
        fullness -= Double(byteCount * 8)
        guard fullness < 0 else { return }
        throw .config(
            .unsupported(
                "the frame at \(timestamp) microseconds exceeds \(codec): level \(level.name) allows \(level.maxBitrate)"
                    + " bits a second within a buffer of \(level.maxCPB) (use a lower bit rate or quality, or a higher"
                    + " level)"
            )
        )
    }
}
