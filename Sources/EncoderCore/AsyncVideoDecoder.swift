public import Threading
public import VideoTypes

/// A ``VideoDecoder`` for tasks: where the other one blocks, this one suspends, and no thread of the cooperative pool
/// ever waits.
///
/// Consume ``frames`` in a task of its own: while they are not, the decoder waits, and so do ``decode(_:)`` and
/// ``flush()``. When the consumer's iterator is dropped, the decoder fails with ``ConsumerGone``, and every call that waits
/// throws it.
///
/// Cancelling a task ends every wait of its own with `CancellationError`. The operation continues: ``close()`` or ``reset()``
/// end it.
///
/// Thread-safety: all methods may be called from any task. Chunks have an order, so that one task is to decode them.
public final class AsyncVideoDecoder: Sendable {
    private let decoder: VideoDecoder
    /// The frames in presentation order, for one consumer.
    public let frames: FrameSequence

    /// An unconfigured decoder.
    ///
    /// - Parameters:
    ///   - queue: How many chunks wait at most.
    ///   - frames: How many frames there are at most, those included that wait to be consumed; see ``VideoDecoder``.
    public init(queue: QueueLimits = QueueLimits(), frames: Int = 8) {
        let sequence = FrameSequence(limit: frames)
        self.frames = sequence
        decoder = VideoDecoder(
            queue: queue,
            frames: frames,
            output: { frame in
                guard try sequence.send(SequencedFrame(frame)) else { throw DecoderError.aborted }
            },
            error: { sequence.finish(.failure($0)) }
        )
    }

    deinit {
        frames.finish(.success(()))
        decoder.core.abandon()
    }

    /// The state. A failure closes the decoder.
    public var state: VideoDecoder.State { decoder.state }

    /// Chunks that have been taken and not yet handed to the codec.
    public var decodeQueueSize: Int { decoder.decodeQueueSize }

    /// ``decode(_:)`` would suspend now.
    public var isSaturated: Bool { decoder.isSaturated }

    /// Opens the codec. On a configured decoder, what is queued is decoded first, under the old configuration.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; otherwise as ``VideoDecoder/configure(_:)``.
    public func configure(_ setup: DecoderSetup) async throws {
        try await decoder.core.configureInTask(setup)
    }

    /// Takes a chunk, suspending while the queue is saturated.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before the chunk is taken; otherwise as
    ///   ``VideoDecoder/submit(_:)``, and ``VideoTypes/DecoderError/quotaExceeded(chunks:bytes:)`` if as many tasks are
    ///   suspended already as the queue's hard limit.
    public func decode(_ chunk: EncodedVideoChunk) async throws {
        try await decoder.core.submitInTask(DecoderInput(chunk: chunk))
    }

    /// Decodes everything that has been taken. Its frames are in ``frames`` then.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; otherwise the decoder's first failure.
    public func flush() async throws {
        try await decoder.core.flushInTask()
    }

    /// Discards queued chunks, frames in the codec, and frames that were not yet taken from ``frames``; earlier frames do not
    /// appear afterwards. Then the decoder is unconfigured.
    public func reset() async {
        frames.startDiscarding()
        await decoder.core.endInTask { $0.reset() }
        frames.stopDiscarding()
    }

    /// Ends the decoder for good, throwing away what is queued, and ends ``frames``.
    public func close() async {
        frames.finish(.success(()))
        await decoder.core.endInTask { $0.close() }
    }
}

/// A decoder's frames as an asynchronous sequence, for one consumer.
public typealias FrameSequence = OutputSequence<SequencedFrame>

/// A frame in a ``FrameSequence``, whose elements have to be copyable; a frame is not.
///
/// Thread-safety: may be used from any thread.
public final class SequencedFrame: Sendable {
    private let frame: Monitor<DecodedFrame?>

    init(_ frame: consuming DecodedFrame) { self.frame = Monitor(frame) }

    /// The frame, for the first caller; `nil` for later ones.
    public func take() -> DecodedFrame? { frame.withLock { $0.take() } }
}
