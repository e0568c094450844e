package import Containers
package import Jobs
internal import LibAV
internal import Media
internal import SystemPackage
internal import Threading
package import VideoTypes

/// The last stage: takes chunks from a bounded queue and writes them, on a thread of its own.
package final class OutputStage: Sendable {
    private let queue: BoundedQueue<EncodedVideoChunk>
    private let outputs: Monitor<OutputFiles?>
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
    ///   - audio: The audio of the output.
    ///   - maxBytes: Bytes of chunks that may wait.
    ///   - temporaries: Learns of files that have no names yet.
    ///   - progress: Counts every chunk that is written.
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
            outputs = Monitor(try OutputFiles(output, container, audio, temporaries))
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
    private var firstFailure: SinkError? { failure.withLock { $0 } }

    /// The path of the stream until it is renamed into place; `nil` if it is written in place.
    var unnamedFile: FilePath? {
        outputs.withLock { outputs in
            switch outputs {
            case .some(let outputs): outputs.stream.unnamedFile
            case .none: nil
            }
        }
    }

    /// What was carried of each stream of audio; `nil` if there was none to carry.
    var carriedAudio: [Receipt.AudioTrack]? { audio?.carried }

    /// Waits until everything that was handed over is written, and ends the stream.
    func drain() throws(JobError) -> OutputFiles.Summary {
        queue.finish()
        join()
        if let failure = firstFailure { throw .output(failure) }
        do throws(SinkError) {
            return try outputs.withLock { outputs throws(SinkError) in try outputs?.end() ?? OutputFiles.Summary() }
        } catch {
            throw .output(error)
        }
    }

    /// Renames every output into place: the stream last, so that what describes it is there when it appears.
    ///
    /// - Parameter modified: When the stream's file is to have been modified; `nil`, the default, is when it was written.
    package func publish(
        suffix: String,
        modified: Int64? = nil,
        in publication: Publication
    ) throws(JobError) {
        do throws(SinkError) {
            try outputs.withLock { outputs throws(SinkError) in
                guard var files = outputs.take() else { return }
                files.setModified(modified)
                try files.publish(suffix: suffix, in: publication)
            }
        } catch {
            throw .output(error)
        }
    }

    /// Drops every output, and takes away the files that they would have replaced.
    func discard(in publication: Publication) throws(JobError) {
        do throws(SinkError) {
            try outputs.withLock { outputs throws(SinkError) in
                guard let files = outputs.take() else { return }
                try files.discard(in: publication)
            }
        } catch {
            throw .output(error)
        }
    }

    /// Discards everything after an error.
    ///
    /// - Returns: The first error, which is the one to report: audio that cannot be read ends the output, and an output that
    ///   cannot be written makes the encoders fail as well.
    func abandon(after error: JobError) -> JobError {
        let first = firstFailure.map { JobError.output($0) }
        abandon()
        return audio?.failure ?? first ?? error
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
