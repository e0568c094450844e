internal import Threading
public import VideoTypes

/// An encoder's chunks as an asynchronous sequence, for one consumer.
///
/// At most a fixed number of chunks wait in it; then the encoder waits, and with it whoever submits frames. The sequence
/// ends when the encoder is closed, and throws when it fails.
public final class ChunkSequence: AsyncSequence, Sendable {
    private struct State: Sendable {
        var chunks: [EncodedVideoChunk] = []
        var consumer: CheckedContinuation<EncodedVideoChunk?, any Error>?
        var end: Result<Void, EncoderError>?
        /// The consumer's task was cancelled before it could wait.
        var isCancelled = false
        /// What comes now is from before a reset.
        var isDiscarding = false
    }

    private let state = Monitor(State())
    private let limit: Int

    init(limit: Int) { self.limit = Swift.max(1, limit) }

    /// Hands over a chunk, waiting while as many wait as may.
    func send(_ chunk: EncodedVideoChunk) throws(EncoderError) {
        let consumer = try state.wait(until: { $0.end != nil || $0.isDiscarding || $0.chunks.count < self.limit }) {
            (state) throws(EncoderError) -> CheckedContinuation<EncodedVideoChunk?, any Error>? in
            guard state.end == nil else { throw .aborted }
            if state.isDiscarding { return nil }
            if let consumer = state.consumer.take() { return consumer }
            state.chunks.append(chunk)
            return nil
        }
        consumer?.resume(returning: chunk)
    }

    /// Ends the sequence behind the chunks that are in it.
    func finish(_ end: Result<Void, EncoderError>) {
        let consumer = state.withLock { state in
            state.end = state.end ?? end
            return state.consumer.take()
        }
        consumer?.resume(with: end.map { nil }.mapError { $0 })
    }

    /// Throws away what is here, and what comes until ``stopDiscarding()``.
    func startDiscarding() {
        state.withLock { state in
            state.isDiscarding = true
            state.chunks = []
        }
    }

    /// Takes chunks again.
    func stopDiscarding() { state.withLock { $0.isDiscarding = false } }

    /// A task begins to ask for a chunk.
    fileprivate func begin() { state.withLock { $0.isCancelled = false } }

    /// Gives the next chunk to a consumer, now or when there is one.
    fileprivate func give(to consumer: CheckedContinuation<EncodedVideoChunk?, any Error>) {
        let answer = state.withLock { state -> Result<EncodedVideoChunk?, any Error>? in
            if !state.chunks.isEmpty { return .success(state.chunks.removeFirst()) }
            if let end = state.end { return end.map { nil }.mapError { $0 } }
            if state.isCancelled { return .success(nil) }
            precondition(state.consumer == nil, "a ChunkSequence has one consumer")
            state.consumer = consumer
            return nil
        }
        if let answer { consumer.resume(with: answer) }
    }

    fileprivate func cancelConsumer() {
        let consumer = state.withLock { state in
            state.isCancelled = true
            return state.consumer.take()
        }
        consumer?.resume(returning: nil)
    }

    /// The iterator of the one consumer.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let sequence: ChunkSequence

        /// The next chunk in decoding order; `nil` when the encoder was closed or the task is cancelled.
        public mutating func next() async throws -> EncodedVideoChunk? {
            let sequence = sequence
            sequence.begin()
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { sequence.give(to: $0) }
            } onCancel: {
                sequence.cancelConsumer()
            }
        }
    }

    /// Starts to consume the chunks; only one consumer may.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(sequence: self) }
}
