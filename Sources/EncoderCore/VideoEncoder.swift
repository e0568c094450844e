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
        var failure: EncoderError?
    }

    private let core = Monitor(Core())
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
    public var config: ValidatedEncoderConfig? { core.withLock { $0.session }?.setup.config }

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
        try configured("submit").submit(frame, options: options)
    }

    /// Takes a frame without waiting.
    ///
    /// - Throws: ``VideoTypes/EncoderError/quotaExceeded(frames:bytes:)`` if the queue is at its hard limit; the frame
    ///   is gone then, and the encoder is as it was. Otherwise as ``submit(_:options:)``.
    public func encode(_ frame: consuming VideoFrame, options: EncodeOptions = EncodeOptions()) throws(EncoderError) {
        let session = try configured("encode")
        // Nothing is prepared, which may mean converted, in vain.
        var refused: VideoFrame? = consume frame
        if session.queue.count < limits.hard, let frame = refused.take() {
            refused = try session.offer(frame, options: options, saturating: true)
        }
        guard refused == nil else {
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
        guard core.withLock({ $0.lifecycle.state }) != .closed else {
            throw .invalidState("reset needs an encoder that is not closed")
        }
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
    func configured(_ verb: String) throws(EncoderError) -> EncoderSession {
        let core = core.withLock { $0 }
        if let failure = core.failure ?? core.session?.firstFailure { throw failure }
        guard core.lifecycle.state == .configured, let session = core.session else {
            throw .invalidState("\(verb) needs a configured encoder; this one is \(core.lifecycle.state)")
        }
        return session
    }

    /// Starts a session or queues the new setup behind the frames that are waiting.
    func beginConfigure(_ setup: EncoderSetup, _ completion: Completion) throws(EncoderError) {
        try refuseOnEncoderThread("configure")
        try core.withLock { core throws(EncoderError) in
            if let failure = core.failure ?? core.session?.firstFailure { throw failure }
            var lifecycle = core.lifecycle
            switch lifecycle.configure() {
            case .refuse: throw .invalidState("configure needs an encoder that is not closed")
            case .start: core.session = try makeSession(setup, completion)
            case .reconfigure: try core.session?.reconfigure(setup, completion)
            }
            core.lifecycle = lifecycle
        }
    }

    private func makeSession(_ setup: EncoderSetup, _ completion: Completion) throws(EncoderError) -> EncoderSession {
        try EncoderSession(
            setup: setup,
            configured: completion,
            limits: limits,
            clock: clock,
            output: output,
            onFailure: onFailure
        )
    }

    func beginFlush(_ completion: Completion) throws(EncoderError) {
        try refuseOnEncoderThread("flush")
        try configured("flush").flush(completion)
    }

    func refuseOnEncoderThread(_ verb: String) throws(EncoderError) {
        guard core.withLock({ $0.session })?.isOnItsThread != true else {
            throw .invalidState("\(verb) within the output closure would wait for itself")
        }
    }

    /// Leaves the configured state; the session that ended, if there was one, is returned unjoined.
    func beginEnd(_ move: (inout EncoderLifecycle) -> EncoderLifecycle.SessionAction) -> EncoderSession? {
        core.withLock { core in
            core.failure = core.failure ?? core.session?.firstFailure
            guard move(&core.lifecycle) == .end else { return nil }
            // Together with the change of state: who sees that can rely on nothing queued being encoded any more.
            core.session?.cancel()
            defer { core.session = nil }
            return core.session
        }
    }

    private func end(
        _ verb: String,
        _ move: (inout EncoderLifecycle) -> EncoderLifecycle.SessionAction
    ) throws(EncoderError) {
        try refuseOnEncoderThread(verb)
        beginEnd(move)?.join()
    }
}
