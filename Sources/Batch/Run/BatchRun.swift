internal import Sluice
internal import Threading

/// Runs the jobs of a plan: as many at once as the budget has room for, each as a process of its own.
package struct BatchRun: Sendable {
    /// What happens while a batch runs.
    package enum Event: Sendable {
        /// A job has begun, for the given time.
        case started(BatchJob, attempt: Int)
        /// A job will be tried again after a while.
        case retrying(JobResult, after: Duration)
        /// A job has ended.
        case ended(JobResult)
        /// A message of a job's process.
        case words(String)
    }

    private let plan: BatchPlan
    private let options: BatchOptions
    private let budget: ResourceBudget
    private let program: FilePath
    private let cancellation: Cancellation
    private let progress: BatchProgress
    private let report: @Sendable (Event) -> Void

    /// A batch that has not started.
    ///
    /// - Parameters:
    ///   - plan: The jobs, which have been fitted into the budget.
    ///   - options: How the jobs are run.
    ///   - budget: What all jobs together may use.
    ///   - program: The program whose `encode` runs them.
    ///   - cancellation: Ends the batch early.
    ///   - progress: Gets the progress.
    ///   - report: Called with events, on any thread; the events of one job come in order.
    package init(
        _ plan: BatchPlan,
        options: BatchOptions,
        budget: ResourceBudget,
        program: FilePath,
        cancellation: Cancellation,
        progress: BatchProgress = BatchProgress(),
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        (self.plan, self.options, self.budget, self.program) = (plan, options, budget, program)
        (self.cancellation, self.progress, self.report) = (cancellation, progress, report)
    }

    private struct State {
        var packing: Packing
        var results: [JobResult?]
        /// Jobs whose threads have ended, but are not joined yet.
        var over: [Int] = []
        /// Something has changed since the last step.
        var hasNews = false
        var failed = false
    }

    /// Runs everything, and returns when the last process has ended.
    ///
    /// - Returns: A result for each job, in the order of the manifest.
    @available(*, noasync, message: "blocks the calling thread")
    package func run() -> [JobResult] {
        progress.begin(plan.jobs)
        let limits = Packing.Limits(
            jobs: options.jobs ?? .max,
            threads: budget.threads.amount,
            memory: budget.memory.amount
        )
        let needs = plan.jobs.map { Packing.Need(threads: $0.threads, memory: $0.memory) }
        let packing = Packing(limits: limits, needs: needs, after: plan.jobs.map(\.after))
        let state = Monitor(State(packing: packing, results: Array(repeating: nil, count: plan.jobs.count)))
        let watcher = watchCancellation(state)
        var threads = JobThreads()
        let digests = FileDigests()
        let places = Result { () throws(Failure) in try JobPlaces(plan) }
        loop: while true {
            threads.join(
                state.withLock { state in
                    defer { state.over = [] }
                    return state.over
                }
            )
            let step = state.withLock { state in
                state.hasNews = false
                if cancellation.isStopping || (options.failFast && state.failed) { state.packing.stop() }
                return state.packing.next(at: .now)
            }
            switch step {
            case .start(let index): start(index, state, (digests, places), &threads)
            case .drop(let index): drop(index, state)
            case .wait(let time): Self.wait(state, until: time)
            case .finished: break loop
            }
        }
        threads.joinAll()
        watcher.finish()
        return state.withLock { $0.results.compactMap { $0 } }
    }

    private static func wait(_ state: Monitor<State>, until time: ContinuousClock.Instant?) {
        guard let time else { return state.wait(until: { $0.hasNews }, then: { _ in }) }
        _ = state.wait(atMost: ContinuousClock.now.duration(to: time), until: { $0.hasNews })
    }

    /// Wakes the loop when the batch is to stop.
    private func watchCancellation(_ state: Monitor<State>) -> CancellationWatch {
        CancellationWatch(cancellation) { state.withLock { $0.hasNews = true } }
    }

    private func start(
        _ index: Int,
        _ state: Monitor<State>,
        _ shared: (digests: FileDigests, places: Result<JobPlaces, Failure>),
        _ threads: inout JobThreads
    ) {
        let job = plan.jobs[index]
        let before = state.withLock { $0.results[index] }
        progress.didStart(job)
        report(.started(job, attempt: (before?.attempts ?? 0) + 1))
        let task = JobTask(
            job: job,
            plan: plan,
            options: options,
            program: program,
            digests: shared.digests,
            places: shared.places,
            cancellation: cancellation,
            progress: progress,
            words: { [report] in report(.words($0)) }
        )
        let hasStarted = threads.start(index) { end(task.run(before), index, state) }
        guard !hasStarted else { return }
        var result = before ?? JobResult(job, .failed)
        result.failure = Failure(.temporary, name: "threadRefused", message: "the system refused a thread")
        end(.ended(result), index, state)
    }

    private func end(_ outcome: JobTask.Outcome, _ index: Int, _ state: Monitor<State>) {
        switch outcome {
        case .ended(let result):
            progress.didEnd(result)
            report(.ended(result))
            let isThere = [.done, .upToDate].contains(result.status)
            // The first failure ends the others, those that run as well.
            if !isThere, options.failFast { cancellation.request() }
            state.withLock {
                $0.results[index] = result
                $0.failed = $0.failed || !isThere
                $0.packing.end(index, succeeded: isThere)
                $0.over.append(index)
                $0.hasNews = true
            }
        case .retry(let result):
            progress.didStop(index)
            let delay = Backoff.delay(afterAttempt: result.attempts)
            report(.retrying(result, after: delay))
            state.withLock {
                $0.results[index] = result
                $0.packing.putBack(index, until: .now + delay)
                $0.over.append(index)
                $0.hasNews = true
            }
        }
    }

    /// Why a job was not begun. Another try of it helps only if it helps those that it waited for.
    private static func reason(_ plan: BatchPlan, _ failed: [Int], _ results: [JobResult?]) -> Failure {
        guard !failed.isEmpty else {
            return .stopped
        }
        let names = failed.prefix(3).map { plan.jobs[$0].name }.joined(separator: ", ")
        let rest = failed.count > 3 ? " and \(failed.count - 3) more" : ""
        let causes = failed.compactMap { results[$0]?.failure }
        let cause = causes.first { !$0.isRetryable } ?? causes.first
        var failure = Failure(
            cause?.status ?? .temporary,
            name: "notRun",
            message: "it runs after \(names)\(rest), which failed"
        )
        failure.isRetryable = cause?.isRetryable ?? true
        return failure
    }

    /// A job that was to be tried again has failed all the same.
    private func drop(_ index: Int, _ state: Monitor<State>) {
        let job = plan.jobs[index]
        let result = state.withLock { state in
            if let before = state.results[index] { return before }
            let failed = job.after.filter { [.failed, .dropped].contains(state.packing.states[$0]) }
            return JobResult(job, .notRun, Self.reason(plan, failed, state.results))
        }
        progress.didEnd(result)
        report(.ended(result))
        state.withLock { $0.results[index] = result }
    }
}
