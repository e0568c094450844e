internal import CPosix
internal import Places
internal import Sluice
internal import SystemPackage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What is done for one job, on a thread of its own: it is passed over if it is finished, else claimed, and tried once.
struct JobTask {
    /// The result.
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
    let places: Result<JobPlaces, Failure>
    let cancellation: Cancellation
    let progress: BatchProgress
    let words: @Sendable (String) -> Void

    /// - Parameter before: The result of earlier attempts.
    func run(_ before: JobResult?) -> Outcome {
        var result = before ?? JobResult(job, .notRun)
        do throws(Failure) {
            if let refusal = job.refusal { throw refusal }
            let configuration = job.configurationDigest
            let places = try places.get()
            let check = resumeCheck(places)
            if let finished = try check.finished(configuration) {
                cleanUp(places)
                try renewModificationTime(places)
                return .ended(upToDate(finished, result))
            }
            for file in job.writes { try places.makeFolder(of: file) }
            let claim = try claim(configuration, places)
            // The previous owner of the claim may have finished it.
            if let finished = try check.finished(configuration) {
                claim.release()
                try renewModificationTime(places)
                return .ended(upToDate(finished, result))
            }
            if claim.inherited != nil { removeLeftovers(places) }
            let files = ownFiles(claim, places)
            let isOurs = files.mayBeReplaced(isThorough: true)
            // What is put there from here on is not ours.
            let mayReplace = isOurs && files.areThere
            defer { if !isOurs || !isUnaccounted(places) { claim.release() } }
            if !mayReplace, let failure = job.existingFile(overwrite: plan.overwrite) { throw failure }
            guard let record = try digests.record(of: job, configuration: configuration, cancellation.interrupt),
                !cancellation.isStopping
            else { return .ended(notBegun(result)) }
            return attempt(record, claim, places, overwrite: mayReplace || plan.overwrite, result)
        } catch {
            result.attempts += 1
            return ended(&result, error)
        }
    }

    /// A batch that was killed between the receipt's name and its own last step has left its claim.
    private func cleanUp(_ places: JobPlaces) {
        guard let place = try? places.place(of: job.output), Claim.text(at: place) != nil,
            let claim = try? claim("", places)
        else { return }
        removeLeftovers(places)
        claim.release()
    }

    /// Gives an output that is up to date the time that its input has now: the same bytes may have been written again.
    private func renewModificationTime(_ places: JobPlaces) throws(Failure) {
        guard let modified = job.modified, let place = try? places.place(of: job.output),
            let entry = place.entry, entry.isRegular, entry.modified != modified, let (file, _) = place.openRegular()
        else { return }
        defer { try? file.close() }
        let status = cposix_set_modification_time(file.rawValue, modified)
        guard status == 0 else {
            throw Failure(Errno(rawValue: status), "the modification time of \(job.output.name) cannot be set")
        }
    }

    /// The batch was asked to stop before the job's process was started.
    private func notBegun(_ before: JobResult) -> JobResult {
        guard before.attempts == 0 else { return before }
        return JobResult(job, .notRun, .stopped)
    }

    private func claim(_ configuration: String, _ places: JobPlaces) throws(Failure) -> Claim {
        let place = try places.place(of: job.output)
        let batch = ClaimText.Batch(
            output: place.name.spelled,
            manifest: plan.manifest.spelled,
            configuration: configuration
        )
        return try Claim(place, job.output, batch: batch, cancellation)
    }

    /// Removes the temporary files of the job that killed processes left.
    private func removeLeftovers(_ places: JobPlaces) {
        for file in job.writes { if let place = try? places.place(of: file) { SideFiles.removeStale(of: place) } }
    }

    private func upToDate(_ finished: Receipt, _ before: JobResult) -> JobResult {
        var result = before
        result.status = .upToDate
        result.encoded = JobResult.Encoded(finished)
        return result
    }

    private func ended(_ result: inout JobResult, _ failure: Failure) -> Outcome {
        (result.status, result.failure) = (.failed, failure)
        let goesOn = failure.isRetryable && result.attempts <= options.retries && !cancellation.isStopping
        return goesOn ? .retry(result) : .ended(result)
    }

    /// What is at the job's names.
    private func ownFiles(_ claim: Claim, _ places: JobPlaces) -> OwnFiles {
        OwnFiles(
            output: try? places.place(of: job.output),
            companions: job.companions.compactMap { try? places.place(of: $0) },
            receipt: try? places.place(of: job.receipt),
            claim: claim.inherited
        )
    }

