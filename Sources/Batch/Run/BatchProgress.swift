internal import Threading

/// How far a batch is. Its jobs write, anyone reads.
///
/// Thread-safety: all methods may be called from any thread.
public final class BatchProgress: Sendable {
    /// A job that runs, as far as it has told.
    public struct Running: Sendable {
        /// Its number.
        public let index: Int
        /// What it is called.
        public let name: String
        /// Frames that are in its output so far.
        public var frames = 0
        /// Frames that there will be; `nil` if nobody knows.
        public var totalFrames: Int?
        /// Frames a second.
        public var framesPerSecond = 0.0
        /// Bytes of the output so far.
        public var bytes = 0
        /// It is compared with its receipt, or its inputs are read for their digests.
        public var isChecking = true

        /// How much of it is done, `0...1`; `nil` if nobody knows.
        public var fraction: Double? {
            guard let totalFrames, totalFrames > 0 else { return nil }
            return min(1, Double(frames) / Double(totalFrames))
        }
    }

    /// A batch at one moment.
    public struct Snapshot: Sendable {
        /// Jobs that there are.
        public internal(set) var jobs = 0
        /// Jobs that are done now.
        public internal(set) var done = 0
        /// Jobs that had been done before.
        public internal(set) var upToDate = 0
        /// Jobs that failed, were ended or not begun.
        public internal(set) var failed = 0
        /// Jobs that run, in the order in which they began.
        public internal(set) var running: [Running] = []
        /// Frames that finished jobs have encoded.
        public internal(set) var finishedFrames = 0
        /// Seconds since the batch began.
        public internal(set) var seconds = 0.0
        /// The part of all work that is done, `0...1`, a job whose frames nobody knows counting as the others do on average.
        public internal(set) var fraction = 0.0
        /// Seconds until the end at the pace so far; `nil` before there is one.
        public internal(set) var secondsLeft: Double?

        /// Jobs that have ended.
        public var ended: Int { done + upToDate + failed }
        /// Frames encoded by this run.
        public var frames: Int { finishedFrames + running.reduce(0) { $0 + $1.frames } }
    }

    fileprivate struct State {
        var snapshot = Snapshot()
        /// Frames of each job, as far as they are known.
        var frames: [Int?] = []
        /// Frames of a job whose frames are not known: as many as the others have on average.
        var average = 1.0
        var endedWork = 0.0
        var savedWork = 0.0
    }

    private let state = Monitor(State())
    private let start = ContinuousClock.now

    /// A batch at its beginning.
    public init() {}

    func begin(_ jobs: [BatchJob]) {
        state.withLock {
            $0.snapshot.jobs = jobs.count
            $0.frames = jobs.map(\.forecast.frames)
            let known = $0.frames.compactMap { $0 }
            if !known.isEmpty { $0.average = Double(max(1, known.reduce(0, +))) / Double(known.count) }
        }
    }

    func didStart(_ job: BatchJob) {
        var running = Running(index: job.index, name: job.name)
        running.totalFrames = job.forecast.frames
        state.withLock { [running] in $0.snapshot.running.append(running) }
    }

    func update(_ index: Int, _ change: (inout Running) -> Void) {
        state.withLock { state in
            guard let place = state.snapshot.running.firstIndex(where: { $0.index == index }) else { return }
            change(&state.snapshot.running[place])
        }
    }

    /// A job does not run any more; it may be tried again.
    func didStop(_ index: Int) {
        state.withLock { $0.snapshot.running.removeAll { $0.index == index } }
    }

    func didEnd(_ result: JobResult) {
        state.withLock { state in
            let work = state.work(of: result.job.index)
            state.snapshot.running.removeAll { $0.index == result.job.index }
            state.endedWork += work
            switch result.status {
            case .done:
                state.snapshot.done += 1
                state.snapshot.finishedFrames += result.encoded?.frames ?? 0
            case .upToDate: state.snapshot.upToDate += 1
            case .failed, .interrupted, .notRun: state.snapshot.failed += 1
            }
            if result.status != .done { state.savedWork += work }
        }
    }

    /// How far the batch is now.
    public var snapshot: Snapshot {
        let (seconds, attoseconds) = start.duration(to: .now).components
        let elapsed = Double(seconds) + Double(attoseconds) * 1e-18
        return state.withLock { state in
            var snapshot = state.snapshot
            let total = snapshot.jobs == 0 ? 1 : (0..<snapshot.jobs).reduce(0) { $0 + state.work(of: $1) }
            let current = snapshot.running.reduce(0) { $0 + state.work(of: $1.index) * ($1.fraction ?? 0) }
            snapshot.seconds = elapsed
            snapshot.fraction = min(1, (state.endedWork + current) / max(total, 1e-9))
            // What did not have to be done says nothing of the pace.
            let paced = state.endedWork + current - state.savedWork
            let left = total - state.endedWork - current
            snapshot.secondsLeft = paced > 0 && elapsed > 0 ? max(0, left) * elapsed / paced : nil
            return snapshot
        }
    }
}

extension BatchProgress.State {
    /// The frames of a job, or the average where they are not known.
    fileprivate func work(of index: Int) -> Double {
        frames[index].map { Double(max(1, $0)) } ?? average
    }
}
