internal import Threading

/// The progress of a batch. Its jobs write it, any thread reads it.
///
/// Thread-safety: all methods may be called from any thread.
package final class BatchProgress: Sendable {
    /// A running job, as far as it has reported.
    package struct Running: Sendable {
        /// Its number.
        package let index: Int
        /// What it is called.
        package let name: String
        /// Frames that are in its output so far.
        package var frames = 0
        /// The total number of frames; `nil` if unknown.
        package var totalFrames: Int?
        /// Frames a second.
        package var framesPerSecond = 0.0
        /// Bytes of the output so far.
        package var bytes = 0
        /// It is compared with its receipt, or its inputs are read for their digests.
        package var isChecking = true

        /// The fraction that is done, `0...1`; `nil` if unknown.
        package var fraction: Double? {
            guard let totalFrames, totalFrames > 0 else { return nil }
            return min(1, Double(frames) / Double(totalFrames))
        }
    }

    /// A batch at one moment.
    package struct Snapshot: Sendable {
        /// The number of jobs.
        package internal(set) var jobs = 0
        /// Jobs that are done now.
        package internal(set) var done = 0
        /// Jobs that had been done before.
        package internal(set) var upToDate = 0
        /// Jobs that failed, were ended or not begun.
        package internal(set) var failed = 0
        /// Jobs that run, in the order in which they began.
        package internal(set) var running: [Running] = []
        /// Frames that finished jobs have encoded.
        package internal(set) var finishedFrames = 0
        /// Seconds since the batch began.
        package internal(set) var seconds = 0.0
        /// The part of all work that is done, `0...1`, where a job with an unknown number of frames counts as the average of
        /// the others.
        package internal(set) var fraction = 0.0
        /// Seconds until the end, by the pace of what has run; `nil` while that is not known, or a job's frames are not.
        package internal(set) var secondsLeft: Double?

        /// Jobs that have ended.
        package var ended: Int { done + upToDate + failed }
        /// Frames encoded by this run.
        package var frames: Int { finishedFrames + running.reduce(0) { $0 + $1.frames } }
    }

    fileprivate struct State {
        var snapshot = Snapshot()
        var estimate = WorkEstimate()
        /// Jobs that have ended.
        var hasEnded: [Bool] = []
        var endedWork = 0.0
    }

    private let state = Monitor(State())
    private let start = ContinuousClock.now

    /// A batch at its beginning.
    package init() {}

    func begin(_ jobs: [BatchJob]) {
        state.withLock {
            $0.snapshot.jobs = jobs.count
            $0.estimate = WorkEstimate(jobs)
            $0.hasEnded = Array(repeating: false, count: jobs.count)
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
            if let frames = state.snapshot.running[place].totalFrames { state.estimate.setFrames(frames, of: index) }
        }
    }

    /// A job does not run any more; it may be tried again.
    func didStop(_ index: Int) {
        state.withLock { $0.snapshot.running.removeAll { $0.index == index } }
    }

    func didEnd(_ result: JobResult) {
        state.withLock { state in
            let index = result.job.index
            state.endedWork += state.estimate.work(of: index)
            state.hasEnded[index] = true
            state.snapshot.running.removeAll { $0.index == index }
            switch result.status {
            case .done:
                let frames = result.encoded?.frames ?? 0
                state.snapshot.done += 1
                state.snapshot.finishedFrames += frames
                state.estimate.measure(index, frames: frames, seconds: result.seconds)
            case .upToDate: state.snapshot.upToDate += 1
            case .failed, .interrupted, .notRun: state.snapshot.failed += 1
            }
        }
    }

    /// How far the batch is now.
    package var snapshot: Snapshot {
        let (seconds, attoseconds) = start.duration(to: .now).components
        let elapsed = Double(seconds) + Double(attoseconds) * 1e-18
        return state.withLock { state in
            var snapshot = state.snapshot
            snapshot.seconds = elapsed
            snapshot.fraction = state.fraction
            snapshot.secondsLeft = state.secondsLeft
            return snapshot
        }
    }
}

extension BatchProgress.State {
    fileprivate var fraction: Double {
        let total = (0..<snapshot.jobs).reduce(0) { $0 + estimate.work(of: $1) }
        let current = snapshot.running.reduce(0) { $0 + estimate.work(of: $1.index) * ($1.fraction ?? 0) }
        return total > 0 ? min(1, (endedWork + current) / total) : 0
    }

    /// Running jobs are measured as well: the first hour of a long job predicts the others.
    fileprivate var secondsLeft: Double? {
        var estimate = estimate
        for job in snapshot.running where job.framesPerSecond > 0 {
            estimate.measure(job.index, frames: job.frames, seconds: Double(job.frames) / job.framesPerSecond)
        }
        let running = snapshot.running.map { job -> Double? in
            guard job.framesPerSecond > 0, job.frames > 0 else { return estimate.seconds(of: job.index) }
            guard let total = job.totalFrames else { return nil }
            return Double(max(0, total - job.frames)) / job.framesPerSecond
        }
        let isRunning = Set(snapshot.running.map(\.index))
        let waiting = hasEnded.indices.filter { !hasEnded[$0] && !isRunning.contains($0) }
        guard !running.isEmpty || !waiting.isEmpty else { return 0 }
        return estimate.secondsLeft(running: running, waiting: waiting)
    }
}
