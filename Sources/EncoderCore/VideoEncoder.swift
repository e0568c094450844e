internal import Synchronization
public import Threading
public import VideoTypes

/// Encodes video frames, in the manner of WebCodecs' `VideoEncoder`, with a bounded queue and an encoder thread.
///
/// The first failure closes the encoder; every call that waits then, and every later one, throws it.
///
/// Thread-safety: all methods may be called from any thread, but `submit`, `flush`, `reset`, `close` and reconfiguring
/// not from within the output closure, which runs on the encoder's thread: they throw there. Frames that are submitted by
/// several threads at once are encoded in the order in which they reach the queue.
public final class VideoEncoder: Sendable {
    /// WebCodecs' `CodecState`.
    public enum State: Hashable, Sendable {
        /// Not configured yet, or reset.
        case unconfigured
        /// Takes frames.
        case configured
        /// Closed, or failed.
        case closed
    }

    struct Core: Sendable {
        var lifecycle = EncoderLifecycle()
        var session: EncoderSession?
        var setup: EncoderSetup?
        var failure: EncoderError?
    }

    private let core = Mutex(Core())
    private let limits: QueueLimits
    private let output: @Sendable (EncodedVideoChunk) throws -> Void
    private let onFailure: @Sendable (EncoderError) -> Void
    /// What the encoder's thread spends its time on.
    public let clock = StageClock()

    /// An unconfigured encoder.
    ///
    /// - Parameters:
    ///   - queue: How many frames wait at most.
    ///   - output: Takes the chunks in decoding order, on the encoder's thread. While it runs, encoding waits; when it
    ///     throws, the encoder fails with that error.
    ///   - error: Told of the first failure, once, on the encoder's thread; WebCodecs' error callback.
    public init(
        queue: QueueLimits = QueueLimits(),
        output: @escaping @Sendable (EncodedVideoChunk) throws -> Void,
        error: @escaping @Sendable (EncoderError) -> Void = { _ in }
    ) {
        limits = queue
        self.output = output
        onFailure = error
    }

    deinit {
        let session = core.withLock { $0.session }
        session?.cancel()
        session?.join()
    }

    /// The state. A failure closes the encoder.
    public var state: State {
        core.withLock { core in
            (core.failure ?? core.session?.firstFailure) != nil ? .closed : core.lifecycle.state
        }
    }

    /// Frames that have been taken and not yet handed to the codec.
    public var encodeQueueSize: Int { core.withLock { $0.session }?.queue.count ?? 0 }

    /// ``submit(_:options:)`` would wait now.
    public var isSaturated: Bool { core.withLock { $0.session }?.queue.isSaturated ?? false }

    /// The configuration in force, its codec string resolved; `nil` while unconfigured.
    public var config: ValidatedEncoderConfig? { core.withLock { $0.setup?.config } }

    /// Opens the codec, and waits until it is open. On a configured encoder, what is queued is encoded first, under
    /// the old configuration.
    @available(*, noasync, message: "blocks the calling thread")
    public func configure(_ setup: EncoderSetup) throws(EncoderError) {
        let completion = Completion()
        try beginConfigure(setup, completion)
        try completion.wait()
    }

    /// Takes a frame, waiting while the queue is saturated.
    ///
    /// - Throws: ``VideoTypes/EncoderError/invalidFrame(_:)`` for a frame that does not fit the configuration, which
    ///   leaves the encoder as it was; otherwise the encoder's first failure.
    @available(*, noasync, message: "blocks the calling thread")
    public func submit(_ frame: consuming VideoFrame, options: EncodeOptions = EncodeOptions()) throws(EncoderError) {
        try refuseOnEncoderThread("submit")
        let (session, setup) = try configured("submit")
        let prepared = try prepare(frame, options: options, setup: setup)
        let cost = QueueCost.payload(bytes: prepared.layout.byteCount)
        try session.send(.frame(prepared, options), cost: cost)
    }

    /// Takes a frame without waiting.
    ///
    /// - Throws: ``VideoTypes/EncoderError/quotaExceeded(frames:bytes:)`` if the queue is at its hard limit; the frame
    ///   is not taken then. Otherwise as ``submit(_:options:)``.
    public func encode(_ frame: consuming VideoFrame, options: EncodeOptions = EncodeOptions()) throws(EncoderError) {
        let session = try configured("encode").session
        if try offer(frame, options: options, saturating: true) != nil {
            throw .quotaExceeded(frames: session.queue.count, bytes: session.queue.byteCount)
        }
    }

    /// Encodes everything that has been taken and waits until its chunks are out. The encoder stays configured; the
    /// next frame becomes a key frame.
    @available(*, noasync, message: "blocks the calling thread")
    public func flush() throws(EncoderError) {
        let completion = Completion()
        try beginFlush(completion)
        try completion.wait()
    }

    /// Throws away what is queued and what the codec holds, and waits until that is done: no chunk of before appears
    /// afterwards. The encoder is unconfigured then.
    @available(*, noasync, message: "blocks the calling thread")
    public func reset() throws(EncoderError) {
        try end("reset") { $0.reset() }
        if let failure = core.withLock({ $0.failure }) { throw failure }
    }

