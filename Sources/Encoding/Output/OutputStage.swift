package import Containers
package import Jobs
internal import LibAV
internal import Media
internal import SystemPackage
internal import Threading
package import VideoTypes

/// The last stage: takes chunks from a bounded queue and writes them, on a thread of its own.
package final class OutputStage: Sendable {
    /// What has been written.
    struct Summary: Sendable {
        var chunks = 0
        var keyChunks = 0
        var bytes = 0
        var sha256: String?
        /// The first chunk's decoder configuration record, which AVCC does not carry in itself.
        var description: [UInt8]?
    }

    fileprivate struct Outputs: ~Copyable {
        let writer: any OpenedOutput
        var lines: ChunkLines?
        var description: ByteSink?
        let digest: OutputDigest?
        var summary = Summary()
    }

    private let queue: BoundedQueue<EncodedVideoChunk>
    private let outputs: Monitor<Outputs?>
    private let thread = Monitor<WorkerThread?>(nil)
    private let failure = Monitor<SinkError?>(nil)
    private let hasEnded = Monitor(false)
    private let progress: JobProgress
    private let audio: AudioCarriage?

    /// Opens all outputs, and starts to wait for chunks.
    ///
    /// - Parameters:
    ///   - output: The destinations of all outputs.
    ///   - container: What a container shall store about the stream; it has passed `output.format.check(_:)`.
    ///   - audio: What is to be heard with the video.
    ///   - maxBytes: Bytes of chunks that may wait.
    ///   - temporaries: Learns of files that have no names yet.
    ///   - progress: Is told of every chunk that is written.
    package init(
        _ output: OutputDescription,
        container: ContainerDescription,
        audio: AudioCarriage? = nil,
        maxBytes: Int,
        temporaries: TemporaryFiles,
        progress: JobProgress
    ) throws(JobError) {
        (self.progress, self.audio) = (progress, audio)
        queue = BoundedQueue(limits: QueueLimits(soft: 64, hard: 64, maxBytes: maxBytes))
        do throws(SinkError) {
            outputs = Monitor(try Outputs(output, container, audio, temporaries))
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

    /// Hands over a chunk; waits while the queue is full.
    package func write(_ chunk: EncodedVideoChunk) throws {
        // A chunk larger than the bound is let through alone: it exists already.
        try queue.send(chunk, cost: .payload(bytes: min(chunk.data.count, queue.limits.maxBytes)))
    }

    /// The first error, after which writing stops.
    var firstFailure: SinkError? { failure.withLock { $0 } }

    /// The path of the stream until it is renamed into place; `nil` if it is written in place.
    var unnamedFile: FilePath? {
        outputs.withLock { outputs in
            switch outputs {
            case .some(let outputs): outputs.writer.unnamedFile
            case .none: nil
            }
        }
    }

    /// What was carried of each stream of audio; `nil` if there was none to carry.
    var carriedAudio: [Receipt.AudioTrack]? { audio?.carried }

    /// Waits until everything that was handed over is written, and ends the stream.
    func drain() throws(JobError) -> Summary {
        queue.finish()
        join()
        if let failure = firstFailure { throw .output(failure) }
        do throws(SinkError) {
            return try outputs.withLock { outputs throws(SinkError) in try outputs?.end() ?? Summary() }
        } catch {
            throw .output(error)
        }
    }

    /// Gives every output its name: the stream last, so that what describes it is there when it appears.
    package func publish(suffix: String, in publication: Publication) throws(JobError) {
        do throws(SinkError) {
            try outputs.withLock { outputs throws(SinkError) in
                guard var open = outputs.take() else { return }
                // Everything that can fail is done before the first file is renamed into place.
                try open.writer.sync()
                try open.lines?.sync()
                try open.description?.sync()
                if suffix.isEmpty { try open.checkNames() }
                if let lines = open.lines.take() { try lines.publish(suffix: suffix, in: publication) }
                if let description = open.description.take() {
                    try description.publish(suffix: suffix, in: publication)
                }
                try open.writer.finish(suffix: suffix, in: publication)
            }
        } catch {
            throw .output(error)
        }
    }

    /// Discards everything. A thread that waits for an idle reader is not joined: nothing waits for what it holds.
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
    fileprivate init(
        _ output: OutputDescription,
        _ container: ContainerDescription,
        _ audio: AudioCarriage?,
        _ temporaries: TemporaryFiles
    ) throws(SinkError) {
        func open(
            _ destination: ByteSink.Destination,
            observe: (@Sendable (RawSpan) -> Void)? = nil
        ) throws(SinkError) -> ByteSink {
            try ByteSink(
                opening: destination,
                output.lookup,
                overwrite: output.overwrite,
                temporaries: temporaries,
                observe: observe
            )
        }
        var lines: ChunkLines?
        var description: ByteSink?
        if let destination = output.chunks { lines = ChunkLines(try open(destination)) }
        if let destination = output.description { description = try open(destination) }
        let digest = output.hasDigest ? OutputDigest() : nil
        var container = container
        container.fragment = output.fragment
        var observe: (@Sendable (RawSpan) -> Void)?
        if let digest { observe = { digest.update($0) } }
        writer = try output.format.open(try open(output.destination, observe: observe), container, audio: audio)
        self.lines = lines.take()
        self.description = description.take()
        self.digest = digest
    }

    fileprivate func checkNames() throws(SinkError) {
        try writer.checkName()
        try lines?.checkName()
        try description?.checkName()
    }

    fileprivate mutating func write(_ chunk: EncodedVideoChunk, _ progress: JobProgress) throws(SinkError) {
        let ranges = try writer.write(chunk)
        try lines?.append(ChunkLine(chunk, index: summary.chunks))
        try lines?.place(ranges)
        if summary.chunks == 0, let record = chunk.decoderConfig?.description {
            try description?.write(record)
            summary.description = record
        }
        summary.chunks += 1
        summary.keyChunks += chunk.type == .key ? 1 : 0
        progress.didWrite(chunks: summary.chunks, bytes: writer.byteCount)
    }

    /// Ends the stream. No chunk at all is not an error of the output's.
    fileprivate mutating func end() throws(SinkError) -> OutputStage.Summary {
        guard summary.chunks > 0 else { return summary }
        // Not within the next call: without lines it would not be made.
        let ranges = try writer.end()
        try lines?.place(ranges)
        summary.bytes = writer.byteCount
        guard let digest else { return summary }
        if writer.isRewritten {
            digest.restart()
            try writer.readBack { digest.update($0) }
        }
        summary.sha256 = digest.finish()
        return summary
    }
}
