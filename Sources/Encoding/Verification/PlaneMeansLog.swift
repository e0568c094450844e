internal import VideoTypes

/// The time and the means of every frame that was given to the encoder: sixteen bytes each.
final class PlaneMeansLog {
    /// Whether they are kept at all. The default is that they are not.
    var isKept = false
    /// One a frame, in order.
    private(set) var all: [(timestamp: Int64, means: PlaneMeans)] = []

    func add(_ frame: borrowing VideoFrame) {
        if isKept { all.append((frame.timestamp, PlaneMeans(frame))) }
    }
}
