internal import VideoTypes

/// A stream's units in the order in which they are shown, and the bits that they take.
struct Timeline {
    let bytes: Int
    /// Microseconds from the first picture to the end of the last.
    let duration: Int64
    let framerate: FrameRate?
    /// Bits a second over the whole duration.
    let averageBitrate: Double
    /// Bits of the second that has the most; those of a shorter stream as if it went on.
    let peakBitrate: Double

    /// - Parameters:
    ///   - units: One or more units.
    ///   - framerate: The specified rate; `nil` takes it from the timestamps.
    init(_ units: [InspectedUnit], framerate: FrameRate?) {
        let ordered = units.sorted { $0.timestamp < $1.timestamp }
        let pictures = ordered.filter(\.isShown)
        let shown = pictures.isEmpty ? ordered : pictures
        bytes = units.reduce(0) { $0 + $1.size }
        let (start, last) = (shown.first?.timestamp ?? 0, shown.last?.timestamp ?? 0)
        let span = last.subtractingReportingOverflow(start).overflow ? 0 : last - start
        let interval = pictures.count > 1 ? Double(span) / Double(pictures.count - 1) : 0
        let measured = interval >= 100 ? Self.rate(interval) : nil
        self.framerate = framerate ?? measured
        let ending = shown.last?.duration.flatMap { $0 > 0 ? Double($0) : nil }
        let length = Double(span) + (ending ?? (interval > 0 ? interval : 1e6 / (framerate?.approximate ?? 30)))
        duration = Int64(min(length, 9e18))
        averageBitrate = Double(bytes) * 8e6 / max(length, 1)
        peakBitrate = length <= 1e6 ? averageBitrate : Self.peak(ordered)
    }

    /// The usual rate that is within a thousandth of an interval's in microseconds: containers round their timestamps.
    private static func rate(_ interval: Double) -> FrameRate? {
        let exact = 1e6 / interval
        let usual = [FrameRate(Int(exact.rounded())), FrameRate(Int((exact * 1.001).rounded()) * 1000, 1001)]
        let near = usual.compactMap { $0 }.filter { abs($0.approximate / exact - 1) < 0.0004 }
        return near.first ?? FrameRate(Int((exact * 1000).rounded()), 1000)
    }

    /// Times are as a file claims them: their distance may be more than a number holds.
    private static func isSecond(from first: InspectedUnit, to last: InspectedUnit) -> Bool {
        let (distance, overflows) = last.timestamp.subtractingReportingOverflow(first.timestamp)
        return overflows || distance >= 1_000_000
    }

    private static func peak(_ shown: [InspectedUnit]) -> Double {
        var (first, bytes, most) = (0, 0, 0)
        for unit in shown {
            bytes += unit.size
            while isSecond(from: shown[first], to: unit) {
                bytes -= shown[first].size
                first += 1
            }
            most = max(most, bytes)
        }
        return Double(most) * 8
    }
}