    /// Ends the encoder for good, throwing away what is queued. Closing twice is allowed.
    @available(*, noasync, message: "blocks the calling thread")
    public func close() throws(EncoderError) {
        try end("close") { $0.close() }
    }
}

// What both doors, the blocking one and the one for tasks, are made of.
extension VideoEncoder {
    func configured(_ verb: String) throws(EncoderError) -> (session: EncoderSession, setup: EncoderSetup) {
        let core = core.withLock { $0 }
        if let failure = core.failure ?? core.session?.firstFailure { throw failure }
        guard core.lifecycle.state == .configured, let session = core.session, let setup = core.setup else {
            throw .invalidState("\(verb) needs a configured encoder; this one is \(core.lifecycle.state)")
        }
        return (session, setup)
    }

    /// Starts a session or queues the new setup behind the frames that are waiting.
    func beginConfigure(_ setup: EncoderSetup, _ completion: Completion) throws(EncoderError) {
        try refuseOnEncoderThread("configure")
        let running = try core.withLock { core throws(EncoderError) -> EncoderSession? in
            if let failure = core.failure ?? core.session?.firstFailure { throw failure }
            switch core.lifecycle.configure() {
            case .refuse: throw .invalidState("configure needs an encoder that is not closed")
            case .start:
                core.session = try EncoderSession(
                    setup: setup,
                    configured: completion,
                    limits: limits,
                    clock: clock,
                    output: output,
                    onFailure: onFailure
                )
                core.setup = setup
                return nil
            case .reconfigure:
                core.setup = setup
                return core.session
            }
        }
        try running?.control(.configure(setup, completion))
    }

    func beginFlush(_ completion: Completion) throws(EncoderError) {
        try refuseOnEncoderThread("flush")
        try configured("flush").session.control(.flush(completion))
    }

    /// Takes a frame if there is room; gives it back, prepared, if not.
    func offer(
        _ frame: consuming VideoFrame,
        options: EncodeOptions,
        saturating: Bool
    ) throws(EncoderError) -> VideoFrame? {
        let (session, setup) = try configured("encode")
        let prepared = try prepare(frame, options: options, setup: setup)
        let cost = QueueCost.payload(bytes: prepared.layout.byteCount)
        switch session.queue.offer(.frame(prepared, options), cost: cost, saturating: saturating) {
        case .accepted: return nil
        case .refused(let command): return command.takeFrame()
        case .closed: throw session.reasonForEnd
        }
    }

    private func prepare(
        _ frame: consuming VideoFrame,
        options: EncodeOptions,
        setup: EncoderSetup
    ) throws(EncoderError) -> VideoFrame {
        if let quantizer = options.quantizer {
            guard case .quantizer = setup.config.rateControl else {
                throw .invalidFrame("a frame's quantizer needs bitrateMode quantizer, whose rate control is off")
            }
            guard (0...51).contains(quantizer) else {
                throw .invalidFrame("invalid quantizer \(quantizer) (expected 0...51)")
            }
        }
        let prepared = try setup.prepare(frame)
        let bytes = prepared.layout.byteCount
        guard bytes <= limits.maxBytes else {
            throw .invalidFrame("a frame of \(bytes) bytes exceeds the queue's bound of \(limits.maxBytes) bytes")
        }
        return prepared
    }

    func refuseOnEncoderThread(_ verb: String) throws(EncoderError) {
        guard core.withLock({ $0.session })?.isOnItsThread != true else {
            throw .invalidState("\(verb) within the output closure would wait for itself")
        }
    }

    /// Calls `body` when there may be room for a frame of this size, or when there will never be.
    func whenRoom(forBytes bytes: Int, _ body: @escaping @Sendable () -> Void) throws(EncoderError) {
        let queue = try configured("encode").session.queue
        guard queue.whenRoom(for: .payload(bytes: bytes), body) else {
            throw .quotaExceeded(frames: queue.count, bytes: queue.byteCount)
        }
    }

    /// Lets somebody else have the room that a frame was to get.
    func passOnRoom() { core.withLock { $0.session }?.queue.passOnRoom() }

    /// Leaves the configured state; the session that ended, if there was one, is returned unjoined.
    func beginEnd(_ move: (inout EncoderLifecycle) -> EncoderLifecycle.SessionAction) -> EncoderSession? {
        let session = core.withLock { core -> EncoderSession? in
            core.failure = core.failure ?? core.session?.firstFailure
            guard move(&core.lifecycle) == .end else { return nil }
            defer {
                core.session = nil
                core.setup = nil
            }
            return core.session
        }
        session?.cancel()
        return session
    }

    private func end(
        _ verb: String,
        _ move: (inout EncoderLifecycle) -> EncoderLifecycle.SessionAction
    ) throws(EncoderError) {
        try refuseOnEncoderThread(verb)
        beginEnd(move)?.join()
    }
}
