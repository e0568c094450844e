internal import Containers
internal import VideoTypes

/// What a shard has to be: as many chunks as frames, one for each frame's time, a key frame first.
///
/// Chunks come in decoding order. Of the frames that are there only those are remembered that came before an earlier one, so that
/// memory does not grow with what a plan claims.
struct ShardProof {
    /// Why a shard is not what it has to be.
    struct Flaw: Error, Equatable {
        let reason: String
    }

    /// Frames that may come before an earlier one; H.264 and HEVC reorder at most 16.
    private static let depth = 64

    private let part: ShardPlan.Part
    private let framerate: FrameRate?
    /// The first frame, counted in the shard, that has not arrived.
    private var next = 0
    /// Frames after it that have.
    private var early: Set<Int> = []
    private var count = 0

    init(_ part: ShardPlan.Part, _ framerate: FrameRate?) { (self.part, self.framerate) = (part, framerate) }

    /// Takes the next chunk.
    mutating func add(_ chunk: EncodedVideoChunk) throws(Flaw) {
        guard count > 0 || chunk.type == .key else { throw Flaw(reason: "it does not begin with a key frame") }
        guard let frame = frame(at: chunk.timestamp), frame >= next, early.insert(frame).inserted else {
            throw Flaw(reason: "a chunk has the time \(chunk.timestamp) µs, which none of its frames has")
        }
        while early.remove(next) != nil { next += 1 }
        guard early.count <= Self.depth else {
            throw Flaw(reason: "frame \(part.firstFrame + next) is missing: \(early.count) later frames came first")
        }
        count += 1
    }

    /// No chunk follows.
    func end() throws(Flaw) {
        guard next == part.frames else {
            let chunks = Quantity.count(count, "chunk")
            throw Flaw(reason: "it has \(chunks) of \(Quantity.count(part.frames, "frame"))")
        }
    }

    /// The number in the shard of the frame with exactly this time.
    private func frame(at timestamp: Int64) -> Int? {
        guard let framerate, MediaTime.bounds.contains(timestamp) else { return nil }
        let number = Int(ContainerClock(framerate).ticks(timestamp))
        let (frame, overflow) = number.subtractingReportingOverflow(part.firstFrame)
        guard !overflow, (0..<part.frames).contains(frame), framerate.timestamp(ofFrame: number) == timestamp else {
            return nil
        }
        return frame
    }
}
