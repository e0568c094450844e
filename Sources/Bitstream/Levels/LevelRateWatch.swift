package import VideoTypes

/// Watches that frames that come at any time keep to a level's rate: no more of them within a second than the level decodes
/// in one.
///
/// A decoder's buffer evens out what comes a little early or late, so the distance between two frames is not decisive. What
/// counts is a second, the window in which levels count samples and macroblocks.
package struct LevelRateWatch {
    private let level: LevelRate
    /// Times of the frames of the last second, in microseconds.
    private var window: [Int64] = []
    private var start = 0

    /// - Parameter level: What the level allows at the picture's size.
    package init(_ level: LevelRate) { self.level = level }

    /// Takes the time of the next frame, in the order of presentation.
    ///
    /// - Throws: `EncoderConfigError` if the second that ends with it has more intervals than the level allows.
    package mutating func take(_ timestamp: Int64) throws(EncoderConfigError) {
        guard let intervals = excessIntervals(at: timestamp) else { return }
        try level.check(FrameRate(min(intervals, 10_000)))
    }

    private mutating func excessIntervals(at timestamp: Int64) -> Int? {
        if let last = window.last, timestamp < last { return nil }
        window.append(timestamp)
        while Self.isOverASecond(from: window[start], to: timestamp) { start += 1 }
        if start > window.count / 2 {
            window.removeFirst(start)
            start = 0
        }
        let intervals = window.count - start - 1
        return Double(intervals) > level.framesPerSecond ? intervals : nil
    }

    private static func isOverASecond(from start: Int64, to end: Int64) -> Bool {
        let (elapsed, overflows) = end.subtractingReportingOverflow(start)
        return overflows || elapsed > 1_000_000
    }
}
