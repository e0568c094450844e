internal import Bitstream
internal import CPosix
internal import LibAV
internal import Synchronization

extension EncodeJob {
    /// What a job needs of whoever runs it.
    public struct Context: Sendable {
        /// Ends the input early: what has been read is encoded, and the output gets the suffix `.partial`.
        public var interrupt = Interrupt()
        /// Where the job says how far it is.
        public var progress = JobProgress()
        /// Learns of the files that do not have their names yet.
        public var temporaries = TemporaryFiles()
        /// How files are read whose frames need no conversion. The default is to read them; a program may map them.
        public var fileAccess = FileAccess.read
        /// Takes messages.
        public var logger = Logger.silent

        /// A context that nobody watches.
        public init() {}
    }

    /// Runs the job to its end, on the calling thread and two of its own.
    ///
    /// - Returns: The receipt. Every frame that came in is in the output then.
    /// - Throws: ``JobError``. There is no output then, and whatever had its name is as it was.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(_ context: Context = Context()) throws(JobError) -> Receipt {
        // What is known without the input is checked without it: a wrong setting is not to wait for a slow producer.
        if input.format != .y4m, input.size != nil, input.framerate != nil, input.pixelFormat != nil {
            _ = try EncodePlan(self, header: nil)
        }
        return try EncodeRun(self, context).run()
    }
}

/// One run of one job.
private struct EncodeRun {
    let job: EncodeJob
    let context: EncodeJob.Context
    let digest = InputDigest()

    init(_ job: EncodeJob, _ context: EncodeJob.Context) {
        self.job = job
        self.context = context
    }

    func run() throws(JobError) -> Receipt {
        var input = try openInput()
        try refuseSameFile(input)
        let header = try readHeader(&input)
        let plan = try EncodePlan(job, header: header)
        let bounds = try ResolvedBounds(job.bounds, pictureBytes: plan.target.byteCount)
        var reader = FrameReader(
            input: input,
            source: plan.source,
            isY4M: header != nil,
            conversion: plan.conversion,
            selection: job.input.selection,
            framerate: plan.framerate,
            pool: PicturePool(layout: plan.target, capacity: bounds.pictures),
            clock: context.progress.ingestClock
        )
        try asJobError { () throws(IngestError) in try reader.checkLength() }
        let stage = try OutputStage(
            job.output,
            maxBytes: bounds.chunkBytes,
            temporaries: context.temporaries,
            progress: context.progress
        )
        do throws(JobError) {
            let encoder = VideoEncoder(queue: bounds.queue) { try stage.write($0) }
            try encode(&reader, with: encoder, plan, stage)
            return try complete(&reader, stage, plan, encoder)
        } catch {
            stage.abandon()
            throw error
        }
    }

    private func openInput() throws(JobError) -> ByteSource {
        var observe: (@Sendable (RawSpan) -> Void)?
        if job.input.hasDigest { observe = { [digest] bytes in digest.update(bytes) } }
        do throws(IngestError) {
            return try ByteSource(
                opening: job.input.origin,
                access: context.fileAccess,
                interrupt: context.interrupt,
                clock: context.progress.ingestClock,
                observe: observe
            )
        } catch {
            throw .input(error)
        }
    }

    private func refuseSameFile(_ input: borrowing ByteSource) throws(JobError) {
        guard let identity = input.identity else { return }
        let output = job.output
        for case .path(let path)? in [output.destination, output.chunks, output.description, output.receipt]
        where FileIdentity(of: path) == identity {
            throw .usage("\(path) is the input; it cannot be an output as well")
        }
    }

    private func readHeader(_ input: inout ByteSource) throws(JobError) -> Y4MHeader? {
        do throws(IngestError) {
            guard job.input.format != .raw, try beginsAsY4M(&input) else { return nil }
            let line = try input.readLine(limit: Y4MHeader.maxLength) ?? []
            return try Self.parse(line, name: input.name)
        } catch {
            throw .input(error)
        }
    }

    private func beginsAsY4M(_ input: inout ByteSource) throws(IngestError) -> Bool {
        let start = try input.peek(Y4MHeader.magic.count)
        if start == Y4MHeader.magic { return true }
        if start.isEmpty, !input.isInterrupted { throw .empty(name: input.name, frameBytes: nil) }
        guard job.input.format == .auto else {
            throw .damagedHeader(name: input.name, reason: "Y4M begins with YUV4MPEG2, this does not")
        }
        return false
    }

    private static func parse(_ line: [UInt8], name: String) throws(IngestError) -> Y4MHeader {
        do throws(BitstreamError) {
            return try Y4MHeader(parsing: line)
        } catch {
            throw error.reason == .unsupported
                ? .unsupported(name: name, reason: "\(error)") : .damagedHeader(name: name, reason: "\(error)")
        }
    }

    private func encode(
        _ reader: inout FrameReader,
        with encoder: VideoEncoder,
        _ plan: EncodePlan,
        _ stage: OutputStage
    ) throws(JobError) {
        do throws(EncoderError) {
            try encoder.configure(plan.backend.makeSetup(plan.config, context.logger))
        } catch {
            throw .encoder(error)
        }
        context.progress.begin(
            encoderClock: encoder.clock,
            framerate: plan.framerate,
            knownFrames: reader.knownFrameCount
        )
        let start = ContinuousClock.now
        defer { addWorkingTime(since: start) }
        do throws(JobError) {
            try pump(&reader, into: encoder)
        } catch {
            // A failing output makes the encoder fail as well; the output's own error is the first one.
            if let failure = stage.firstFailure { throw .output(failure) }
            throw error
        }
    }

