package import Jobs
internal import VideoTypes

/// How one encode is spread over the cores of a machine.
public struct ParallelOptions: Hashable, Sendable {
    /// How many encoders work at a time.
    public enum Workers: Hashable, Sendable {
        /// What is fastest for codec, size and machine: segments, as many as there are cores, or one encoder with threads of
        /// its own.
        case auto
        /// This number, each on a segment: `1...128`. The bytes are the same for every number.
        case count(Int)
    }

    /// How many encoders work at a time. The default is `auto`.
    public var workers = Workers.auto
    /// Frames of a segment, 1 or more. `nil`, the default, means the least number of whole key frame intervals that are
    /// 120 frames or more.
    public var segmentFrames: Int?

    /// The defaults.
    public init() {}

    /// How many encoders are requested; `nil` for an automatic number.
    var requestedWorkers: Int? {
        guard case .count(let count) = workers else { return nil }
        return count
    }

    /// The checks that are possible without the input.
    package func check() throws(JobError) {
        if let count = requestedWorkers, !(1...128).contains(count) {
            throw .usage("\(Setting.parallel) \(count) is not in 1...128")
        }
        if let segmentFrames, !(1...1_000_000).contains(segmentFrames) {
            throw .usage("\(Setting.segmentFrames) \(segmentFrames) is not in 1...1000000")
        }
    }
}
