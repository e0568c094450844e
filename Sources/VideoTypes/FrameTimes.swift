/// The times of an input's frames, listed one by one in the order of the frames.
public struct FrameTimes: Hashable, Sendable {
    /// Why a list is not one of times.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The place in the list, from 0 on.
        public let index: Int
        /// The value, and what is wrong with it.
        public let description: String
    }

    /// When each frame is shown, in microseconds: 0 or more, each after the one before.
    public let timestamps: [Int64]
    /// How long single frames are shown, in microseconds, by their places in the list. A frame without an entry is shown until
    /// the next one.
    public let durations: [Int: Int64]
    /// Units of a second in which all times are exact; a container that can count in any unit counts in this one. The default
    /// is microseconds.
    public let ticksPerSecond: Int
    /// The number in the input of the frame that the first time is for. The default is 0.
    public let firstFrame: Int

    /// A checked list.
    ///
    /// - Parameters:
    ///   - timestamps: When each frame is shown, in microseconds.
    ///   - durations: How long single frames are shown, in microseconds, by their places in the list.
    ///   - ticksPerSecond: Units of a second in which all times are exact, 1 or more.
    ///   - firstFrame: The number in the input of the frame that the first time is for.
    /// - Throws: ``Fault`` for a list without a time, a time that is negative, too large or not after the one before, and a
    ///   duration that is not positive or too large.
    public init(
        _ timestamps: [Int64],
        durations: [Int: Int64] = [:],
        ticksPerSecond: Int = 1_000_000,
        firstFrame: Int = 0
    ) throws(Fault) {
        guard !timestamps.isEmpty else { throw Fault(index: 0, description: "there are no times") }
        var last: Int64?
        for (index, time) in timestamps.enumerated() {
            if let reason = Self.fault(time, after: last) { throw Fault(index: index, description: reason) }
            last = time
        }
        for (index, duration) in durations.sorted(by: { $0.key < $1.key }) {
            guard duration <= 0 || MediaTime.outOfBounds(duration) != nil else { continue }
            throw Fault(index: index, description: "a duration of \(duration) µs is not positive or is too large")
        }
        (self.timestamps, self.durations) = (timestamps, durations)
        (self.ticksPerSecond, self.firstFrame) = (max(1, ticksPerSecond), max(0, firstFrame))
    }

    private static func fault(_ time: Int64, after last: Int64?) -> String? {
        if time < 0 { return "\(time) µs is negative" }
        if MediaTime.outOfBounds(time) != nil { return "\(time) µs is too large (at most 285 years)" }
        guard let last, time <= last else { return nil }
        return "\(time) µs is not after the time before it, \(last) µs"
    }
}
