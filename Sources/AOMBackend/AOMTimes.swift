internal import VideoTypes

/// The times of the frames that libaom holds. It is given numbers that only grow; the frames' own timestamps and durations
/// come back exactly as they were.
struct AOMTimes {
    private var pending: [Int64: (timestamp: Int64, duration: Int64?)] = [:]
    private var count = 0
    private var first: Int64?
    private var last: Int64?
    /// Where the last frame ends that libaom was given; at first, a guess of how long the first is shown.
    private var end: Int64 = 33_333

    /// What libaom is told of a frame: its time and duration in the units of ``AOMClock``.
    mutating func accept(
        timestamp: Int64,
        duration: Int64?,
        clock: AOMClock
    ) throws(EncoderError) -> (pts: Int64, duration: Int) {
        if let last, clock == .timestamps, timestamp <= last {
            throw .invalidFrame("timestamp \(timestamp) does not follow \(last): timestamps must grow")
        }
        let (pts, length) = try time(timestamp, duration, clock)
        pending[pts] = (timestamp, duration)
        (count, first, last) = (count + 1, first ?? timestamp, timestamp)
        return (pts, length)
    }

    /// libaom counts ticks of a ten-millionth of a second in 63 bits; a hundredth of that is 290 years.
    static let longest: Int64 = 1 << 53

    private mutating func time(
        _ timestamp: Int64,
        _ duration: Int64?,
        _ clock: AOMClock
    ) throws(EncoderError) -> (Int64, Int) {
        switch clock {
        case .frames: return (Int64(count), 1)
        case .microseconds(let rate):
            guard let pts = rate.timestamp(ofFrame: count), let length = rate.duration(ofFrame: count),
                pts < Self.longest
            else { throw .invalidFrame("frame \(count) is later than libaom can count") }
            return (pts, Int(max(1, length)))
        case .timestamps:
            return try follow(timestamp, duration)
        }
    }

    /// libaom makes the rate of the distance between the ends of two frames. A frame lasts until the next one comes, which is
    /// not known yet: each is given the interval before it, so that ends are as far apart as the frames are.
    private mutating func follow(_ timestamp: Int64, _ duration: Int64?) throws(EncoderError) -> (Int64, Int) {
        guard let last, let first else {
            end = min(max(1, duration ?? end), Self.longestFirst)
            return (0, Int(end))
        }
        let (elapsed, overflow) = timestamp.subtractingReportingOverflow(first)
        guard !overflow, elapsed < Self.longest else {
            throw .invalidFrame("timestamp \(timestamp) is further from the first than libaom can count")
        }
        defer { end += timestamp - last }
        return (end, Int(timestamp - last))
    }

    /// Ten seconds.
    private static let longestFirst: Int64 = 10_000_000

    /// A frame has been given.
    var haveBegun: Bool { count > 0 }

    /// Frames are in libaom that have not come out.
    var areWaiting: Bool { !pending.isEmpty }

    /// The times of the frame that libaom gives back.
    mutating func release(pts: Int64) throws(EncoderError) -> (timestamp: Int64, duration: Int64?) {
        guard let times = pending.removeValue(forKey: pts) else {
            throw .codec(operation: "aom_codec_encode gave a frame that it was not given, pts \(pts)", status: -1)
        }
        return times
    }
}

/// What libaom takes for time.
enum AOMClock: Hashable {
    /// The frame's number; a unit is the time of one.
    case frames
    /// Microseconds by the frame's number, for rates that libaom's time base cannot say.
    case microseconds(FrameRate)
    /// The frames' own timestamps.
    case timestamps

    init(_ framerate: FrameRate?) {
        switch framerate {
        case nil: self = .timestamps
        // libaom's time base is at most a second and has at most a milliard units in one (av1_cx_iface.c).
        case let rate? where rate.numerator >= rate.denominator && rate.numerator <= 1_000_000_000: self = .frames
        case let rate?: self = .microseconds(rate)
        }
    }
}
