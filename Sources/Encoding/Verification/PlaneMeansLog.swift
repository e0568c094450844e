internal import Jobs
internal import VideoTypes

/// The time and the means of every frame that was given to the encoder: 256 bytes each.
final class PlaneMeansLog {
    /// Whether they are kept. The default is false.
    var isKept = false
    /// One for each frame, in order.
    private(set) var all: [(timestamp: Int64, means: PlaneMeans)] = []

    func add(_ frame: borrowing VideoFrame) {
        if isKept { all.append((frame.timestamp, PlaneMeans(frame))) }
    }
}
