package import VideoTypes

/// The rule by which frames are dropped and repeated to come at a constant rate: that of ffmpeg's filter `fps` with
/// `round=near`. No frame and no clock.
package struct RateConversion: Hashable, Sendable {
    /// What became of the frames.
    package struct Counts: Hashable, Sendable {
        /// Frames that came and are not in the output.
        package var dropped = 0
        /// Frames of the output that show what the one before shows.
        package var repeated = 0

        /// No frame yet.
        package init() {}
    }

    private let rate: FrameRate

    /// The rule for a rate of the output.
    package init(_ rate: FrameRate) { self.rate = rate }

    /// The frame of the output that is the nearest to a time, and the later one of two. Times are rounded to microseconds, so that
    /// one may be half of that before the middle.
    ///
    /// - Parameter time: Microseconds, 0 or more.
    package func tick(_ time: Int64) -> Int64 {
        let second = Int128(rate.denominator) * 1_000_000
        return Int64(clamping: ((Int128(time) * 2 + 1) * Int128(rate.numerator) + second) / (second * 2))
    }

    /// Where a frame of the output is.
    package func time(ofTick tick: Int64) -> Int64 {
        rate.timestamp(ofFrame: Int(clamping: tick)) ?? MediaTime.bounds.upperBound
    }
}
