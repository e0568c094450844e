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
    private var interval: Int64 = 33_333

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

    private mutating func follow(_ timestamp: Int64, _ duration: Int64?) throws(EncoderError) -> Ticks {
        let (pts, overflow) = timestamp.subtractingReportingOverflow(first ?? timestamp)
        guard !overflow else { throw Self.tooFar(timestamp) }
        if let last {
            guard timestamp > last else {
                throw .invalidFrame("timestamp \(timestamp) does not follow \(last): timestamps must grow")
            }
            interval = timestamp - last
        }
        // Without a duration, the distance from the frame before is the best guess of rate control.
        return Ticks(pts: pts, duration: min(max(1, duration ?? interval), 1 << 40))
    }

    private static func tooFar(_ timestamp: Int64) -> EncoderError {
        .invalidFrame("timestamp \(timestamp) is too far from the first")
    }
}
