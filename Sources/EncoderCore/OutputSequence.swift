internal import Threading
public import VideoTypes

/// An encoder's chunks as an asynchronous sequence, for one consumer.
public typealias ChunkSequence = OutputSequence<EncodedVideoChunk>

/// The outputs of an encoder or a decoder, as an asynchronous sequence for one consumer.
///
/// At most a fixed number of elements wait in it; then the codec waits, and then the submitting caller. The sequence ends when
/// the encoder or decoder is closed, and throws when it fails. It has one iterator: when that is dropped before the end, the
/// encoder or decoder fails with ``ConsumerGone``.
public final class OutputSequence<Element: Sendable>: AsyncSequence, Sendable {
    private struct State: Sendable {
        var elements: [Element] = []
        var consumer: CheckedContinuation<Element?, any Error>?
        var end: Result<Void, any Error>?
        /// The consumer's task was cancelled before it could wait.
        var isCancelled = false
        /// What comes now is from before a reset.
        var isDiscarding = false
        /// The iterator was dropped.
        var isAbandoned = false
    }

    private let state = Monitor(State())
    private let limit: Int

    init(limit: Int) { self.limit = Swift.max(1, limit) }

    /// Hands over an element, waiting while as many wait as may.
    ///
    /// - Returns: `false` if the sequence has ended.
    /// - Throws: ``ConsumerGone`` if the element will never be taken.
    func send(_ element: Element) throws(ConsumerGone) -> Bool {
        let (isTaken, consumer) = try state.wait(
            until: { $0.end != nil || $0.isDiscarding || $0.isAbandoned || $0.elements.count < self.limit },
            then: { state throws(ConsumerGone) -> (Bool, CheckedContinuation<Element?, any Error>?) in
                guard state.end == nil else { return (false, nil) }
                guard !state.isAbandoned else { throw ConsumerGone() }
                if state.isDiscarding { return (true, nil) }
                if let consumer = state.consumer.take() { return (true, consumer) }
                state.elements.append(element)
                return (true, nil)
            }
        )
        consumer?.resume(returning: element)
        return isTaken
    }

    /// Ends the sequence after the elements that are in it.
    func finish(_ end: Result<Void, any Error>) {
        let consumer = state.withLock { state in
            state.end = state.end ?? end
            return state.consumer.take()
        }
        consumer?.resume(with: end.map { nil })
    }

    /// The iterator was dropped: present and future elements are discarded.
    fileprivate func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.elements = []
        }
    }

    /// Throws away what is here, and what comes until ``stopDiscarding()``.
    func startDiscarding() {
        state.withLock { state in
            state.isDiscarding = true
            state.elements = []
        }
    }

    /// Takes elements again.
    func stopDiscarding() { state.withLock { $0.isDiscarding = false } }

    /// A task begins to ask for an element.
    fileprivate func begin() { state.withLock { $0.isCancelled = false } }

    /// Gives the next element to a consumer, now or when there is one.
    fileprivate func give(to consumer: CheckedContinuation<Element?, any Error>) {
        let answer = state.withLock { state -> Result<Element?, any Error>? in
            if !state.elements.isEmpty { return .success(state.elements.removeFirst()) }
            if let end = state.end { return end.map { nil } }
            if state.isAbandoned { return .failure(ConsumerGone()) }
            if state.isCancelled { return .success(nil) }
            precondition(state.consumer == nil, "an OutputSequence has one consumer")
            state.consumer = consumer
            return nil
        }
        if let answer { consumer.resume(with: answer) }
    }

    /// Follows on the lock that the element came by: a continuation orders memory as well, but ThreadSanitizer does not see
    /// into the runtime that does it.
    fileprivate func didResume() { state.withLock { _ in } }

    fileprivate func cancelConsumer() {
        let consumer = state.withLock { state in
            state.isCancelled = true
            return state.consumer.take()
        }
        consumer?.resume(returning: nil)
    }

    /// Notifies the sequence when the last copy of an iterator is dropped.
    private final class Consumer: Sendable {
        let sequence: OutputSequence

        init(_ sequence: OutputSequence) { self.sequence = sequence }

        deinit { sequence.abandon() }
    }

    /// The iterator of the one consumer. Dropping it ends the encoder's or decoder's work.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let consumer: Consumer

        fileprivate init(_ sequence: OutputSequence) { consumer = Consumer(sequence) }

        /// The next element; `nil` when the encoder or decoder was closed or the task is cancelled.
        public mutating func next() async throws -> Element? {
            let sequence = consumer.sequence
            sequence.begin()
            let element = try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { sequence.give(to: $0) }
            } onCancel: {
                sequence.cancelConsumer()
            }
            sequence.didResume()
            return element
        }
    }

    /// Starts to consume the elements; only one consumer may.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

/// The outputs of an encoder or a decoder have no receiver: the iterator of its ``OutputSequence`` was dropped.
public struct ConsumerGone: Error, Hashable, Sendable, CustomStringConvertible {
    /// The thing, and what is wrong with it.
    public var description: String { "the consumer of the output is gone" }
}
