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
    public typealias State = CodecState

    let core: CodecCore<EncoderInput>
    /// What the encoder's thread spends its time on.
    public var clock: StageClock { core.clock }

    /// An unconfigured encoder.
    ///
    /// - Parameters:
    ///   - queue: How many frames wait at most.
    ///   - output: Takes the chunks in decoding order, on the encoder's thread. While it runs, encoding waits; when it
    ///     throws, the encoder fails with that error.
    ///   - error: Called with the first failure, once, on the encoder's thread, before any waiting call throws it; it must not
    ///     wait for such a call. WebCodecs' error callback.
    public init(
        queue: QueueLimits = QueueLimits(),
        output: @escaping @Sendable (EncodedVideoChunk) throws -> Void,
        error: @escaping @Sendable (EncoderError) -> Void = { _ in }
    ) {
        core = CodecCore(
            limits: queue,
            makeDelivery: {
                let changes = DecoderConfigChanges()
                return OutputDelivery(output: { chunk in try output(changes.only(changedIn: chunk)) })
            },
            onFailure: error
        )
    }

    /// The state. A failure closes the encoder.
    public var state: State { core.state }

    /// Frames that have been taken and not yet handed to the codec.
    public var encodeQueueSize: Int { core.session?.queue.count ?? 0 }

    /// ``submit(_:options:)`` would wait now: as many frames wait as may, or as many bytes.
    public var isSaturated: Bool { core.session?.queue.isSaturated ?? false }

    /// The configuration in force, its codec string resolved; `nil` while unconfigured.
    public var config: ValidatedEncoderConfig? { core.session?.setup.config }

    /// Opens the codec, and waits until it is open. On a configured encoder, what is queued is encoded first, under
    /// the old configuration.
    @available(*, noasync, message: "blocks the calling thread")
    public func configure(_ setup: EncoderSetup) throws(EncoderError) { try core.configure(setup) }

    /// Takes a frame, waiting while the queue is saturated.
    ///
    /// - Throws: ``VideoTypes/EncoderError/invalidFrame(_:)`` for a frame that does not fit the configuration or the frames
    ///   before it (``FrameRules``), which leaves the encoder as it was; otherwise the encoder's first failure.
    @available(*, noasync, message: "blocks the calling thread")
    public func submit(_ frame: consuming VideoFrame, options: EncodeOptions = EncodeOptions()) throws(EncoderError) {
        try core.submit(EncoderInput(frame, options))
    }

    /// Takes a frame without waiting.
    ///
    /// - Throws: ``VideoTypes/EncoderError/quotaExceeded(frames:bytes:)`` if the queue is at its hard limit; then the encoder
    ///   does not change, and the frame is lost: ``offer(_:options:)`` returns it instead. Otherwise as ``submit(_:options:)``.
    public func encode(_ frame: consuming VideoFrame, options: EncodeOptions = EncodeOptions()) throws(EncoderError) {
        guard case .accepted = try offer(frame, options: options) else { throw core.full }
    }

    /// Takes a frame without waiting, or gives it back.
    ///
    /// - Returns: ``FrameOffer/refused(_:)`` with the frame if the queue is at its hard limit, and the encoder is as it was
    ///   then. Offer it again when ``encodeQueueSize`` has fallen, or ``submit(_:options:)`` it, which waits.
    /// - Throws: As ``submit(_:options:)``.
    public func offer(
        _ frame: consuming VideoFrame,
        options: EncodeOptions = EncodeOptions()
    ) throws(EncoderError) -> FrameOffer {
        guard let refused = try core.offer(EncoderInput(frame, options)) else { return .accepted }
        return .refused(refused.takeFrame())
    }

    /// Encodes everything that has been taken and waits until its chunks are out. The encoder stays configured; the
    /// next frame becomes a key frame.
    @available(*, noasync, message: "blocks the calling thread")
    public func flush() throws(EncoderError) { try core.flush() }

    /// Throws away what is queued and what the codec holds, and waits until that is done: no chunk of before appears
    /// afterwards. The encoder is unconfigured then.
    @available(*, noasync, message: "blocks the calling thread")
    public func reset() throws(EncoderError) { try core.reset() }

    /// Ends the encoder for good, throwing away what is queued. Closing twice is allowed.
    @available(*, noasync, message: "blocks the calling thread")
    public func close() throws(EncoderError) { try core.close() }
}