    private func resumeCheck(_ places: JobPlaces) -> ResumeCheck {
        let interrupt = cancellation.interrupt
        return ResumeCheck(job: job, trust: options.trust, digests: digests, interrupt: interrupt, places: places)
    }

    /// The output exists without a receipt: only the claim can prove that it is ours.
    private func isUnaccounted(_ places: JobPlaces) -> Bool {
        let (output, receipt) = (try? places.place(of: job.output), try? places.place(of: job.receipt))
        return output.flatMap { FileStamp($0) } != nil && receipt.flatMap(Receipt.read)?.job == nil
    }

    private func attempt(
        _ record: JobRecord,
        _ claim: Claim,
        _ places: JobPlaces,
        overwrite: Bool,
        _ before: JobResult
    ) -> Outcome {
        var result = before
        progress.update(job.index) { $0.isChecking = false }
        let attempt = JobAttempt(
            job: job,
            program: program,
            folder: plan.folder,
            arguments: arguments(record, places, overwrite: overwrite),
            lock: claim.descriptor,
            root: places.root,
            timeout: options.timeout,
            killAfter: options.killAfter,
            cancellation: cancellation,
            progress: { line in note(line) },
            words: { line in words("\(job.name): \(line.hasPrefix("sluice: ") ? line.dropFirst(8) : line[...])") }
        )
        let partials = ([job.output] + job.companions).compactMap { try? places.place(of: $0) }.map { place in
            place.sibling(SideFiles.name(place.name, suffix: ".partial"))
        }
        let former = Set(partials.filter { $0.entry != nil })
        let outcome = attempt.run()
        result.attempts += 1
        result.seconds += outcome.seconds
        result.cpuSeconds += outcome.ending.cpuSeconds
        result.peakMemory = max(result.peakMemory ?? 0, outcome.ending.peakMemory)
        // A process that was killed has not cleaned up after itself.
        if outcome.ending.signal != 0 { removeLeftovers(places) }
        // The partial output after a signal is not used: a batch that is run again encodes from the start.
        if outcome.failure != nil || outcome.isCancelled {
            for file in partials where !former.contains(file) { file.unlink() }
        }
        if outcome.isCancelled {
            result.interrupt()
            return .ended(result)
        }
        if let failure = outcome.failure { return ended(&result, failure.naming(input: job.input)) }
        return finish(record, places, &result)
    }

    /// The complete arguments: its progress options, and the values for its receipt.
    private func arguments(_ record: JobRecord, _ places: JobPlaces, overwrite: Bool) -> [String] {
        var watched = ["--progress=json", "--progress-fd=3", "--json", "--job-record=\(JSON.text(record))"]
        watched += ["--claim-fd=4"]
        if let root = places.root { watched += ["--output-root=\(root.path.spelled)", "--output-root-fd=5"] }
        var words = job.arguments(overwrite: overwrite)
        words.insert(contentsOf: watched + (options.isSandboxed ? [] : ["--no-sandbox"]), at: 1)
        return words
    }

    private func finish(_ record: JobRecord, _ places: JobPlaces, _ result: inout JobResult) -> Outcome {
        let receipt: NamedPlace
        do throws(Failure) { receipt = try places.place(of: job.receipt) } catch { return ended(&result, error) }
        guard let finished = Receipt.read(receipt), finished.job?.hasSameCause(as: record) == true else {
            let message = "the receipt \(job.receipt.name) is missing, or of another job"
            return ended(&result, Failure(.defect, name: "defect", message: message))
        }
        let stamps = JobRecord.Input.stamps(of: job) ?? []
        if let changed = record.inputs.first(where: { known in !stamps.contains { $0.matches(known, exceptTime: false) }
        }) {
            // It must not look finished.
            for file in job.writes.reversed() {
                if let place = try? places.place(of: file), place.entry?.isRegular == true { place.unlink() }
            }
            let message = "\(changed.name) changed while it was encoded"
            return ended(&result, Failure(.badInput, name: "inputChanged", message: message))
        }
        (result.status, result.failure) = (.done, nil)
        result.encoded = JobResult.Encoded(finished)
        return .ended(result)
    }

    /// A line of `encode`'s progress.
    private func note(_ line: String) {
        guard let record = ProgressRecord(line) else { return }
        progress.update(job.index) {
            $0.frames = record.frames
            $0.totalFrames = record.totalFrames ?? $0.totalFrames
            $0.framesPerSecond = record.fps
            $0.bytes = record.bytesOut
        }
    }
}
