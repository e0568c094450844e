public import VideoTypes

/// The requirements of an encoder for single frames and the times between them.
///
/// Everything here is checked before a frame is queued, so that an invalid frame is refused and the encoder stays usable.
public struct FrameRules: Sendable {
    /// The codec uses the timestamps, so each must be later than the previous one. The default is false.
    public var needsGrowingTimestamps = false
    /// The limits of a level if only the timestamps determine the rate. `nil`, the default, means no limit.
    public var rateLimit: RateLimit?
    /// Microseconds that a frame may be later than the first one. `nil`, the default, means as many as there can be.
    public var longestSpan: Int64?
    /// The maximum number of frames. `nil`, the default, means no limit.
    public var mostFrames: Int?
    /// Why a stream has at most ``mostFrames``. `nil`, the default, where it may have any number.
    public var refusalOfMore: EncoderConfigError?
    /// A frame can be made a key frame. The default is that it can.
    public var takesKeyFrames = true
    /// A frame can have a quantizer of its own. The default is that it can.
    public var takesQuantizers = true
    /// What messages call the encoder.
    public var encoder: String

    /// Frames within a second, the window in which levels count: single frames may come a little early or late.
    public struct RateLimit: Sendable {
        /// Frames a second, at most.
        public let framesPerSecond: Double
        /// Throws if a rate is too much, naming what has room for it.
        let check: @Sendable (FrameRate) throws(EncoderConfigError) -> Void

        /// A limit.
        ///
        /// - Parameters:
        ///   - framesPerSecond: Frames a second, at most.
        ///   - check: Throws if a rate is too much, naming what has room for it.
        public init(
            framesPerSecond: Double,
            check: @escaping @Sendable (FrameRate) throws(EncoderConfigError) -> Void
        ) {
            (self.framesPerSecond, self.check) = (framesPerSecond, check)
        }
    }

    /// Rules that refuse only impossible times.
    ///
    /// - Parameter encoder: What messages call the encoder.
    public init(encoder: String = "the encoder") { self.encoder = encoder }
}

/// What is remembered of the frames before, since the last configuration or flush.
struct FrameHistory: Hashable, Sendable {
    private var first: Int64?
    private var last: Int64?
    private var count = 0
    /// Times of the frames of the last second, for a limited rate.
    private var window: [Int64] = []

    /// Takes a frame, which must fit the rules and the frames before.
    mutating func take(timestamp: Int64, duration: Int64?, _ rules: FrameRules) throws(EncoderError) {
        try Self.checkBounds(timestamp, duration)
        try checkGrowth(timestamp, rules)
        try checkSpan(timestamp, rules)
        if let limit = rules.rateLimit { try takeRate(timestamp, limit) }
        (first, last, count) = (first ?? timestamp, timestamp, count + 1)
    }

    private static func checkBounds(_ timestamp: Int64, _ duration: Int64?) throws(EncoderError) {
        if let time = MediaTime.outOfBounds(timestamp, duration) {
            throw .invalidFrame("a time of \(time) µs, which is not within 285 years of 0")
        }
    }

    private func checkGrowth(_ timestamp: Int64, _ rules: FrameRules) throws(EncoderError) {
        guard let last else { return }
        guard !rules.needsGrowingTimestamps || timestamp > last else {
            throw .invalidFrame("timestamp \(timestamp) is not greater than the previous one, \(last)")
        }
    }

    private mutating func takeRate(_ timestamp: Int64, _ limit: FrameRules.RateLimit) throws(EncoderError) {
        if let last = window.last, timestamp < last { return }
        window.removeAll { timestamp - $0 > 1_000_000 }
        window.append(timestamp)
        let intervals = window.count - 1
        guard Double(intervals) > limit.framesPerSecond, let rate = FrameRate(min(intervals, 10_000)) else { return }
        do throws(EncoderConfigError) { try limit.check(rate) } catch { throw .config(error) }
    }

    private func checkSpan(_ timestamp: Int64, _ rules: FrameRules) throws(EncoderError) {
        if let most = rules.mostFrames, count >= most {
            if let refusal = rules.refusalOfMore { throw .config(refusal) }
            throw .invalidFrame("frame \(count) is too late for \(rules.encoder)")
        }
        guard let longest = rules.longestSpan, let first, timestamp - first > longest else { return }
        throw .invalidFrame("timestamp \(timestamp) is too far from the first for \(rules.encoder)")
    }
}
