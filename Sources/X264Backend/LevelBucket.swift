internal import Bitstream
internal import VideoTypes

/// The coded picture buffer of a level (H.264 C.1.2, A.3.1 i and j), which must never run empty: it begins full, fills
/// at the level's highest rate, and gives up each access unit at once, a frame's time after the one before.
///
/// The bounds are those for whole streams (`cpbBrNalFactor`), a fifth above those that libx264 is given for its own,
/// so that what libx264 keeps is never refused here; what it could not keep, with its highest quantizer, may be.
struct LevelBucket {
    private let codec: AVCCodecString
    private let level: AVCLevel
    private let size: Double
    /// Bits a second.
    private let refill: Double
    /// `nil` where only the timestamps tell when frames come.
    private let framesPerSecond: Double?
    private var fullness: Double
    private var last: Int64?

    /// The buffer; `nil` where no level is promised, or the quantizer is fixed.
    init?(_ config: ValidatedEncoderConfig, _ level: AVCLevel, codec: AVCCodecString) {
        guard config.promisesLevel, !config.isFreeOfRateControl else { return nil }
        self.init(level, codec: codec, framesPerSecond: config.values.framerate?.approximate)
    }

    init(_ level: AVCLevel, codec: AVCCodecString, framesPerSecond: Double?) {
        let factor = Double(AVCLevel.cpbBrNalFactor(profileIdc: codec.profileIdc))
        (self.codec, self.level) = (codec, level)
        size = Double(level.maxCPB) * factor
        refill = Double(level.maxBitrate) * factor
        self.framesPerSecond = framesPerSecond
        fullness = size
    }

    /// Takes an access unit out.
    mutating func take(_ chunk: EncodedVideoChunk) throws(EncoderError) {
        let bits = chunk.data.count * 8
        fill(until: chunk.decodeTimestamp ?? chunk.timestamp)
        guard Double(bits) <= fullness else {
            throw .config(
                .unsupported(
                    "the frame at \(chunk.timestamp) has \(bits) bits, where the buffer of level \(level.name) holds"
                        + " \(Int(fullness)) by then: libx264 could not keep the bit rate within \(codec)"
                )
            )
        }
        fullness -= Double(bits)
    }

    private mutating func fill(until time: Int64) {
        defer { last = time }
        guard let last else { return }
        let elapsed = Double(time.subtractingReportingOverflow(last).partialValue) / 1e6
        fullness = min(size, fullness + refill * (framesPerSecond.map { 1 / $0 } ?? max(0, elapsed)))
    }
}
