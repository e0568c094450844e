public import Threading
public import VideoTypes

/// Decodes video, in the manner of WebCodecs' `VideoDecoder`, with a bounded queue, a decoder thread and a bounded number
/// of frames.
///
/// The first failure closes the decoder; every call that waits then, and every later one, throws it.
///
/// Thread-safety: all methods may be called from any thread, but `submit`, `flush`, `reset`, `close` and reconfiguring
/// not from within the output closure, which runs on the decoder's thread: they throw there. Chunks have an order, so that
/// one thread is to submit them.
public final class VideoDecoder: Sendable {
    /// WebCodecs' `CodecState`.
    public typealias State = CodecState

    let core: CodecCore<DecoderInput>
    /// What the decoder's thread spends its time on.
    public var clock: StageClock { core.clock }

    /// An unconfigured decoder.
    ///
    /// - Parameters:
    ///   - queue: How many chunks wait at most.
    ///   - frames: The maximum number of frames that exist at a time, at least 1. While the caller keeps all of them, decoding
    ///     waits: a caller that keeps that many and then flushes waits forever. The default is 8.
    ///   - output: Takes the frames in presentation order, on the decoder's thread. While it runs, decoding waits; when
    ///     it throws, the decoder fails with that error.
    ///   - error: Called with the first failure, once, on the decoder's thread, before any waiting call throws it; it must not
    ///     wait for such a call. WebCodecs' error callback.
    public init(
        queue: QueueLimits = QueueLimits(),
        frames: Int = 8,
        output: @escaping @Sendable (consuming DecodedFrame) throws -> Void,
        error: @escaping @Sendable (DecoderError) -> Void = { _ in }
    ) {
        let pool = FramePool(capacity: frames)
        core = CodecCore(
            limits: queue,
            makeDelivery: { FrameDelivery(pool: pool, output: output) },
            onFailure: error
        )
    }

    /// The state. A failure closes the decoder.
    public var state: State { core.state }

    /// Chunks that have been taken and not yet handed to the codec.
    public var decodeQueueSize: Int { core.session?.queue.count ?? 0 }

    /// ``submit(_:)`` would wait now with a chunk of the size of the last one: as many chunks wait as may, or as many bytes.
    public var isSaturated: Bool { core.session?.queue.isSaturated ?? false }

    /// The configuration in force; `nil` while unconfigured.
    public var config: DecoderConfig? { core.session?.setup.config }

    /// Opens the codec, and waits until it is open. On a configured decoder, what is queued is decoded first, under the
    /// old configuration. The next chunk must be key.
    @available(*, noasync, message: "blocks the calling thread")
    public func configure(_ setup: DecoderSetup) throws(DecoderError) { try core.configure(setup) }

    /// Takes a chunk, waiting while the queue is saturated. Its own decoder configuration is ignored: for a new one, call
    /// ``configure(_:)`` first. Transparency that was coded in addition to the picture
    /// (``VideoTypes/EncodedVideoChunk/alphaData``) is decoded if the configuration's options keep it.
    ///
    /// - Throws: ``VideoTypes/DecoderError/dataError(_:)`` for a chunk with which decoding cannot start although it must, or
    ///   with a time that is not within 285 years of 0, which leaves the decoder as it was; otherwise the decoder's first
    ///   failure.
    @available(*, noasync, message: "blocks the calling thread")
    public func submit(_ chunk: EncodedVideoChunk) throws(DecoderError) {
        try core.submit(DecoderInput(chunk: chunk))
    }

    /// Takes a chunk without waiting.
    ///
    /// - Throws: ``VideoTypes/DecoderError/quotaExceeded(chunks:bytes:)`` if the queue is at its hard limit; the decoder
    ///   is as it was then. Otherwise as ``submit(_:)``.
    public func decode(_ chunk: EncodedVideoChunk) throws(DecoderError) {
        guard try core.offer(DecoderInput(chunk: chunk)) == nil else { throw core.full }
    }

    /// Decodes everything that has been taken and waits until its frames are out. The decoder stays configured; the next
    /// chunk must be key.
    @available(*, noasync, message: "blocks the calling thread")
    public func flush() throws(DecoderError) { try core.flush() }

    /// Throws away what is queued and what the codec holds, and waits until that is done: no frame of before appears
    /// afterwards. The decoder is unconfigured then.
    @available(*, noasync, message: "blocks the calling thread")
    public func reset() throws(DecoderError) { try core.reset() }

    /// Ends the decoder for good, throwing away what is queued. Closing twice is allowed.
    @available(*, noasync, message: "blocks the calling thread")
    public func close() throws(DecoderError) { try core.close() }
}
