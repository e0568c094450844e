internal import Encoding
internal import Ingest
internal import Jobs
internal import LibAV
internal import Threading

/// The digests of a file's segments, on as many threads as there are cores: a digest is slower than a disk.
///
/// Thread-safety: ``run(threads:)`` is called once.
final class SegmentDigests: Sendable {
    private struct State {
        var next = 0
        var frames = 0
        var digests: [Int: String] = [:]
        var failure: JobError?
    }

    private let file: FileRanges
    private let segments: [Segment]
    private let context: EncodeJob.Context
    private let state = Monitor(State())

    /// What is read at a time.
    private static let pieceBytes = 1 << 20

    init(_ file: FileRanges, _ segmentation: Segmentation, _ context: EncodeJob.Context) {
        (self.file, self.context) = (file, context)
        segments = segmentation.segments(ofFrames: file.shape.frames)
    }

    /// Reads all segments.
    ///
    /// - Returns: Their digests, in order.
    func run(threads count: Int) throws(JobError) -> [String] {
        let threads = WorkerThreads()
        do throws(WorkerThread.CreationError) {
            for _ in 0..<min(count, segments.count) { try threads.start(name: "sluice-digest") { [self] in work() } }
        } catch {
            fail(.thread(error))
        }
        threads.join()
        return try state.withLock { state throws(JobError) in
            if let failure = state.failure { throw failure }
            return segments.compactMap { state.digests[$0.index] }
        }
    }

    private func work() {
        while let segment = claim() {
            do throws(JobError) {
                let digest = try digest(segment)
                let frames = state.withLock { state in
                    state.digests[segment.index] = digest
                    state.frames += segment.frames
                    return state.frames
                }
                context.progress.didWrite(chunks: frames, bytes: 0)
            } catch {
                fail(error)
            }
        }
    }

    private func claim() -> Segment? {
        state.withLock { state in
            guard state.failure == nil, state.next < segments.count else { return nil }
            state.next += 1
            return segments[state.next - 1]
        }
    }

    private func fail(_ error: JobError) { state.withLock { $0.failure = $0.failure ?? error } }

    private func digest(_ segment: Segment) throws(JobError) -> String {
        var part = try file.bytes(of: segment)
        var digest = SHA256()
        var left = segment.frames * file.shape.bytesPerFrame
        while left > 0 {
            let piece = try asJobError { () throws(IngestError) in
                try part.readBytes(upTo: min(left, Self.pieceBytes))
            }
            guard !context.interrupt.isTriggered else { throw .interrupted }
            guard !piece.isEmpty else { throw .input(.changedLength(name: part.name)) }
            digest.update(piece)
            left -= piece.count
        }
        return digest.finish()
    }
}
