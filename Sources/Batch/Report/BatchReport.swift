internal import Sluice

/// What a batch has done: a table, JSON, JUnit's XML, or a page.
package struct BatchReport: Sendable {
    /// What messages call the manifest.
    package let manifest: String
    /// What the jobs had to share.
    package let budget: ResourceBudget
    /// A result for each job, in the order of the manifest.
    package let results: [JobResult]
    /// Seconds by the clock on the wall.
    package let seconds: Double
    /// Why no job was begun; `nil` for a batch that ran.
    package let cause: Failure?
    /// What the writer of the manifest should know.
    package let notices: [String]

    /// The report of a batch that ran.
    package init(
        manifest: String,
        budget: ResourceBudget,
        results: [JobResult],
        seconds: Double,
        notices: [String] = []
    ) {
        (self.manifest, self.budget, self.results, self.seconds) = (manifest, budget, results, seconds)
        (cause, self.notices) = (nil, notices)
    }

    /// The report of a batch that was not begun.
    package init(manifest: String, budget: ResourceBudget, failure: Failure) {
        (self.manifest, self.budget, results, seconds, cause) = (manifest, budget, [], 0, failure)
        notices = []
    }

    /// The jobs that ended so.
    package func count(_ statuses: JobResult.Status...) -> Int { results.count { statuses.contains($0.status) } }

    /// Jobs that are done without an output, which would not be smaller than the input.
    var notKept: Int { results.count(where: \.isNotKept) }

    /// The batch's exit status: that of the first failed job that a retry cannot fix; 75 if a retry may fix all of them; `nil`
    /// if every output is complete.
    package var failure: Failure? {
        if let cause { return cause }
        let failures = results.filter { $0.status == .failed }.compactMap(\.failure)
        let unfinished = results.count - count(.done, .upToDate)
        guard unfinished > 0 else { return nil }
        let summary = Quantity.part(unfinished, of: results.count, "job", "has no output", "have no output")
        guard let worst = failures.first(where: { !$0.isRetryable }) ?? failures.first else {
            return Failure(.temporary, name: "interrupted", message: summary)
        }
        return Failure(worst.isRetryable ? .temporary : worst.status, name: "jobsFailed", message: summary)
    }

    /// What has become of the jobs, in a line.
    package var summary: String {
        if let cause { return "no results: \(cause.message)" }
        let counts = [
            (count(.done), "done"), (count(.upToDate), "up to date"), (count(.failed), "failed"),
            (count(.interrupted), "interrupted"), (count(.notRun), "not run"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        let kept = notKept > 0 ? "; \(Quantity.count(notKept, "output")) not kept" : ""
        return "\(Quantity.count(results.count, "job")): \(words), in \(Quantity.time(seconds))\(kept)"
    }
}

extension BatchReport {
    private struct Object: Encodable {
        struct Share: Encodable {
            let amount: Int
            let source: String
            init(_ share: ResourceBudget.Share) { (amount, source) = (share.amount, share.source) }
        }
        struct Budget: Encodable { let threads: Share, memoryBytes: Share }
        struct Memory: Encodable { let estimatedBytes: Int, peakBytes: Int? }
        struct Job: Encodable {
            let name: String
            let line: Int
            let input: String?
            let command: [String]?
            let output: String
            let receipt: String
            let status: JobResult.Status
            let error: Failure?
            let attempts: Int
            let threads: Int
            let memory: Memory
            let seconds: Double
            let cpuSeconds: Double
            let encoded: JobResult.Encoded?

            init(_ result: JobResult) {
                let job = result.job
                (name, line, input, command) = (
                    job.name, job.place.line, job.input?.name, job.command.map { Array($0.dropFirst()) }
                )
                (output, receipt, status, error) = (job.output.name, job.receipt.name, result.status, result.failure)
                (attempts, threads) = (result.attempts, job.threads)
                memory = Memory(estimatedBytes: job.memory, peakBytes: result.peakMemory)
                (seconds, cpuSeconds, encoded) = (result.seconds.rounded3, result.cpuSeconds.rounded3, result.encoded)
            }
        }

        let version = 1
        let program = "sluice \(SluiceVersion.current)"
        let libraries = SluiceVersion.libraries
        let manifest: String
        let budget: Budget
        let seconds: Double
        /// Why not every output is there.
        let error: Failure?
        /// Left out where there are none.
        let notices: [String]?
        let jobs: [Job]
    }

    private var object: Object {
        Object(
            manifest: manifest,
            budget: .init(threads: .init(budget.threads), memoryBytes: .init(budget.memory)),
            seconds: seconds.rounded3,
            error: failure,
            notices: notices.isEmpty ? nil : notices,
            jobs: results.map(Object.Job.init)
        )
    }

    /// One object on one line, with its line feed.
    package var json: String { JSON.text(object) + "\n" }
    /// The same object on many lines, for people who look into the file.
    package var prettyJSON: String { JSON.text(object, isPretty: true) + "\n" }
}

extension Double {
    /// To the thousandth.
    var rounded3: Double { (self * 1000).rounded() / 1000 }
}
