package import VideoTypes

/// The times for an encoder whose rate control computes the frame rate from the distance between the ends of two frames.
///
/// A frame lasts until the next one, whose time is not known yet: each gets the interval before it, so that ends are as far
/// apart as the frames are. A duration that does not end at the next frame would look like another rate. Varying intervals, as
/// of phones and of clocks that count milliseconds, would look like a rate that changes with each frame, at which libvpx and
/// libaom exceed the bit rate by up to three quarters. So each frame gets the mean of the last intervals, and a pause is kept
/// as it is.
package struct RateClock {
    /// Where a frame is put, in microseconds.
    package struct Place: Equatable {
        /// 0 or more, and later than the one before.
        package let start: Int64
        /// 1 or more.
        package let duration: Int64
    }

    /// Intervals of which the mean is taken: a rate that changes is followed as fast.
    private static let limit = 16
    /// Ten seconds.
    private static let longestFirst: Int64 = 10_000_000

    private let span: Int64
    private var intervals = IntervalEstimate(limit: limit)
    private var first: Int64?
    private var last: Int64?
    /// Where the last frame ends; at first, a guess of how long the first is shown.
    private var end: Int64 = 33_333

    /// - Parameter span: Microseconds from the first frame on that can be counted.
    package init(span: Int64) { self.span = span }

    /// The place of the next frame.
    ///
    /// - Throws: `EncoderError.invalidFrame` for a timestamp that does not grow, or is too far from the first.
    package mutating func take(timestamp: Int64, duration: Int64?) throws(EncoderError) -> Place {
        guard let last, let first else {
            intervals.add(timestamp)
            (first, last) = (timestamp, timestamp)
            end = min(max(1, duration ?? end), Self.longestFirst)
            return Place(start: 0, duration: end)
        }
        guard timestamp > last else {
            throw .invalidFrame("timestamp \(timestamp) is not greater than the previous one, \(last)")
        }
        let (elapsed, overflow) = timestamp.subtractingReportingOverflow(first)
        guard !overflow, elapsed < span, end < span else {
            throw .invalidFrame("timestamp \(timestamp) is too far from the first")
        }
        let place = Place(start: end, duration: max(1, intervals.add(timestamp) ?? timestamp - last))
        end += place.duration
        self.last = timestamp
        return place
    }
}
