public import Threading
public import VideoTypes

/// A ``VideoEncoder`` for tasks: where the other one blocks, this one suspends, and no thread of the cooperative pool
/// ever waits.
///
/// Consume ``chunks`` in a task of its own: while they are not, the encoder waits, and so do ``encode(_:options:)`` and
/// ``flush()``. When the consumer's iterator is dropped, the encoder fails with ``ConsumerGone``, and every call that waits
/// throws it.
///
/// Cancelling a task ends every wait of its own with `CancellationError`. The operation continues: ``close()`` or ``reset()``
/// end it.
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
            output: { chunk in guard try chunks.send(chunk) else { throw EncoderError.aborted } },
            error: { chunks.finish(.failure($0)) }
        )
    }

    deinit {
        chunks.finish(.success(()))
        encoder.core.abandon()
    }

    /// The state. A failure closes the encoder.
    public var state: VideoEncoder.State { encoder.state }

    /// Frames that have been taken and not yet handed to the codec.
    public var encodeQueueSize: Int { encoder.encodeQueueSize }

    /// ``encode(_:options:)`` would suspend now.
    public var isSaturated: Bool { encoder.isSaturated }

    /// Opens the codec. On a configured encoder, what is queued is encoded first, under the old configuration.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; otherwise as ``VideoEncoder/configure(_:)``.
    public func configure(_ setup: EncoderSetup) async throws {
        try await encoder.core.configureInTask(setup)
    }

    /// Takes a frame, suspending while the queue is saturated.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before the frame is taken; otherwise as
    ///   ``VideoEncoder/submit(_:options:)``, and ``VideoTypes/EncoderError/quotaExceeded(frames:bytes:)`` if as many tasks are
    ///   suspended already as the queue's hard limit. Then the frame is lost; ``offer(_:options:)`` returns it instead.
    public func encode(_ frame: consuming sending VideoFrame, options: EncodeOptions = EncodeOptions()) async throws {
        try await encoder.core.submitInTask(EncoderInput(frame, options))
    }

    /// Takes a frame without suspending, or gives it back: ``VideoEncoder/offer(_:options:)``.
    public func offer(
        _ frame: consuming VideoFrame,
        options: EncodeOptions = EncodeOptions()
    ) throws(EncoderError) -> FrameOffer {
        try encoder.offer(frame, options: options)
    }

    /// Encodes everything that has been taken. Its chunks are in ``chunks`` then.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; otherwise the encoder's first failure.
    public func flush() async throws {
        try await encoder.core.flushInTask()
    }

    /// Discards queued frames, frames in the codec, and chunks that were not yet taken from ``chunks``; earlier chunks do not
    /// appear afterwards. Then the encoder is unconfigured.
    public func reset() async {
        chunks.startDiscarding()
        await encoder.core.endInTask { $0.reset() }
        chunks.stopDiscarding()
    }

    /// Ends the encoder for good, throwing away what is queued, and ends ``chunks``.
    public func close() async {
        chunks.finish(.success(()))
        await encoder.core.endInTask { $0.close() }
    }
}
