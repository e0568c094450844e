package import VideoTypes

/// How far apart frames are at present, by their timestamps: the mean of their last intervals.
///
/// A pause is not counted: it does not predict the frames after it.
package struct IntervalEstimate {
    private static let second: Int64 = 1_000_000
    /// An interval of more means is a pause, unless the one before was one as well.
    private static let pause: Int64 = 4
    /// Twelve days, in microseconds: sums of such intervals do not overflow.
    private static let longest: Int64 = 1 << 40

    private let limit: Int
    private var intervals: [Int64] = []
    private var sum: Int64 = 0
    private var last: Int64?
    private var wasPause = false

    /// - Parameter limit: Intervals within about a second that count, at most; 1 or more.
    package init(limit: Int = 127) { self.limit = limit }

    /// Takes the time of the next frame.
    ///
    /// - Returns: The mean, or the pause itself if it comes after one; `nil` for the first frame, and after a time that is
    ///   not after the one before.
    @discardableResult
    package mutating func add(_ timestamp: Int64) -> Int64? {
        defer { last = timestamp }
        guard let last else { return nil }
        let (interval, overflow) = timestamp.subtractingReportingOverflow(last)
        guard !overflow, interval > 0 else {
            forget()
            return nil
        }
        guard interval <= Self.longest, !isPause(interval) else { return interval }
        intervals.append(interval)
        sum += interval
        while intervals.count > 1, intervals.count > limit || sum - intervals[0] > Self.second {
            sum -= intervals.removeFirst()
        }
        return mean
    }

    /// Microseconds from one frame to the next; `nil` before the second frame.
    package var mean: Int64? { intervals.isEmpty ? nil : sum / Int64(intervals.count) }

    /// By how much the rate may be off, as a factor: a few intervals that vary tell little.
    package var uncertainty: Double { 1.06 + 0.5 / Double(max(1, intervals.count)) }

    /// Frames a second; `nil` before the second frame.
    package var framerate: FrameRate? {
        guard sum > 0 else { return nil }
        let rate = Double(intervals.count) * 1e6 / Double(sum)
        guard rate >= 0.01, rate <= 10_000 else { return nil }
        return FrameRate(Int((rate * 100).rounded()), 100)
    }

    private mutating func isPause(_ interval: Int64) -> Bool {
        guard let mean, interval / Self.pause > mean else {
            wasPause = false
            return false
        }
        guard wasPause else {
            wasPause = true
            return true
        }
        // Two of them are another rate.
        forget()
        return false
    }

    private mutating func forget() { (intervals, sum, wasPause) = ([], 0, false) }
}
