internal import EncoderCore
internal import VideoTypes

/// The times of the frames that libaom holds. It is given numbers that only grow; the frames' own timestamps and durations
/// come back exactly as they were.
struct AOMTimes {
    /// A frame's own times, and for how long libaom was told that it lasts.
    typealias Held = (timestamp: Int64, duration: Int64?, length: Int)

    private var pending: [Int64: Held] = [:]
    private var count = 0
    /// For frames without a specified rate.
    private var followed = RateClock(span: longest)

    /// What libaom is told of a frame: its time and duration in the units of ``AOMClock``.
    mutating func accept(
        timestamp: Int64,
        duration: Int64?,
        clock: AOMClock
    ) throws(EncoderError) -> (pts: Int64, duration: Int) {
        let (pts, length) = try time(timestamp, duration, clock)
        pending[pts] = (timestamp, duration, length)
        count += 1
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
            else { throw .invalidFrame("frame \(count) is too late for libaom") }
            return (pts, Int(max(1, length)))
        case .timestamps:
            let place = try followed.take(timestamp: timestamp, duration: duration)
            return (place.start, Int(place.duration))
        }
    }

    /// A frame has been given.
    var haveBegun: Bool { count > 0 }

    /// libaom has frames that it has not returned.
    var areWaiting: Bool { !pending.isEmpty }

    /// The times of the frame that libaom gives back.
    mutating func release(pts: Int64) throws(EncoderError) -> Held {
        guard let times = pending.removeValue(forKey: pts) else {
            throw .codec(operation: "aom_codec_encode returned an unknown frame, pts \(pts)", status: -1)
        }
        return times
    }
}

/// What libaom takes for time.
enum AOMClock: Hashable {
    /// The frame's number; a unit is the time of one.
    case frames
    /// Microseconds by the frame's number, for rates that libaom's time base cannot express.
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

extension EncoderConfig {
    /// The rate by which libaom counts frames; `nil` where it follows timestamps.
    ///
    /// Where libaom looks ahead, it plans the bits of many frames before it makes anything of their times, and takes 30 of them
    /// for a second: it is told the average rate then, where that is known.
    var countedFramerate: FrameRate? { framerate ?? (latencyMode == .quality ? averageFramerate : nil) }
}
