internal import EncoderCore
internal import VideoTypes

/// Gives the frames their ticks, which only grow.
struct VPXTimes {
    /// A frame's place in libvpx's time.
    struct Ticks: Equatable {
        let pts: Int64
        /// 1 or more.
        let duration: Int64
    }

    private let clock: VPXClock
    private var count = 0
    /// For frames without a specified rate.
    private var followed: RateClock

    init(_ clock: VPXClock) { (self.clock, followed) = (clock, RateClock(span: clock.limit)) }

    /// The ticks that libvpx is given for a frame.
    mutating func accept(timestamp: Int64, duration: Int64?) throws(EncoderError) -> Ticks {
        let ticks = try clock.followsTimestamps ? follow(timestamp, duration) : counted()
        guard ticks.pts <= clock.limit else {
            throw .invalidFrame("timestamp \(timestamp) is too far from the first")
        }
        count += 1
        return ticks
    }

    private func counted() throws(EncoderError) -> Ticks {
        guard let start = clock.ticks(ofFrame: count), let end = clock.ticks(ofFrame: count + 1) else {
            throw .invalidFrame("frame \(count) is too far from the first")
        }
        return Ticks(pts: start, duration: max(1, end - start))
    }

    private mutating func follow(_ timestamp: Int64, _ duration: Int64?) throws(EncoderError) -> Ticks {
        let place = try followed.take(timestamp: timestamp, duration: duration)
        return Ticks(pts: place.start, duration: place.duration)
    }
}
