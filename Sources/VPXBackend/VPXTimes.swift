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
    private var first: Int64?
    private var last: Int64?
    /// Where the last frame ends that libvpx was given; at first, a guess of how long the first is shown.
    private var end: Int64 = 33_333

    init(_ clock: VPXClock) { self.clock = clock }

    /// The ticks that libvpx is given for a frame.
    mutating func accept(timestamp: Int64, duration: Int64?) throws(EncoderError) -> Ticks {
        let ticks = try clock.followsTimestamps ? follow(timestamp, duration) : counted()
        guard ticks.pts <= clock.limit else { throw Self.tooFar(timestamp) }
        (count, last, first) = (count + 1, timestamp, first ?? timestamp)
        return ticks
    }

    private func counted() throws(EncoderError) -> Ticks {
        guard let start = clock.ticks(ofFrame: count), let end = clock.ticks(ofFrame: count + 1) else {
            throw .invalidFrame("frame \(count) is too far from the first")
        }
        return Ticks(pts: start, duration: max(1, end - start))
    }

    /// libvpx makes the rate of the distance between the ends of two frames. A frame lasts until the next one comes, which is
    /// not known yet: each is given the interval before it, so that ends are as far apart as the frames are. A duration that
    /// does not reach to the next frame, or beyond it, would be taken for another rate.
    private mutating func follow(_ timestamp: Int64, _ duration: Int64?) throws(EncoderError) -> Ticks {
        guard let last, let first else {
            end = min(max(1, duration ?? end), Self.longestFirst)
            return Ticks(pts: 0, duration: end)
        }
        guard timestamp > last else {
            throw .invalidFrame("timestamp \(timestamp) does not follow \(last): timestamps must grow")
        }
        let (elapsed, overflow) = timestamp.subtractingReportingOverflow(first)
        guard !overflow, elapsed < clock.limit else { throw Self.tooFar(timestamp) }
        defer { end += timestamp - last }
        return Ticks(pts: end, duration: timestamp - last)
    }

    /// Ten seconds.
    private static let longestFirst: Int64 = 10_000_000

    private static func tooFar(_ timestamp: Int64) -> EncoderError {
        .invalidFrame("timestamp \(timestamp) is too far from the first")
    }
}
