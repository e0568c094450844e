internal import Bitstream
public import EncoderCore
public import Encoders
public import Ingest
public import Jobs
public import Logging
internal import Synchronization
public import Threading
package import VideoTypes

/// The frames of a stream, in presentation order, from any kind of file: reading on one thread, decoding on another, and the
/// caller, who takes the frames, on a third. Each waits for the next, so that a caller who takes no frames stops the reading.
///
/// Thread-safety: ``next()`` is called on one thread; everything else on any.
public final class DecodedMedia: Sendable {
    /// Frames that wait, besides the one that is being made and the one that is used.
    private static let waitingFrames = 4

    private let reader: Monitor<MediaReader>
    private let options: DecoderOptions
    private let acceptPartial: Bool
    private let interrupt: Interrupt
    private let queue: BoundedQueue<DecodedFrame>
    private let decoder: VideoDecoder
    private let outcome: Monitor<Outcome>
    private let hasEnded = Monitor(false)
    private let thread = Monitor<WorkerThread?>(nil)
    /// Waiting for frames is waiting for input.
    private let clock: StageClock

    /// What is known of the stream.
    public let info: MediaInfo

    /// Opens a stream, and begins to decode it.
    ///
    /// - Parameters:
    ///   - origin: The file.
    ///   - media: What is known of it beforehand.
    ///   - options: The form of the frames.
    ///   - interrupt: Ends reading early; the frames end then as if the file did.
    ///   - clock: Counts the time that is spent waiting for frames.
    ///   - logger: Gets notices about dropped data.
    @available(*, noasync, message: "blocks the calling thread")
    public convenience init(
        opening origin: ByteSource.Origin,
        media: MediaOptions = MediaOptions(),
        options: DecoderOptions = DecoderOptions(),
        interrupt: Interrupt = Interrupt(),
        clock: StageClock = StageClock(),
        logger: Logger = .silent
    ) throws(JobError) {
        let reader = try MediaReader(opening: origin, options: media, interrupt: interrupt, logger: logger)
        self.init(reader, acceptPartial: media.acceptPartial, options, interrupt: interrupt, clock: clock)
        try start()
    }

    /// Begins to decode a file that is open, into the stream's own format.
    package convenience init(
        reading source: consuming ByteSource,
        media: MediaOptions,
        framerate: FrameRate?,
        interrupt: Interrupt
    ) throws(JobError) {
        var options = media
        options.framerate = framerate
        let reader = try MediaReader(try OpenedMedia(source, options, interrupt), options, .silent)
        self.init(
            reader,
            acceptPartial: media.acceptPartial,
            DecoderOptions(),
            interrupt: interrupt,
            clock: StageClock()
        )
        try start()
    }

    private init(
        _ reader: consuming sending MediaReader,
        acceptPartial: Bool,
        _ options: DecoderOptions,
        interrupt: Interrupt,
        clock: StageClock
    ) {
        info = reader.info
        self.reader = Monitor(reader)
        (self.options, self.acceptPartial, self.interrupt) = (options, acceptPartial, interrupt)
        self.clock = clock
        let waiting = QueueLimits(soft: Self.waitingFrames, hard: Self.waitingFrames, maxBytes: .max / 2)
        let (queue, outcome) = (BoundedQueue<DecodedFrame>(limits: waiting), Monitor(Outcome()))
        (self.queue, self.outcome) = (queue, outcome)
        decoder = VideoDecoder(
            queue: QueueLimits(soft: 8, hard: 8, maxBytes: 64 << 20),
            frames: Self.waitingFrames + 3,
            output: { decoded in
                var frame = consume decoded
                let timestamp = frame.frame.timestamp
                guard let codedBytes = outcome.withLock({ $0.take(timestamp) }) else { return }
                frame.codedBytes = codedBytes
                guard !frame.isIncomplete else { throw IncompletePicture(timestamp: frame.frame.timestamp) }
                if frame.isInterlaced { outcome.withLock { $0.countInterlaced() } }
                let bytes = frame.frame.layout.byteCount
                try queue.send(frame, cost: .payload(bytes: bytes))
            }
        )
    }

    private func start() throws(JobError) {
        do throws(WorkerThread.CreationError) {
            var started: WorkerThread? = try WorkerThread(name: "sluice-demux") { [self] in run() }
            thread.withLock { $0 = started.take() }
        } catch {
            throw .thread(error)
        }
    }

    /// The next frame; `nil` after the last, and when reading was interrupted.
    ///
    /// - Throws: ``Jobs/JobError`` if the stream is damaged or ends early, once all frames before that have been given out.
    @available(*, noasync, message: "blocks the calling thread")
    public func next() throws(JobError) -> DecodedFrame? {
        if let frame = clock.measure(.waitingForInput, { queue.receive() }) { return frame }
        if let failure = outcome.withLock({ $0.failure }) { throw failure }
        return nil
    }

    /// The error that ended the input, with ``MediaOptions/acceptPartial``; known after the last frame.
    public var loss: JobError? { outcome.withLock { $0.loss } }

    /// Where pictures seem to be missing without the stream being damaged for certain; known after the last frame.
    package var gapNotice: String? {
        let (numbers, times) = outcome.withLock { ($0.numberGap, $0.gaps.notice) }
        guard let place = times ?? numbers else { return nil }
        return "\(info.name): frames may be missing: \(place)"
    }

    /// Pictures that were passed over because they refer to others before the beginning of the stream.
    public var skippedPictures: Int { outcome.withLock { $0.skipped } }

