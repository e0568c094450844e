internal import CPosix
internal import Containers
internal import Encoders
internal import Ingest
package import Jobs
internal import Media
internal import SystemPackage
internal import Threading
internal import VideoTypes

// The end of a run: the receipt, and names for everything that was written.
extension EncodeRun {
    /// - Parameter reader: What was read.
    package func complete<Input: ReadInput & ~Copyable>(
        _ reader: borrowing Input,
        _ stage: OutputStage,
        _ plan: EncodePlan
    ) throws(JobError) -> Receipt {
        let written = try stage.drain()
        // A growing file is valid if only its beginning was requested; a file that became shorter than the mapped part is not.
        try reader.checkAllThere()
        if !reader.isInterrupted { try checkUnchanged() }
        guard written.chunks == reader.frameCount else {
            throw .defect("\(reader.frameCount) frames were read, but \(written.chunks) chunks written")
        }
        let verification = reader.isInterrupted ? nil : try verify(stage, written, plan)
        // A signal during verification leaves the output unverified: usable, but not what was requested.
        let isInterrupted = reader.isInterrupted || (job.verification != nil && verification == nil)
        let loss = reader.loss ?? Self.loss(bytes: reader.droppedBytes, of: plan.source.byteCount)
        var receipt = Receipt(
            status: isInterrupted ? "interrupted" : loss == nil ? "complete" : "partial",
            input: Receipt.Input(
                name: job.input.origin.exactName,
                frames: reader.frameCount,
                bytes: reader.byteCount,
                droppedBytes: reader.droppedBytes,
                sha256: job.input.hasDigest ? digest.finish() : nil,
                loss: loss
            ),
            output: Receipt.Output(
                name: job.output.destination.exactName,
                format: job.output.format.rawValue,
                chunks: written.chunks,
                keyChunks: written.keyChunks,
                bytes: written.bytes,
                sha256: written.sha256,
                audio: stage.carriedAudio
            ),
            config: ConfigObject(plan.config.values, encoder: plan.backend.name),
            notices: notices.all,
            verification: verification,
            wallSeconds: Self.milliseconds(context.progress.seconds),
            cpuSeconds: Self.milliseconds(cposix_cpu_seconds()),
            peakMemoryBytes: Int(cposix_peak_memory()),
            waiting: waiting
        )
        (receipt.job, receipt.sandbox) = (job.record, context.sandbox)
        receipt.job?.outputs = context.temporaries.outputs.map(JobRecord.Output.init)
        try publish(stage, receipt, isPartial: isInterrupted)
        return receipt
    }

    private static func loss(bytes: Int, of whole: Int) -> String? {
        bytes == 0 ? nil : "the last frame has \(bytes) of \(whole) bytes, and is dropped"
    }

    /// All files are renamed into place, or none: the receipt last, because it proves that the others exist. The output of an
    /// interrupted run is usable, but not what was requested, and has no receipt.
    private func publish(_ stage: OutputStage, _ receipt: Receipt, isPartial: Bool) throws(JobError) {
        guard !isPartial || receipt.output.chunks > 0 else { return stage.abandon() }
        let publication = Publication(context.temporaries)
        do throws(JobError) {
            var sink = isPartial ? nil : try receiptFile(receipt)
            if !isPartial { try noteClaim() }
            try stage.publish(suffix: isPartial ? ".partial" : "", in: publication)
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
