internal import Containers
package import VideoTypes

/// The mapping of the input's times to the output's: it alone decides when a frame of the output is shown, and for how long.
/// The page Times of the documentation has the rules.
///
/// All times are in microseconds.
package struct FrameTimeline {
    /// A frame's place in the output.
    package struct Place: Equatable {
        package let timestamp: Int64
        package let duration: Int64?
        /// Frames of the constant rate that are missing before this one.
        package let missing: Int64
    }

    /// Why a frame has no place.
    package struct Misfit: Error, Equatable {
        package enum Kind {
            /// Its time is not one of the constant rate.
            case offRate
            /// Its time is not after that of the frame before, which is damage.
            case backwards
            /// The output cannot tell its time from that of the frame before.
            case tooClose
        }
        package let kind: Kind
        package let reason: String
    }

    /// How long the only frame of a stream is shown if its duration is unknown: as long as one of 30 a second.
    package static let loneFrame: Int64 = 33_333

    /// The constant rate; `nil` where frames come at any time.
    package let rate: FrameRate?
    /// By how much a time of the input may be wrong, since its clock counts in something coarser.
    private let clockError: Int64
    /// What the output's clock counts in: two frames never have the same count.
    private let step: Int64
    /// The input's time that is 0 in the output.
    package private(set) var origin: Int64 = 0
    /// The first frame's time in the input.
    private var first: Int64 = 0
    /// The first frame's time in the output.
    private var start: Int64 = 0
    /// The first frame's number at the constant rate.
    private var startTick: Int64 = 0
    private var lastTick: Int64?
    private var last: Int64?
    private var interval: Int64?
    /// The last frame had the time of the one before it, and was moved.
    private var hasSharedTime = false

    /// - Parameters:
    ///   - rate: The constant rate; `nil` where frames come at any time.
    ///   - clockError: By how much a time may be wrong, 0 or more.
    ///   - step: What the output's clock counts in, 1 or more. The default is a microsecond.
    package init(rate: FrameRate?, clockError: Int64, step: Int64 = 1) {
        (self.rate, self.clockError, self.step) = (rate, clockError, step)
    }

    /// The output begins with a frame.
    ///
    /// - Parameters:
    ///   - time: The frame's time in the input.
    ///   - lead: How much of the output must be before it, for audio that begins before.
    ///   - inWholeFrames: At a constant rate that is as many frames as hold it, so that frames can be counted.
    package mutating func begin(at time: Int64, after lead: Int64 = 0, inWholeFrames: Bool = true) {
        first = time
        guard let rate, inWholeFrames else {
            start = max(0, lead)
            origin = time - start
            return
        }
        startTick = Self.ticks(holding: max(0, lead), rate)
        start = rate.timestamp(ofFrame: Int(startTick)) ?? 0
        origin = time - start
    }

    /// The output begins with a frame at the time that it has in the input.
    package mutating func beginKeepingTime(_ time: Int64) {
        (first, start, origin) = (time, time, 0)
        guard let rate, time >= 0 else { return }
        let tick = ContainerClock(rate).ticks(time)
        guard let exact = rate.timestamp(ofFrame: Int(tick)), (exact - time).magnitude <= UInt64(max(1, clockError))
        else {
            return
        }
        (start, startTick) = (exact, tick)
    }

    /// The first frame is at a time of the constant rate, so that frames can be counted from 0.
    package var isOnGrid: Bool { rate.map { $0.timestamp(ofFrame: Int(startTick)) == start } ?? false }

    /// The place of the next frame.
    ///
    /// - Parameters:
    ///   - time: Its time in the input.
    ///   - duration: How long it is shown, as far as the input specifies it.
    package mutating func place(_ time: Int64, lasting duration: Int64?) throws(Misfit) -> Place {
        guard let rate else { return try placeAnywhere(time, lasting: duration) }
        let tick = try startTick + count(time - first, rate)
        let timestamp = start + Self.time(tick, rate) - Self.time(startTick, rate)
        defer { lastTick = tick }
        return Place(
            timestamp: timestamp,
            duration: Self.duration(ofTick: tick, rate, lasting: duration),
            missing: lastTick.map { tick - $0 - 1 } ?? 0
        )
    }

    private mutating func placeAnywhere(_ time: Int64, lasting duration: Int64?) throws(Misfit) -> Place {
        var timestamp = time - first + start
        if let last {
            // A clock that is too coarse gives two frames one time; they stay two. More than two are not the result of
            // rounding.
            let isShared = timestamp <= last && last - timestamp <= 2 * clockError && !hasSharedTime
            if isShared { timestamp = last + step }
            hasSharedTime = isShared
            guard timestamp > last else {
                let before = "which is not after the previous frame"
                throw Misfit(kind: .backwards, reason: "is at \(time) µs, \(before)")
            }
            try checkStep(from: last, to: timestamp)
            interval = timestamp - last
        }
        last = timestamp
        return Place(timestamp: timestamp, duration: duration ?? interval ?? Self.loneFrame, missing: 0)
    }

    /// Throws if the output would give two frames one time.
    private func checkStep(from last: Int64, to timestamp: Int64) throws(Misfit) {
        guard (timestamp + step / 2) / step == (last + step / 2) / step else { return }
        throw Misfit(kind: .tooClose, reason: "is only \(timestamp - last) µs after the previous frame")
    }

    /// Frames of the constant rate from the first to a time.
    private func count(_ elapsed: Int64, _ rate: FrameRate) throws(Misfit) -> Int64 {
        let tick = ContainerClock(rate).ticks(elapsed)
        let isNear = Self.isNear(elapsed, Self.time(tick, rate), rate, clockError: clockError)
        guard isNear, lastTick.map({ startTick + tick > $0 }) ?? true else {
            let reason = "is at \(first + elapsed) µs, which does not fit a constant \(rate) fps"
            throw Misfit(kind: .offRate, reason: reason)
        }
        return tick
    }

    /// Whether a time is that of a frame, within what clocks round away and a quarter of a frame.
    static func isNear(_ time: Int64, _ exact: Int64, _ rate: FrameRate, clockError: Int64) -> Bool {
        let frame = Int64(1_000_000 / rate.approximate)
        return (time - exact).magnitude <= UInt64(max(frame / 4, min(2 * clockError, frame / 2), 1))
    }

    /// The time of a frame, also of one before the first.
    package static func time(_ tick: Int64, _ rate: FrameRate) -> Int64 {
        let time = rate.timestamp(ofFrame: Int(clamping: tick.magnitude)) ?? MediaTime.bounds.upperBound
        return tick < 0 ? -time : time
    }

    /// One frame, unless it is shown for more than one and a half.
    private static func duration(ofTick tick: Int64, _ rate: FrameRate, lasting duration: Int64?) -> Int64? {
        let frame = time(tick + 1, rate) - time(tick, rate)
        guard let duration, duration > frame + frame / 2 else { return frame }
        let frames = ContainerClock(rate).ticks(duration)
        return time(tick + frames, rate) - time(tick, rate)
    }

    /// The fewest frames that last as long as that.
    private static func ticks(holding lead: Int64, _ rate: FrameRate) -> Int64 {
        let nearest = ContainerClock(rate).ticks(lead)
        return time(nearest, rate) < lead ? nearest + 1 : nearest
    }
}