    /// A message about skipped pictures; `nil` without any.
    package var skippedNotice: String? {
        let count = skippedPictures
        guard count > 0 else { return nil }
        let pictures = count == 1 ? "1 picture that refers" : "\(count) pictures that refer"
        let verb = count == 1 ? "is" : "are"
        return "\(info.name): \(pictures) to pictures before the start of the stream \(verb) dropped"
    }

    /// A message about pictures of two fields after the first picture; `nil` without any, or if the first is one.
    package var interlaceNotice: String? {
        guard let (first, count) = outcome.withLock({ $0.interlaced }), first > 0 else { return nil }
        let frames = count == 1 ? "1 frame is" : "\(count) frames are"
        return "\(info.name): \(frames) interlaced, from frame \(first) on: their fields stay in one picture"
    }

    /// Chunks with a picture to show that were read.
    public var picturesRead: Int { outcome.withLock { $0.shown } }

    /// Bytes of the chunks that were read.
    public var bytesRead: Int { outcome.withLock { $0.bytes } }

    /// Reading was interrupted.
    public var isInterrupted: Bool { interrupt.isTriggered }

    /// Ends everything. A thread that waits for bytes that do not come is not joined: nothing waits for what it holds.
    @available(*, noasync, message: "blocks the calling thread")
    public func stop() {
        queue.cancel()
        try? decoder.close()
        guard hasEnded.wait(atMost: .seconds(1), until: { $0 }) else {
            thread.withLock { $0.take() }?.detach()
            return
        }
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
    }

    private func run() {
        reader.withLock { reader in
            do throws(MediaFailure) {
                try pump(&reader)
            } catch {
                note(error)
            }
            let (loss, skipped, gap) = (reader.loss, reader.skippedPictures, reader.gap)
            outcome.withLock {
                $0.loss = $0.loss ?? loss
                $0.skipped = skipped
                $0.numberGap = gap
            }
        }
        checkCount()
        queue.finish()
        try? decoder.close()
        hasEnded.withLock { $0 = true }
    }

    private func pump(_ reader: inout MediaReader) throws(MediaFailure) {
        var latest: DecoderConfig?
        var isMidway = reader.info.isMidway
        while let chunk = try reading({ () throws(JobError) in try reader.next() }) {
            let isFirst = latest == nil
            let isNew = chunk.decoderConfig.map { isFirst || $0.description != latest?.description } ?? false
            latest = chunk.decoderConfig ?? latest
            // From a key picture on that has all that it takes, a decoder can be strict.
            let endsMidway = isMidway && !isFirst && chunk.type == .key && chunk.hasParameterSets(latest)
            if endsMidway { isMidway = false }
            if isNew || endsMidway, let latest {
                try configure(latest, isMidway: isMidway)
            }
            let skipped = reader.skippedPictures
            if reader.endsRecovery { outcome.withLock { $0.recover(at: chunk.timestamp) } }
            let isUnrecovered = reader.isUnrecovered
            outcome.withLock { [isShown = reader.isShown, isLeftOut = reader.isLeftOut] outcome in
                outcome.skipped = skipped
                if isUnrecovered { outcome.unrecovered.insert(chunk.timestamp) }
                outcome.shown += isShown ? 1 : 0
                outcome.bytes += chunk.data.count
                if isShown { outcome.sizes[chunk.timestamp] = chunk.data.count }
                if isLeftOut { outcome.leftOut.insert(chunk.timestamp) }
            }
            try decoding { () throws(DecoderError) in try decoder.submit(chunk) }
        }
        try decoding { () throws(DecoderError) in try decoder.flush() }
    }

    private func configure(_ config: DecoderConfig, isMidway: Bool) throws(MediaFailure) {
        var options = options
        options.isMidway = isMidway
        try decoding { [options] () throws(DecoderError) in try decoder.configure(config, options: options) }
    }

    private func reading<Value>(_ body: () throws(JobError) -> Value) throws(MediaFailure) -> Value {
        do throws(JobError) { return try body() } catch { throw .reading(error) }
    }

    private func decoding(_ body: () throws(DecoderError) -> Void) throws(MediaFailure) {
        do throws(DecoderError) { try body() } catch { throw .decoding(error) }
    }

    private func note(_ failure: MediaFailure) {
        guard let (error, isDamage) = failure.jobError(name: info.name) else { return }
        outcome.withLock { outcome in
            if isDamage, acceptPartial { outcome.loss = error } else { outcome.failure = error }
        }
    }

    /// A decoder is silent about pictures that it does not deliver.
    private func checkCount() {
        let isInterrupted = interrupt.isTriggered
        outcome.withLock { outcome in
            guard outcome.failure == nil, outcome.loss == nil, !isInterrupted else { return }
            guard !info.mayHaveFields, outcome.delivered != outcome.shown else { return }
            let reason = Quantity.part(outcome.delivered, of: outcome.shown, "picture", "was decoded", "were decoded")
            let error = JobError.input(.damaged(name: info.name, reason: reason))
            if acceptPartial { outcome.loss = error } else { outcome.failure = error }
        }
    }
}

extension EncodedVideoChunk {
    /// A decoder needs no earlier data.
    fileprivate func hasParameterSets(_ config: DecoderConfig?) -> Bool {
        guard config?.description == nil else { return true }
        let starts = AnnexB.split(data).compactMap(\.first)
        let isHEVC = config?.codec.hasPrefix("h") == true
        return isHEVC
            ? starts.contains { HEVCNALUnitType(firstByte: $0) == .sequenceParameterSet }
            : starts.contains { NALUnitType(firstByte: $0) == .sequenceParameterSet }
    }
}
