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
    private let refill: Double
    private var fullness: Double

    /// The buffer; `nil` where no level is promised, the quantizer is fixed, or only the timestamps tell the rate.
    init?(_ config: ValidatedEncoderConfig, _ level: AVCLevel, codec: AVCCodecString) {
        guard config.promisesLevel, !config.isFreeOfRateControl, config.countsFrames else { return nil }
        // Without a frame rate, libx264 is told 30.
        let rate = config.values.framerate.map { Double($0.numerator) / Double($0.denominator) } ?? 30
        self.init(level, codec: codec, framesPerSecond: rate)
    }

    init(_ level: AVCLevel, codec: AVCCodecString, framesPerSecond: Double) {
        let factor = Double(AVCLevel.cpbBrNalFactor(profileIdc: codec.profileIdc))
        (self.codec, self.level) = (codec, level)
        size = Double(level.maxCPB) * factor
        refill = Double(level.maxBitrate) * factor / framesPerSecond
        fullness = size
    }

    /// Takes an access unit out.
    mutating func take(_ chunk: EncodedVideoChunk) throws(EncoderError) {
        let bits = chunk.data.count * 8
        guard Double(bits) <= fullness else {
            throw .config(
                .unsupported(
                    "the frame at \(chunk.timestamp) has \(bits) bits, where the buffer of level \(level.name) holds"
                        + " \(Int(fullness)) by then: libx264 could not hold the bit rate within \(codec)"
                )
            )
        }
        fullness = min(size, fullness - Double(bits) + refill)
    }
}
