internal import LibAV

/// The last stage: takes chunks from a bounded queue and writes them, on a thread of its own.
final class OutputStage: Sendable {
    /// What has been written.
    struct Summary: Sendable {
        var chunks = 0
        var keyChunks = 0
        var bytes = 0
        var sha256: String?
    }

    fileprivate struct Outputs: ~Copyable {
        var writer: ElementaryStreamWriter
        var lines: ByteSink?
        var description: ByteSink?
        var digest: SHA256?
        var summary = Summary()
    }

    private let queue: BoundedQueue<EncodedVideoChunk>
    private let outputs: Monitor<Outputs?>
    private let thread = Monitor<WorkerThread?>(nil)
    private let failure = Monitor<SinkError?>(nil)
    private let hasEnded = Monitor(false)
    private let progress: JobProgress

    /// Opens all outputs, and starts to wait for chunks.
    init(
        _ output: OutputDescription,
        maxBytes: Int,
        temporaries: TemporaryFiles,
        progress: JobProgress
    ) throws(JobError) {
        self.progress = progress
        queue = BoundedQueue(limits: QueueLimits(soft: 64, hard: 64, maxBytes: maxBytes))
        do throws(SinkError) {
            func open(_ destination: ByteSink.Destination) throws(SinkError) -> ByteSink {
                try ByteSink(opening: destination, overwrite: output.overwrite, temporaries: temporaries)
            }
            var lines: ByteSink?
            var description: ByteSink?
            if let destination = output.chunks { lines = try open(destination) }
            if let destination = output.description { description = try open(destination) }
            let writer = ElementaryStreamWriter(try open(output.destination))
            let digest: SHA256? = output.hasDigest ? SHA256() : nil
            outputs = Monitor(Outputs(writer: writer, lines: lines, description: description, digest: digest))
        } catch {
            throw .output(error)
        }
        do throws(WorkerThread.CreationError) {
            var started: WorkerThread? = try WorkerThread(name: "sluice-output") { [self] in run() }
            thread.withLock { $0 = started.take() }
        } catch {
            throw .thread(error)
        }
    }

    /// Hands over a chunk, waiting while there is no room.
    func write(_ chunk: EncodedVideoChunk) throws {
        // A chunk larger than the bound is let through alone: it exists already.
        try queue.send(chunk, cost: .payload(bytes: min(chunk.data.count, queue.limits.maxBytes)))
    }

    /// Why nothing more is written, if something failed.
    var firstFailure: SinkError? { failure.withLock { $0 } }

    /// Waits until everything that was handed over is written.
    func drain() throws(JobError) -> Summary {
        queue.finish()
        join()
        if let failure = firstFailure { throw .output(failure) }
        let summary = outputs.withLock { outputs -> Summary in
            guard var open = outputs.take() else { return Summary() }
            var summary = open.summary
            summary.bytes = open.writer.byteCount
            if let digest = open.digest.take() { summary.sha256 = digest.finish() }
            outputs = consume open
            return summary
        }
        return summary
    }

    /// Gives every output its name: the stream last, so that what describes it is there when it appears.
    func publish(suffix: String) throws(JobError) {
        do throws(SinkError) {
            try outputs.withLock { outputs throws(SinkError) in
                guard var open = outputs.take() else { return }
                // Everything that can fail comes before the first of them has its name.
                try open.writer.sync()
                try open.lines?.sync()
                try open.description?.sync()
                if suffix.isEmpty { try open.checkNames() }
                if let lines = open.lines.take() { try lines.publish(suffix: suffix) }
                if let description = open.description.take() { try description.publish(suffix: suffix) }
                try open.writer.finish(suffix: suffix)
            }
        } catch {
            throw .output(error)
        }
    }

    /// Throws everything away. A thread that waits for a reader who does not read is left behind: it holds nothing that
    /// anybody waits for.
    func abandon() {
        queue.cancel()
        guard hasEnded.wait(atMost: .seconds(1), until: { $0 }) else {
            thread.withLock { $0.take() }?.detach()
            return
        }
        join()
        outputs.withLock { $0 = nil }
    }

    private func join() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        thread.join()
    }

    private func run() {
        defer { hasEnded.withLock { $0 = true } }
        while let chunk = progress.outputClock.measure(.waitingForInput, { queue.receive() }) {
            do throws(SinkError) {
                try progress.outputClock.measure(.working) { () throws(SinkError) in
                    try outputs.withLock { outputs throws(SinkError) in try outputs?.write(chunk, progress) }
                }
            } catch {
                failure.withLock { $0 = $0 ?? error }
                queue.cancel()
            }
        }
    }
}

extension OutputStage.Outputs {
    fileprivate func checkNames() throws(SinkError) {
        try writer.checkName()
        try lines?.checkName()
        try description?.checkName()
    }

    fileprivate mutating func write(_ chunk: EncodedVideoChunk, _ progress: JobProgress) throws(SinkError) {
        let range = try writer.write(chunk)
        digest?.update(chunk.data)
        try lines?.write(JSON.line(ChunkLine(chunk, index: summary.chunks, range: range)))
        if summary.chunks == 0, let record = chunk.decoderConfig?.description { try description?.write(record) }
        summary.chunks += 1
        summary.keyChunks += chunk.type == .key ? 1 : 0
        progress.didWrite(chunks: summary.chunks, bytes: writer.byteCount)
    }
}
