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
    private let decoding: any MediaDecoding
    private let outlet: FrameOutlet
    private let acceptPartial: Bool
    private let interrupt: Interrupt
    private let hasEnded = Monitor(false)
    private let thread = Monitor<WorkerThread?>(nil)
    /// Waiting for frames is waiting for input.
    private let clock: StageClock
    private var queue: BoundedQueue<DecodedFrame> { outlet.queue }
    private var outcome: Monitor<Outcome> { outlet.outcome }

    /// What is known of the stream.
    public var info: MediaInfo { decoding.info }

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
        let opened = try OpenedMedia(origin, media, interrupt)
        try self.init(opened, media, options, interrupt, clock, logger)
        try start()
    }

    /// Begins to decode a file that is open, by default into the stream's own format.
    package convenience init(
        reading source: consuming ByteSource,
        media: MediaOptions,
        decoding: DecoderOptions = DecoderOptions(),
        framerate: FrameRate?,
        interrupt: Interrupt
    ) throws(JobError) {
        var options = media
        options.framerate = framerate
        try self.init(try OpenedMedia(source, options, interrupt), options, decoding, interrupt, StageClock(), .silent)
        try start()
    }

    /// Begins to decode what has been opened.
    package convenience init(
        reading opened: sending OpenedMedia,
        _ options: MediaOptions,
        _ form: DecoderOptions,
        _ interrupt: Interrupt
    ) throws(JobError) {
        try self.init(opened, options, form, interrupt, StageClock(), .silent)
        try start()
    }

    private init(
        _ opened: sending OpenedMedia,
        _ media: MediaOptions,
        _ options: DecoderOptions,
        _ interrupt: Interrupt,
        _ clock: StageClock,
        _ logger: Logger
    ) throws(JobError) {
        let outlet = FrameOutlet()
        (self.outlet, self.interrupt, self.clock) = (outlet, interrupt, clock)
        acceptPartial = media.acceptPartial
        decoding = try Self.decoding(opened, media, options, outlet, logger)
    }

    /// What decodes the pictures of a file.
    private static func decoding(
        _ opened: sending OpenedMedia,
        _ media: MediaOptions,
        _ options: DecoderOptions,
        _ outlet: FrameOutlet,
        _ logger: Logger
    ) throws(JobError) -> any MediaDecoding {
        if let format = opened.head.pictureFormat {
            try opened.check(media)
            return PictureDecoding(opened, format, media, options, outlet)
        }
        guard opened.head.codec == nil, let packets = opened.units as? ContainerUnits else {
            return ChunkDecoding(try MediaReader(opened, media, logger), options, outlet)
        }
        try opened.check(media)
        return try PacketDecoding(packets, MediaInfo(opened), options, outlet)
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

    /// What pictures take that are decoded ahead, once the first has come; `nil` for a stream, whose decoder decides.
    package var aheadMemory: AheadMemory? { (decoding as? PictureDecoding)?.aheadMemory }

    /// Decodes as many pictures at a time as fit into so many bytes, one at the least.
    package func decodeAhead(within bytes: Int) { (decoding as? PictureDecoding)?.decodeAhead(within: bytes) }

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
        decoding.close()
        guard hasEnded.wait(atMost: .seconds(1), until: { $0 }) else {
            thread.withLock { $0.take() }?.detach()
            return
        }
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
    }

    private func run() {
        do throws(MediaFailure) {
            try decoding.run()
        } catch {
            note(error)
        }
        checkCount()
        queue.finish()
        decoding.close()
        hasEnded.withLock { $0 = true }
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
            guard decoding.countsPictures, outcome.delivered != outcome.shown else { return }
            let reason = Quantity.part(outcome.delivered, of: outcome.shown, "picture", "was decoded", "were decoded")
            let error = JobError.input(.damaged(name: info.name, reason: reason))
            if acceptPartial { outcome.loss = error } else { outcome.failure = error }
        }
    }
}
