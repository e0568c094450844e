internal import CPosix
internal import Sluice

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What is done for one job, on a thread of its own: it is passed over if it is finished, else claimed, and tried once.
struct JobTask {
    /// What came of it.
    enum Outcome {
        case ended(JobResult)
        /// The failure is retryable.
        case retry(JobResult)
    }

    let job: BatchJob
    let plan: BatchPlan
    let options: BatchOptions
    let program: FilePath
    let digests: FileDigests
    let cancellation: Cancellation
    let progress: BatchProgress
    let words: @Sendable (String) -> Void

    /// - Parameter before: What earlier tries have come to.
    func run(_ before: JobResult?) -> Outcome {
        var result = before ?? JobResult(job, .notRun)
        do throws(BatchFailure) {
            if let refusal = job.refusal { throw refusal }
            let configuration = job.configurationDigest
            let check = ResumeCheck(job: job, trust: options.trust, digests: digests, interrupt: cancellation.interrupt)
            if let finished = try check.finished(configuration) {
                cleanUp()
                return .ended(upToDate(finished, result))
            }
            try makeFolders()
            let claim = try Claim(job.output, cancellation)
            // Whoever had claimed it may have finished it.
            if let finished = try check.finished(configuration) {
                claim.release()
                return .ended(upToDate(finished, result))
            }
            if claim.isInherited { claim.removeLeftovers(of: job.writes) }
            let mayReplace = mayReplace(claim)
            let isOurs = mayReplace || FileStamp(job.output.path) == nil
            defer { if !isOurs || !isUnaccounted { claim.release() } }
            if !mayReplace, let failure = job.existingFile(overwrite: plan.overwrite) { throw failure }
            guard let record = try digests.record(of: job, configuration: configuration, cancellation.interrupt) else {
                result.interrupt()
                return .ended(result)
            }
            return attempt(record, claim, overwrite: mayReplace || plan.overwrite, result)
        } catch {
            result.attempts += 1
            return ended(&result, error)
        }
    }

    /// A batch that was killed between the receipt's name and its own last step has left its claim.
    private func cleanUp() {
        guard Claim.isThere(job.output), let claim = try? Claim(job.output, cancellation) else { return }
        claim.removeLeftovers(of: job.writes)
        claim.release()
    }

    private func upToDate(_ finished: FinishedJob, _ before: JobResult) -> JobResult {
        var result = before
        result.status = .upToDate
        result.encoded = JobResult.Encoded(finished)
        return result
    }

    private func ended(_ result: inout JobResult, _ failure: BatchFailure) -> Outcome {
        (result.status, result.failure) = (.failed, failure)
        let goesOn = failure.retryable && result.attempts <= options.retries && !cancellation.isRequested
        return goesOn ? .retry(result) : .ended(result)
    }

    private func makeFolders() throws(BatchFailure) {
        for file in job.writes {
            let folder = file.path.removingLastComponent().string
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw BatchFailure(code: 73, name: "cannotCreateOutput", message: "the folder \(folder) cannot be made")
            }
        }
    }

    /// What stands at the output's name is a batch's.
    private func mayReplace(_ claim: Claim) -> Bool {
        claim.isInherited
            || FinishedJob.isWritten(
                output: job.output.path,
                companions: job.companions.map(\.path),
                receipt: job.receipt.path
            )
    }

    /// There is an output, and no receipt that says whose it is: if it is ours, only the claim says so.
    private var isUnaccounted: Bool {
        FileStamp(job.output.path) != nil && FinishedJob.read(job.receipt.path)?.job == nil
    }

    private func attempt(_ record: JobRecord, _ claim: Claim, overwrite: Bool, _ before: JobResult) -> Outcome {
        var result = before
        progress.update(job.index) { $0.isChecking = false }
        let attempt = JobAttempt(
            job: job,
            program: program,
            folder: plan.folder,
            arguments: arguments(record, overwrite: overwrite),
            lock: claim.descriptor,
            timeout: options.timeout,
            killAfter: options.killAfter,
            cancellation: cancellation,
            progress: { line in note(line) },
            words: { line in words("\(job.name): \(line.hasPrefix("sluice: ") ? line.dropFirst(8) : line[...])") }
        )
        let partials = ([job.output] + job.companions).map(\.partial.path)
        let former = Set(partials.filter { path in unsafe path.withPlatformString { unsafe cposix_exists($0) } })
        let outcome = attempt.run()
        result.attempts += 1
        result.seconds += outcome.seconds
        result.cpuSeconds += outcome.ending.cpuSeconds
        result.peakMemory = max(result.peakMemory ?? 0, outcome.ending.peakMemory)
        // A process that was killed has not cleaned up after itself.
        if outcome.ending.signal != 0 { claim.removeLeftovers(of: job.writes) }
        // What a signal made it leave is of no use: a batch that is run again encodes anew.
        if outcome.failure != nil || outcome.isCancelled {
            for file in partials where !former.contains(file) { TemporaryFiles.unlink(file) }
        }
        if outcome.isCancelled {
            result.interrupt()
            return .ended(result)
        }
        if let failure = outcome.failure { return ended(&result, failure) }
        return finish(record, &result)
    }

    /// The arguments in full: how it is watched, and what its receipt is to say.
    private func arguments(_ record: JobRecord, overwrite: Bool) -> [String] {
        let watched = ["--progress=json", "--progress-fd=3", "--json", "--job-record=\(JSON.text(record))"]
        var words = job.arguments(overwrite: overwrite)
        words.insert(contentsOf: watched + (options.isSandboxed ? [] : ["--no-sandbox"]), at: 1)
        return words
    }

    private func finish(_ record: JobRecord, _ result: inout JobResult) -> Outcome {
        guard let finished = FinishedJob.read(job.receipt.path), finished.job == record else {
            let message = "the receipt \(job.receipt.name) is not there, or of something else"
            return ended(&result, BatchFailure(code: 70, name: "defect", message: message))
        }
        let stamps = JobRecord.Input.stamps(of: job) ?? []
        if let changed = record.inputs.first(where: { known in !stamps.contains { $0.matches(known, exceptTime: false) }
        }) {
            // Nobody is to take it for finished.
            for file in job.writes.reversed() {
                if let path = ByteSink.regularFile(at: file.path) { TemporaryFiles.unlink(path) }
            }
            let message = "\(changed.name) was written to while it was encoded"
            return ended(&result, BatchFailure(code: 65, name: "inputChanged", message: message))
        }
        (result.status, result.failure) = (.done, nil)
        result.encoded = JobResult.Encoded(finished)
        return .ended(result)
    }

    /// A line of `encode`'s progress.
    private func note(_ line: String) {
        struct Object: Decodable {
            struct Progress: Decodable {
                let frames: Int
                let totalFrames: Int?
                let bytesOut: Int
                let fps: Double
            }
            let progress: Progress
        }
        guard let object = try? JSONFile.decode(Object.self, from: Array(line.utf8)) else { return }
        progress.update(job.index) {
            $0.frames = object.progress.frames
            $0.totalFrames = object.progress.totalFrames ?? $0.totalFrames
            $0.framesPerSecond = object.progress.fps
            $0.bytes = object.progress.bytesOut
        }
    }
}
