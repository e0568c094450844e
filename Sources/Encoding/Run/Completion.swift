internal import CPosix
internal import Containers
internal import Encoders
internal import Ingest
internal import Jobs
internal import Media
internal import SystemPackage
internal import Threading
internal import VideoTypes

/// The end of a run: the receipt, and names for everything that was written.
struct Completion {
    let run: EncodeRun
    /// The output is usable, but not what was requested.
    let isInterrupted: Bool
    /// Bytes that the output had to stay below; `nil` if any number is wanted.
    let limit: Int?
    /// It did.
    let isKept: Bool

    private var job: EncodeJob { run.job }
    private var context: EncodeJob.Context { run.context }

    /// What the run has done.
    func receipt(
        _ read: ReadInput,
        _ written: OutputFiles.Summary,
        _ plan: EncodePlan,
        _ audio: [Receipt.AudioTrack]?,
        _ verification: Verification?
    ) -> Receipt {
        let loss = read.loss ?? Self.loss(bytes: read.droppedBytes, of: plan.source.byteCount)
        var receipt = Receipt(
            status: status(loss),
            input: Receipt.Input(
                name: job.input.origin.exactName,
                frames: read.inputFrames ?? read.frames,
                bytes: read.bytes,
                droppedBytes: read.droppedBytes,
                sha256: job.input.hasDigest ? run.digest.finish() : nil,
                loss: loss
            ),
            output: Receipt.Output(
                name: job.output.destination.exactName,
                format: job.output.format.rawValue,
                chunks: written.chunks,
                keyChunks: written.keyChunks,
                bytes: written.bytes,
                sha256: written.sha256,
                audio: audio
            ),
            config: ConfigObject(plan.config.values, encoder: plan.backend.name),
            notices: run.notices.all,
            verification: verification,
            wallSeconds: Self.milliseconds(context.progress.seconds),
            cpuSeconds: Self.milliseconds(cposix_cpu_seconds()),
            peakMemoryBytes: Int(cposix_peak_memory()),
            waiting: waiting
        )
        receipt.note(read.conversion)
        receipt.output.limit = limit
        receipt.filtering = job.filtering
        (receipt.job, receipt.sandbox) = (job.record, context.sandbox)
        receipt.job?.outputs = isKept ? context.temporaries.outputs.map(JobRecord.Output.init) : []
        return receipt
    }

    private func status(_ loss: String?) -> String {
        guard !isInterrupted else { return Receipt.Status.interrupted }
        guard isKept else { return Receipt.Status.notKept }
        return loss == nil ? Receipt.Status.complete : Receipt.Status.partial
    }

    private static func loss(bytes: Int, of whole: Int) -> String? {
        bytes == 0 ? nil : "the last frame has \(bytes) of \(whole) bytes, and is dropped"
    }

    /// All files are renamed into place, or none: the receipt last, because it proves that the others exist. The output of an
    /// interrupted run is usable, but not what was requested, and has no receipt. An output that is not kept has nothing else.
    func publish(_ stage: OutputStage, _ receipt: Receipt) throws(JobError) {
        guard !isInterrupted || receipt.output.chunks > 0 else { return stage.abandon() }
        let publication = Publication(context.temporaries)
        do throws(JobError) {
            var sink = isInterrupted ? nil : try receiptFile(receipt)
            if !isInterrupted { try noteClaim() }
            if isKept {
                let modified = job.output.keepsModificationTime ? run.stamp?.modified : nil
                try stage.publish(suffix: isInterrupted ? ".partial" : "", modified: modified, in: publication)
            } else {
                try stage.discard(in: publication)
            }
            try asJobError { () throws(SinkError) in
                if let sink = sink.take() { try sink.publish(suffix: "", in: publication) }
            }
        } catch {
            publication.withdraw()
            throw error
        }
        publication.keep()
    }

    /// Writes to a batch's claim which files are ours, before they are renamed into place.
    private func noteClaim() throws(JobError) {
        guard let claim = job.output.claim else { return }
        do {
            try FileDescriptor(rawValue: claim).writeAll(
                JSON.line(context.temporaries.outputs.map(JobRecord.Output.init))
            )
        } catch {
            throw .output(
                .failed(
                    operation: "writing the claim beside",
                    name: job.output.destination.name,
                    error as? Errno ?? .ioError
                )
            )
        }
    }

    private func receiptFile(_ receipt: Receipt) throws(JobError) -> ByteSink? {
        guard let destination = job.output.receipt else { return nil }
        let (overwrite, temporaries) = (job.output.overwrite, context.temporaries)
        return try asJobError { () throws(SinkError) in
            var sink = try ByteSink(
                opening: destination,
                job.output.receiptLookup,
                overwrite: overwrite,
                temporaries: temporaries,
                mayBeAbandoned: false
            )
            try sink.write(receipt.line)
            try sink.sync()
            return sink
        }
    }

    private static func milliseconds(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

    private var waiting: Receipt.Waiting {
        let progress = context.progress
        let wall = max(progress.seconds, 1e-9)
        func share(_ seconds: Double) -> Double { Self.milliseconds(min(1, max(0, seconds / wall))) }
        return Receipt.Waiting(
            ingest: share(progress.seconds(.waitingForInput, of: .ingest)),
            queue: share(progress.seconds(.waitingForOutput, of: .ingest)),
            encode: share(progress.seconds(.waitingForInput, of: .encode)),
            output: share(progress.seconds(.waitingForInput, of: .output))
        )
    }
}

extension Receipt {
    /// Takes up what became of the frames for another rate.
    fileprivate mutating func note(_ counts: RateConversion.Counts?) {
        output.droppedFrames = counts?.dropped
        output.repeatedFrames = counts?.repeated
    }
}
