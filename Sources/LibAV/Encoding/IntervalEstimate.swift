internal import VideoTypes

/// How fast frames come at present, by the timestamps of about the last second.
struct IntervalEstimate {
    private static let second: Int64 = 1_000_000
    /// Frames that tell enough.
    private static let limit = 128

    private var times: [Int64] = []

    /// Takes the time of the next frame.
    mutating func add(_ timestamp: Int64) {
        if let last = times.last, timestamp <= last { times = [] }
        times.append(timestamp)
        while times.count > 2, times.count > Self.limit || timestamp &- times[1] > Self.second { times.removeFirst() }
    }

    /// Frames a second; `nil` before the second frame.
    var framerate: FrameRate? {
        guard let first = times.first, let last = times.last, last > first else { return nil }
        let rate = Double(times.count - 1) * 1e6 / Double(last &- first)
        guard rate >= 0.01, rate <= 10_000 else { return nil }
        return FrameRate(Int((rate * 100).rounded()), 100)
    }
}
