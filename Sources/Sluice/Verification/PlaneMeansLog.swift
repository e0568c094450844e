internal import Synchronization
internal import VideoTypes

/// The means of every frame that was given to the encoder, six bytes each.
final class PlaneMeansLog {
    /// Whether they are kept at all. The default is that they are not.
    var isKept = false
    /// One a frame, in order.
    private(set) var all: [PlaneMeans] = []

    func add(_ frame: borrowing VideoFrame) {
        if isKept { all.append(PlaneMeans(frame)) }
    }
}
