internal import Places
internal import Sluice

/// How a batch runs its jobs, whatever the machine has.
package struct BatchOptions: Equatable, Sendable {
    /// Jobs at once, at most. `nil`, the default, are as many as fit.
    package var jobs: Int?
    /// The first failure ends the batch. By default, the others continue.
    package var failFast = false
    /// How often a job is tried again whose failure is retryable. The default is 0.
    package var retries = 0
    /// How long a try may take. `nil`, the default, is as long as it likes.
    package var timeout: Duration?
    /// How long a job's processes may take to end, once they were asked to, before they are killed. The default is 20 seconds.
    package var killAfter = Duration.seconds(20)
    /// How outputs are known to be finished. The default is by their digests.
    package var trust = Trust.digest
    /// Whether what reads media is confined. The default is that it is.
    package var isSandboxed = true

    /// The defaults.
    package init() {}
}

extension BatchPlan {
    /// Gives each job its threads and the memory that it is taken to need.
    ///
    /// - Parameters:
    ///   - budget: What all jobs together may use.
    ///   - slots: Jobs at once, at most; `nil` for as many as fit.
    /// - Throws: ``ManifestError`` if a job does not fit even alone.
    package mutating func fit(into budget: ResourceBudget, slots: Int?) throws(ManifestError) {
        let threads = Packing.threads(
            budget: budget.threads.amount,
            slots: slots,
            memory: budget.memory.amount,
            jobs: jobs.map { ($0.forecast.threads, $0.forecast.usefulThreads, $0.forecast.memory) }
        )
        var problems: [ManifestProblem] = []
        for index in jobs.indices {
            jobs[index].take(threads: threads[index], memory: budget.memory.amount)
            problems += refusals(of: jobs[index], budget)
        }
        guard problems.isEmpty else { throw ManifestError(name, problems) }
    }

    private func refusals(of job: BatchJob, _ budget: ResourceBudget) -> [ManifestProblem] {
        var problems: [ManifestProblem] = []
        if job.threads > budget.threads.amount {
            problems.append(
                ManifestProblem(
                    "\(job.name): threads \(job.threads) are more than the budget of \(budget.threads.amount) (\(budget.threads.source);"
                        + " --threads raises it)",
                    at: job.place
                )
            )
        }
        if job.memory > budget.memory.amount {
            let (needed, has) = (Quantity.memory(job.memory), Quantity.memory(budget.memory.amount))
            problems.append(
                ManifestProblem(
                    "\(job.name): the job needs about \(needed), more than the budget of \(has) (\(budget.memory.source);"
                        + " --max-memory raises it)",
                    at: job.place
                )
            )
        }
        return problems
    }
}
