public import Threading
public import VideoTypes

/// A ``VideoEncoder`` for tasks: where the other one blocks, this one suspends, and no thread of the cooperative pool
/// ever waits.
///
/// Consume ``chunks`` in a task of its own: while they are not, the encoder waits, and so do ``encode(_:options:)`` and
/// ``flush()``.
///
/// Thread-safety: all methods may be called from any task. Frames of several tasks are encoded in the order in which
/// they reach the queue.
public final class AsyncVideoEncoder: Sendable {
    private let encoder: VideoEncoder
    /// The chunks in decoding order, for one consumer.
    public let chunks: ChunkSequence

    /// An unconfigured encoder.
    ///
    /// - Parameters:
    ///   - queue: How many frames wait at most.
    ///   - bufferedChunks: How many chunks wait at most to be consumed.
    public init(queue: QueueLimits = QueueLimits(), bufferedChunks: Int = 64) {
        let chunks = ChunkSequence(limit: bufferedChunks)
        self.chunks = chunks
        encoder = VideoEncoder(
            queue: queue,
            output: { try chunks.send($0) },
            error: { chunks.finish(.failure($0)) }
        )
    }

    deinit {
        chunks.finish(.success(()))
        // The thread ends after the codec call that it is in; nobody waits for it here.
        encoder.beginEnd { $0.close() }?.detach()
    }

    /// The state. A failure closes the encoder.
    public var state: VideoEncoder.State { encoder.state }

    /// Frames that have been taken and not yet handed to the codec.
    public var encodeQueueSize: Int { encoder.encodeQueueSize }

    /// ``encode(_:options:)`` would suspend now.
    public var isSaturated: Bool { encoder.isSaturated }

    /// Opens the codec. On a configured encoder, what is queued is encoded first, under the old configuration.
    public func configure(_ setup: EncoderSetup) async throws(EncoderError) {
        let completion = Completion()
        try encoder.beginConfigure(setup, completion)
        try await completion.value()
    }

    /// Takes a frame, suspending while the queue is saturated.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before the frame is taken; otherwise as
    ///   ``VideoEncoder/submit(_:options:)``, and ``VideoTypes/EncoderError/quotaExceeded(frames:bytes:)`` if as many
    ///   tasks are suspended already as the queue's hard limit.
    public func encode(_ frame: consuming sending VideoFrame, options: EncodeOptions = EncodeOptions()) async throws {
        let session = try encoder.configured("encode")
        var pending: VideoFrame? = try session.offer(frame, options: options, saturating: false)
        while let frame = pending.take() {
            try await waitForRoom(in: session, bytes: frame.layout.byteCount)
            do {
                pending = try session.offer(frame, options: options, saturating: false)
            } catch {
                session.queue.passOnRoom()
                throw error
            }
        }
    }

    /// Suspends until there may be room, the queue is closed, or the task is cancelled.
    private func waitForRoom(in session: EncoderSession, bytes: Int) async throws {
        let suspension = Suspension()
        let isWaiting = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                suspension.begin(continuation)
                let queue = session.queue
                // Who has been resumed by its cancellation has no use for the room.
                let isAccepted = queue.whenRoom(for: .payload(bytes: bytes)) {
                    if !suspension.end(true) { queue.passOnRoom() }
                }
                if !isAccepted { _ = suspension.end(false) }
            }
        } onCancel: {
            _ = suspension.end(true)
        }
        guard isWaiting else {
            throw EncoderError.quotaExceeded(frames: session.queue.count, bytes: session.queue.byteCount)
        }
        guard Task.isCancelled else { return }
        session.queue.passOnRoom()
        throw CancellationError()
    }

    /// Encodes everything that has been taken. Its chunks are in ``chunks`` then.
    public func flush() async throws(EncoderError) {
        let completion = Completion()
        try encoder.beginFlush(completion)
        try await completion.value()
    }

    /// Throws away what is queued, what the codec holds and what nobody has taken from ``chunks`` yet; no chunk of before
    /// appears afterwards. The encoder is unconfigured then.
    public func reset() async {
        chunks.startDiscarding()
        await end { $0.reset() }
        chunks.stopDiscarding()
    }

    /// Ends the encoder for good, throwing away what is queued, and ends ``chunks``.
    public func close() async {
        chunks.finish(.success(()))
        await end { $0.close() }
    }

    private func end(_ move: (inout EncoderLifecycle) -> EncoderLifecycle.SessionAction) async {
        guard let session = encoder.beginEnd(move) else { return }
        await withCheckedContinuation { continuation in session.whenEnded { continuation.resume() } }
        // The thread is past its last instruction but one: this does not wait.
        session.join()
    }
}

extension Completion {
    /// The outcome, suspending until there is one.
    func value() async throws(EncoderError) {
        await withCheckedContinuation { continuation in whenComplete { continuation.resume() } }
        try result?.get()
    }
}
