internal import Ingest
package import Jobs
internal import Threading
package import VideoTypes

/// Where a segment's frames come from.
package protocol SegmentFrames: ~Copyable {
    /// The next frame; `nil` at the segment's end, or when reading was asked to stop.
    mutating func nextOfSegment() throws(JobError) -> VideoFrame?
}

/// A part of a file.
extension FrameReader: SegmentFrames {
    mutating func nextOfSegment() throws(JobError) -> VideoFrame? {
        try asJobError { () throws(IngestError) in try next() }
    }
}

/// Frames that another thread reads, as far ahead as pictures may wait.
struct QueuedFrames: SegmentFrames, Sendable {
    /// The frames, in order; finished after the last.
    let queue: BoundedQueue<VideoFrame>
    let interrupt: Interrupt

    /// - Parameter frames: How many there will be at most.
    init(frames: Int, interrupt: Interrupt) {
        // What bounds them is the pool that their pictures come from.
        queue = BoundedQueue(limits: QueueLimits(soft: frames, hard: frames, maxBytes: .max))
        self.interrupt = interrupt
    }

    func nextOfSegment() -> VideoFrame? { interrupt.isTriggered ? nil : queue.receive() }
}

extension QueuedFrames {
    /// The encoding of these frames as a segment.
    func work(index: Int, firstFrame: Int) -> SegmentWork {
        SegmentWork(index: index, frames: nil) { encoder, deliver throws(JobError) in
            var frames = self
            // The reader must not wait for an encoder that has ended.
            defer { queue.cancel() }
            return try encoder.encode(&frames, firstFrame: firstFrame, bytesPerFrame: nil, deliver: deliver)
        } cancel: {
            queue.cancel()
        }
    }
}
