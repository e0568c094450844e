internal import Bitstream
internal import Containers
package import Ingest
package import Jobs
package import SystemPackage
internal import Threading
package import VideoTypes

/// A summary of all times of a file, read before its first frame is encoded: a level and a rate are chosen by them.
///
/// Pictures come in decoding order; a few of them are kept, so that memory does not grow with the file.
package struct TimeSurvey {
    /// Pictures that may come before one that they are shown after; H.264 and HEVC have at most 16.
    private static let depth = 64
    /// Frames within a second that are kept: more than any level allows.
    private static let windowLimit = 10_001

    private let rate: FrameRate?
    private let clockError: Int64
    /// Times that wait for earlier ones, the earliest first.
    private var waiting: [Int64] = []
    /// The times within the last second.
    private var window: [Int64] = []
    private var windowStart = 0
    private var first: Int64?
    private var last: Int64?
    private var lastTick: Int64?

    /// Frames that are shown.
    package private(set) var frames = 0
    /// Every time is that of a frame at the constant rate, and some frames follow each other at it.
    package var fitsRate: Bool { isOnGrid && (frames < 2 || hasNeighbors) }
    private var isOnGrid = true
    private var hasNeighbors = false
    /// Intervals within a second, at most.
    package private(set) var peak = 0

    /// - Parameters:
    ///   - rate: The rate that the file claims; `nil` if it claims none.
    ///   - clockError: By how much a time may be wrong, in microseconds.
    package init(rate: FrameRate?, clockError: Int64) { (self.rate, self.clockError) = (rate, clockError) }

    /// Takes the time of a picture, in decoding order.
    package mutating func add(_ time: Int64) {
        let index = waiting.lastIndex { $0 <= time }.map { $0 + 1 } ?? 0
        waiting.insert(time, at: index)
        if waiting.count > Self.depth { show(waiting.removeFirst()) }
    }

    /// No picture follows.
    package mutating func end() {
        waiting.forEach { show($0) }
        waiting = []
    }

    private mutating func show(_ time: Int64) {
        checkRate(time)
        frames += 1
        (first, last) = (first ?? time, time)
        window.append(time)
        while time - window[windowStart] > 1_000_000 || window.count - windowStart > Self.windowLimit {
            windowStart += 1
        }
        peak = max(peak, window.count - windowStart - 1)
        guard windowStart > Self.windowLimit else { return }
        window.removeFirst(windowStart)
        windowStart = 0
    }

    private mutating func checkRate(_ time: Int64) {
        guard let rate, isOnGrid else { return }
        let elapsed = time - (first ?? time)
        let tick = ContainerClock(rate).ticks(elapsed)
        let exact = FrameTimeline.time(tick, rate)
        isOnGrid =
            FrameTimeline.isNear(elapsed, exact, rate, clockError: clockError)
            && lastTick.map { tick > $0 } ?? true
        if let lastTick, tick == lastTick + 1 { hasNeighbors = true }
        lastTick = tick
    }

    /// Frames a second over the whole, from the first to the last; `nil` for a single frame.
    package var average: FrameRate? {
        guard let first, let last, last > first else { return nil }
        return FrameRate(nearest: Double(frames - 1) * 1e6 / Double(last - first))
    }

    /// Frames a second at most: of any second, and over the whole; `nil` for a single frame.
    package var highest: FrameRate? {
        guard let average else { return nil }
        guard Double(peak) > average.approximate else { return average }
        return FrameRate(min(peak, 10_000))
    }
}

extension TimeSurvey {
    /// Reads all times of a file.
    ///
    /// - Returns: `nil` for a stream without times, for what is damaged or has a picture without a time, and if a signal ended
    ///   the reading: the reader of the pictures reports these as well.
    package static func read(_ path: FilePath, _ options: MediaOptions, _ interrupt: Interrupt) throws(JobError)
        -> TimeSurvey?
    {
        var options = options
        options.audio = nil
        let opened = try OpenedMedia(.path(path), options, interrupt)
        guard opened.head.hasTimes else { return nil }
        let claimed = opened.head.hasConstantRate ? opened.head.framerate : nil
        var survey = TimeSurvey(rate: claimed, clockError: opened.head.clockError)
        do throws(JobError) {
            while let unit = try opened.units.next() {
                guard unit.showsPicture(opened.head.codec) else { continue }
                guard let time = unit.timestamp, MediaTime.outOfBounds(time) == nil else { return nil }
                survey.add(time)
            }
        } catch {
            return nil
        }
        survey.end()
        return interrupt.isTriggered || survey.frames == 0 ? nil : survey
    }
}

extension MediaUnit {
    /// Whether a player shows its picture: VP8 has pictures that others refer to only, in packets of their own.
    fileprivate func showsPicture(_ codec: VideoCodec?) -> Bool {
        guard !isDiscarded else { return false }
        // RFC 6386 9.1: show_frame is the fifth bit.
        return codec != .vp8 || data.first.map { $0 & 0x10 != 0 } ?? false
    }
}

extension FrameRate {
    /// A rate as a fraction of thousandths; `nil` where that is below one of them.
    fileprivate init?(nearest value: Double) {
        guard value.isFinite, value >= 0.001, value <= 10_000 else { return nil }
        self.init(Int((value * 1000).rounded()), 1000)
    }
}