    private func pump(_ reader: inout FrameReader, into encoder: VideoEncoder) throws(JobError) {
        try asJobError { () throws(IngestError) in try reader.skipFrames() }
        var number = 0
        while let frame = try asJobError({ () throws(IngestError) in try reader.next() }) {
            let options = job.frameOptions[number] ?? EncodeOptions()
            try submit(frame, options, to: encoder)
            number += 1
            context.progress.didRead(frames: number, bytes: reader.byteCount)
        }
        if !reader.isInterrupted, let unused = job.frameOptions.keys.filter({ $0 >= number }).min() {
            throw .unusedFrameOptions(frame: unused, frames: number)
        }
        try asJobError { () throws(EncoderError) in
            try encoder.flush()
            try encoder.close()
        }
    }

    private func submit(
        _ frame: consuming VideoFrame,
        _ options: EncodeOptions,
        to encoder: VideoEncoder
    ) throws(JobError) {
        let start = ContinuousClock.now
        defer { context.progress.ingestClock.add(start.duration(to: .now), to: .waitingForOutput) }
        do throws(EncoderError) {
            try encoder.submit(frame, options: options)
        } catch {
            throw .encoder(error)
        }
    }

    /// What this thread did not spend waiting, it worked.
    private func addWorkingTime(since start: ContinuousClock.Instant) {
        let clock = context.progress.ingestClock
        let waited = clock.seconds(.waitingForInput) + clock.seconds(.waitingForOutput)
        clock.add(start.duration(to: .now) - .seconds(waited), to: .working)
    }

    private func complete(
        _ reader: inout FrameReader,
        _ stage: OutputStage,
        _ plan: EncodePlan,
        _ encoder: VideoEncoder
    ) throws(JobError) -> Receipt {
        let written = try stage.drain()
        // A growing file whose beginning was asked for is fine; one that lost what was mapped is not.
        try asJobError { () throws(IngestError) in try reader.checkNothingLost() }
        guard written.chunks == reader.frameCount else {
            throw .defect("\(reader.frameCount) frames were read, but \(written.chunks) chunks written")
        }
        let receipt = Receipt(
            status: reader.isInterrupted ? "interrupted" : "complete",
            input: Receipt.Input(
                name: job.input.origin.name,
                frames: reader.frameCount,
                bytes: reader.byteCount,
                droppedBytes: reader.droppedBytes,
                sha256: job.input.hasDigest ? digest.finish() : nil
            ),
            output: Receipt.Output(
                name: job.output.destination.name,
                format: job.output.format.rawValue,
                chunks: written.chunks,
                keyChunks: written.keyChunks,
                bytes: written.bytes,
                sha256: written.sha256
            ),
            config: ConfigObject(plan.config.values, encoder: plan.backend.name),
            wallSeconds: Self.milliseconds(context.progress.seconds),
            cpuSeconds: Self.milliseconds(cposix_cpu_seconds()),
            peakMemoryBytes: Int(cposix_peak_memory()),
            waiting: waiting(encoder)
        )
        try publish(stage, receipt, isPartial: reader.isInterrupted)
        return receipt
    }

    /// Everything gets its name, the receipt last: it says that the rest is there. What an interrupt left is usable, but
    /// not what was asked for, and has no receipt.
    private func publish(_ stage: OutputStage, _ receipt: Receipt, isPartial: Bool) throws(JobError) {
        guard !isPartial else {
            guard receipt.output.chunks > 0 else { return stage.abandon() }
            return try stage.publish(suffix: ".partial")
        }
        var sink: ByteSink?
        try asJobError { () throws(SinkError) in
            guard let destination = job.output.receipt else { return }
            sink = try ByteSink(
                opening: destination,
                overwrite: job.output.overwrite,
                temporaries: context.temporaries
            )
            try sink?.write(receipt.line)
            try sink?.sync()
        }
        try stage.publish(suffix: "")
        try asJobError { () throws(SinkError) in
            if let sink = sink.take() { try sink.publish() }
        }
    }

    private static func milliseconds(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

    private func waiting(_ encoder: VideoEncoder) -> Receipt.Waiting {
        let wall = max(context.progress.seconds, 1e-9)
        func share(_ seconds: Double) -> Double { Self.milliseconds(min(1, max(0, seconds / wall))) }
        return Receipt.Waiting(
            ingest: share(context.progress.ingestClock.seconds(.waitingForInput)),
            queue: share(context.progress.ingestClock.seconds(.waitingForOutput)),
            encode: share(encoder.clock.seconds(.waitingForInput)),
            output: share(context.progress.outputClock.seconds(.waitingForInput))
        )
    }
}

/// The SHA-256 of everything that is read, if that is wanted.
private final class InputDigest: Sendable {
    private let digest = Mutex<SHA256?>(nil)

    func update(_ bytes: RawSpan) {
        digest.withLock { digest in
            if digest == nil { digest = SHA256() }
            digest?.update(bytes)
        }
    }

    func finish() -> String { digest.withLock { $0.take() ?? SHA256() }.finish() }
}

private func asJobError<Result: ~Copyable>(_ body: () throws(IngestError) -> Result) throws(JobError) -> Result {
    do throws(IngestError) { return try body() } catch { throw .input(error) }
}

private func asJobError(_ body: () throws(SinkError) -> Void) throws(JobError) {
    do throws(SinkError) { try body() } catch { throw .output(error) }
}

private func asJobError(_ body: () throws(EncoderError) -> Void) throws(JobError) {
    do throws(EncoderError) { try body() } catch { throw .encoder(error) }
}
