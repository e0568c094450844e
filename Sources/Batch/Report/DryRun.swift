internal import Places
internal import Sluice

/// The commands that a batch would run, in shell syntax.
package struct DryRun {
    private let plan: BatchPlan
    private let trust: Trust
    private let budget: ResourceBudget
    /// What the jobs write.
    private let written: Set<BatchJob.File>

    /// What would be done of a plan that has been fitted into a budget.
    package init(_ plan: BatchPlan, _ trust: Trust, _ budget: ResourceBudget) {
        (self.plan, self.trust, self.budget) = (plan, trust, budget)
        written = Set(plan.jobs.flatMap(\.writes))
    }

    /// A few lines for each job.
    package var text: String {
        let (threads, memory) = (budget.threads, budget.memory)
        let within = "\(Quantity.count(threads.amount, "thread")) (\(threads.source))"
        let head =
            "\(Quantity.count(plan.jobs.count, "job")) within \(within) and"
            + " \(Quantity.memory(memory.amount)) (\(memory.source))\n"
        return head + plan.jobs.map(describe).joined()
    }

    private func describe(_ job: BatchJob) -> String {
        let frames = job.forecast.frames.map { Quantity.count($0, "frame") } ?? "frames unknown"
        let size = job.forecast.size.map { "\($0)" } ?? "size unknown"
        let encoders = job.encoders.map { Quantity.count($0, "encoder") + ", " } ?? ""
        let needs =
            "\(size), \(frames), \(encoders)\(Quantity.count(job.threads, "thread")), about \(Quantity.memory(job.memory))"
        let after = job.after.isEmpty ? "" : ", after \(job.after.map { plan.jobs[$0].name }.joined(separator: ", "))"
        let words =
            (job.command.map { Self.quoted(Array($0.dropFirst())) + " | " } ?? "")
            + Self.quoted(["sluice"] + job.arguments())
        return "\n# \(job.name): \(state(of: job)) (\(needs)\(after))\n\(words)\n"
    }

    private func state(of job: BatchJob) -> String {
        let isFed = job.inputs.contains(where: written.contains)
        let check = ResumeCheck(job: job, trust: trust, digests: FileDigests(), interrupt: Interrupt())
        let finished = try? check.finished(job.configurationDigest)
        if let finished {
            let state = finished.isKept ? "up to date" : "up to date, not kept"
            return isFed ? "\(state), unless its inputs change" : state
        }
        if let refusal = job.refusal ?? foreignOutput(of: job) { return "would fail: \(refusal.message)" }
        return "would run"
    }

    /// The failure of a job whose output is there, and is not a batch's.
    private func foreignOutput(of job: BatchJob) -> Failure? {
        guard !OwnFiles(of: job).mayBeReplaced(isThorough: false) else { return nil }
        return job.existingFile(overwrite: plan.overwrite)
    }

    /// An argument with bytes that are not UTF-8, in the syntax of bash and other shells.
    private static func bytes(_ word: String) -> String {
        let parts = word.unicodeScalars.map { scalar in
            if let byte = Spelling.byte(of: scalar) { return "\\x\(String(byte, radix: 16))" }
            return ["'", "\\"].contains(scalar) ? "\\\(scalar)" : String(scalar)
        }
        return "$'\(parts.joined())'"
    }

    private static func quoted(_ words: [String]) -> String {
        words.map { word in
            guard !word.unicodeScalars.contains(where: { Spelling.byte(of: $0) != nil }) else { return bytes(word) }
            let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,+%@".contains($0)) }
            return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
