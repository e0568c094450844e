internal import Ingest
internal import Jobs
internal import Threading
internal import VideoTypes

/// Several encoders that work on one encode, each on a segment, and their chunks in order.
///
/// Thread-safety: ``encode(_:)`` is called once.
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
    private let work = BoundedQueue<SegmentWork>(limits: QueueLimits(soft: 1, hard: 1))
    private let state = Monitor(State())

    /// - Parameters:
    ///   - encoder: How a segment is encoded.
    ///   - setup: How many work at a time, and within what bounds.
    ///   - interrupt: Breaks off what is being encoded.
    ///   - write: Takes the chunks of all segments, in order.
    init(
        _ encoder: SegmentEncoder,
        _ setup: SegmentSetup,
        interrupt: Interrupt,
        write: @escaping @Sendable (EncodedVideoChunk) throws -> Void
    ) {
        (self.encoder, workers, self.interrupt) = (encoder, setup.workers, interrupt)
        let order = SegmentOrder(encoder.plan)
        assembly = SegmentAssembly(maxBytes: setup.bounds.waitingBytes, order: order, write: write)
    }

    /// Reports to the progress which threads work.
    func begin(_ progress: JobProgress, readers: Int, knownFrames: Int?) {
        progress.begin(
            encoders: StageThreads(clock: encoder.clock, count: workers),
            readers: readers,
            framerate: encoder.plan.framerate,
            knownFrames: knownFrames
        )
    }

    /// Encodes what `produce` gives out, and waits until all of it is done.
    ///
    /// - Parameter produce: Gives out the segments in order, on the calling thread.
    /// - Returns: The frames that are in the output.
    func encode(_ produce: (@escaping SegmentIntake) throws(JobError) -> Void) throws(JobError) -> Int {
        let threads = WorkerThreads()
        do throws(JobError) {
            try startWorkers(threads)
            try produce { [work] in (try? work.send($0, cost: .payload(bytes: 1))) != nil }
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
        let index = work.index
        let result = try work.encode(encoder) { [assembly] chunk in try assembly.deliver(chunk, of: index) }
        // If another thread reads the frames, the length of the last segment is known at their end.
        let isWhole = work.frames.map { $0 == result.frames } ?? !interrupt.isTriggered
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
        work.cancel { $0.cancel() }
        assembly.cancel()
    }
}

/// A segment to encode.
struct SegmentWork: Sendable {
    /// Its place among the segments.
    let index: Int
    /// How many frames it has; `nil` if that is known at its end.
    let frames: Int?
    /// Encodes it, and gives out its chunks.
    let encode: @Sendable (SegmentEncoder, @escaping SegmentEncoder.Delivery) throws(JobError) -> SegmentEncoder.Result
    /// It will not be encoded. By default nobody waits for that.
    var cancel: @Sendable () -> Void = {}
}

/// Hands over segments in order, waiting until an encoder is about to be free: `false` if no more frames are accepted, because
/// of a failure.
typealias SegmentIntake = @Sendable (SegmentWork) -> Bool
