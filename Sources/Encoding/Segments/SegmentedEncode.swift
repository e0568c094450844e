internal import Ingest
internal import Jobs
internal import Threading
internal import VideoTypes

/// Several encoders that work on one encode, each on a segment, and their chunks in order.
///
/// Thread-safety: ``run(_:)`` is called once.
final class SegmentedEncode: Sendable {
    private struct State {
        /// Each segment that is done.
        var done: [Int: (frames: Int, isWhole: Bool)] = [:]
        var failure: JobError?
        var feeding = Duration.zero

        /// Frames from the beginning on, up to the first segment that is missing or was broken off.
        var contiguousFrames: Int {
            var total = 0
            for index in 0... {
                guard let segment = done[index] else { break }
                total += segment.frames
                if !segment.isWhole { break }
            }
            return total
        }
    }

    private let encoder: SegmentEncoder
    private let assembly: SegmentAssembly
    private let workers: Int
    private let interrupt: Interrupt
    private let bytesPerFrame: Int?
    private let openRange: @Sendable (Segment) throws(JobError) -> FrameReader
    private let work: BoundedQueue<SegmentWork>
    private let state = Monitor(State())

    /// - Parameters:
    ///   - encoder: How a segment is encoded.
    ///   - assembly: Takes the chunks of all segments.
    ///   - workers: How many encoders work at a time.
    ///   - interrupt: Breaks off what is being encoded.
    ///   - bytesPerFrame: The bytes of an input frame for the progress; `nil` if the reader counts them.
    ///   - openRange: Opens the part of a file that a segment is.
    init(
        _ encoder: SegmentEncoder,
        _ assembly: SegmentAssembly,
        workers: Int,
        interrupt: Interrupt,
        bytesPerFrame: Int?,
        openRange: @escaping @Sendable (Segment) throws(JobError) -> FrameReader
    ) {
        (self.encoder, self.assembly, self.workers) = (encoder, assembly, workers)
        (self.interrupt, self.bytesPerFrame, self.openRange) = (interrupt, bytesPerFrame, openRange)
        work = BoundedQueue(limits: QueueLimits(soft: 1, hard: 1))
    }

    /// Encodes what `produce` gives out, and waits until all of it is done.
    ///
    /// - Parameter produce: Gives out the segments in order, on the calling thread.
    /// - Returns: The frames that are in the output.
    func run(_ produce: (SegmentIntake) throws(JobError) -> Void) throws(JobError) -> Int {
        let threads = WorkerThreads()
        do throws(JobError) {
            try startWorkers(threads)
            try produce(SegmentIntake(work))
        } catch {
            fail(error)
        }
        work.finish()
        threads.join()
        return try state.withLock { state throws(JobError) in
            if let failure = state.failure { throw failure }
            return state.contiguousFrames
        }
    }

    /// What giving the encoders their frames took so far, with waiting; of all of them together.
    var feeding: Duration { state.withLock { $0.feeding } }

    private func startWorkers(_ threads: WorkerThreads) throws(JobError) {
        do throws(WorkerThread.CreationError) {
            for _ in 0..<workers { try threads.start(name: "sluice-segment") { [self] in encodeSegments() } }
        } catch {
            throw .thread(error)
        }
    }

    private func encodeSegments() {
        while let next = work.receive() {
            do throws(JobError) {
                try encode(next)
            } catch {
                fail(error)
            }
        }
    }

    private func encode(_ work: SegmentWork) throws(JobError) {
        switch work {
        case .range(let segment):
            var frames = try openRange(segment)
            try encode(&frames, index: segment.index, firstFrame: segment.firstFrame, of: segment.frames)
            try frames.checkAllThere()
        case .queued(let index, let firstFrame, let queued):
            var frames = queued
            // The reader must not wait for an encoder that has ended.
            defer { queued.queue.cancel() }
            try encode(&frames, index: index, firstFrame: firstFrame, of: nil)
        }
    }

    private func encode<Frames: SegmentFrames & ~Copyable>(
        _ frames: inout Frames,
        index: Int,
        firstFrame: Int,
        of expected: Int?
    ) throws(JobError) {
        let result = try encoder.encode(&frames, firstFrame: firstFrame, bytesPerFrame: bytesPerFrame) {
            [assembly] chunk in
            try assembly.deliver(chunk, of: index)
        }
        // If another thread reads the frames, the length of the last segment is known at their end.
        let isWhole = expected.map { $0 == result.frames } ?? !interrupt.isTriggered
        state.withLock { state in
            state.done[index] = (result.frames, isWhole)
            state.feeding += result.feeding
        }
        do {
            try assembly.end(index, isWhole: isWhole)
        } catch {
            throw .encoder(.output(error))
        }
    }

    /// Keeps the first failure, and ends everything.
    private func fail(_ error: JobError) {
        state.withLock { $0.failure = $0.failure ?? error }
        work.cancel { if case .queued(_, _, let frames) = $0 { frames.queue.cancel() } }
        assembly.cancel()
    }
}

/// Where segments are handed over, in order.
struct SegmentIntake {
    private let work: BoundedQueue<SegmentWork>

    fileprivate init(_ work: BoundedQueue<SegmentWork>) { self.work = work }

    /// Hands over a segment, waiting until an encoder is about to be free.
    ///
    /// - Returns: `false` if no more frames are accepted, because of a failure.
    func send(_ segment: SegmentWork) -> Bool {
        do throws(BoundedQueue<SegmentWork>.Closed) {
            try work.send(segment, cost: .payload(bytes: 1))
            return true
        } catch {
            return false
        }
    }
}
