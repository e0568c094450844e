package import VideoTypes

/// The time and the means of every frame that was given to the encoder: 256 bytes each.
package final class PlaneMeansLog {
    /// Whether they are kept. The default is false.
    package var isKept = false
    /// One for each frame, in order.
    package private(set) var all: [(timestamp: Int64, means: PlaneMeans)] = []

    /// Of no frame yet.
    package init() {}

    /// Takes a frame, if they are kept.
    package func add(_ frame: borrowing VideoFrame) {
        if isKept { all.append((frame.timestamp, PlaneMeans(frame))) }
    }
}
