internal import Ingest
internal import Threading
internal import VideoTypes

/// Cuts a stream of frames, which come one by one, into segments.
///
/// Frames after a border wait until they are enough for a segment.
struct SegmentCutter: ~Copyable {
    private let segmentation: Segmentation
    private let interrupt: Interrupt
    private let intake: SegmentIntake
    /// The segment that is being encoded, and what may become the next.
    private var current: QueuedFrames?
    private var next: QueuedFrames?
    private var number = 0

    init(_ segmentation: Segmentation, _ interrupt: Interrupt, _ intake: @escaping SegmentIntake) {
        (self.segmentation, self.interrupt, self.intake) = (segmentation, interrupt, intake)
    }

    /// No thread may wait for frames that will not arrive.
    deinit {
        current?.queue.finish()
        next?.queue.finish()
    }

    /// Takes a frame.
    ///
    /// - Returns: `false` if it is not accepted any more: the consumer has failed, and reports that.
    mutating func add(_ frame: consuming VideoFrame) -> Bool {
        let (index, place) = number.quotientAndRemainder(dividingBy: segmentation.segmentFrames)
        if place == 0 {
            let begun = QueuedFrames(frames: segmentation.longest, interrupt: interrupt)
            if index == 0 {
                current = begun
                guard send(begun, index: 0) else { return false }
            } else {
                next = begun
            }
        }
        guard send(frame, to: next ?? current) else { return false }
        number += 1
        guard let begun = next, place + 1 == segmentation.shortestRest else { return true }
        current?.queue.finish()
        (current, next) = (begun, nil)
        return send(begun, index: index)
    }

    /// Ends the input: a remainder that is too short for a segment belongs to the previous one.
    mutating func finish() {
        if let rest = next.take() {
            rest.queue.finish()
            while let frame = rest.queue.receive(), send(frame, to: current) {}
        }
        current?.queue.finish()
    }

    private func send(_ segment: QueuedFrames, index: Int) -> Bool {
        intake(segment.work(index: index, firstFrame: index * segmentation.segmentFrames))
    }

    private func send(_ frame: consuming VideoFrame, to segment: QueuedFrames?) -> Bool {
        let bytes = frame.layout.byteCount
        return (try? segment?.queue.send(frame, cost: .payload(bytes: bytes))) != nil
    }
}
