/// Watches that frames that come at any time keep to a level's rate: no more of them within a second than the level decodes
/// in one.
///
/// A decoder's buffer evens out what comes a little early or late, so that the distance of two single frames says nothing:
/// what counts is a second, the window in which levels count samples and macroblocks.
package struct LevelRateWatch {
    private let framesPerSecond: Double
    /// Times of the frames of the last second, in microseconds.
    private var window: [Int64] = []
    private var start = 0

    /// - Parameter framesPerSecond: What the level allows at the picture's size.
    package init(framesPerSecond: Double) { self.framesPerSecond = framesPerSecond }

    /// Takes the time of the next frame, in the order of presentation.
    ///
    /// - Returns: Intervals within the second that ends with it, if the level has room for fewer; otherwise `nil`.
    package mutating func take(_ timestamp: Int64) -> Int? {
        if let last = window.last, timestamp < last { return nil }
        window.append(timestamp)
        while Self.isOverASecond(from: window[start], to: timestamp) { start += 1 }
        if start > window.count / 2 {
            window.removeFirst(start)
            start = 0
        }
        let intervals = window.count - start - 1
        return Double(intervals) > framesPerSecond ? intervals : nil
    }

    private static func isOverASecond(from start: Int64, to end: Int64) -> Bool {
        let (elapsed, overflows) = end.subtractingReportingOverflow(start)
        return overflows || elapsed > 1_000_000
    }
}
