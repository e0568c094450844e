internal import Threading
internal import VideoTypes

/// What a coder takes, an encoder its frames and a decoder its chunks, and by which rules. With its types it makes an
/// encoder or a decoder of the session, the worker and the queue that both share.
protocol CodecInput: ~Copyable, Sendable {
    /// What the coder is configured with.
    associatedtype Setup: Sendable
    /// What can go wrong.
    associatedtype Failure: CodecFailure
    /// Receives the outputs.
    associatedtype Delivery: CodecDelivery
    /// What is remembered of the inputs before, since the last configuration or flush.
    associatedtype Memory: Sendable

    /// The name of its receiver, `encoder` or `decoder`, and of the operation.
    static var coder: String { get }
    static var verb: String { get }
    /// Its name.
    static var noun: String { get }
    /// What is remembered before the first.
    static var nothing: Memory { get }

    /// Its cost in the queue, in bytes.
    var byteCount: Int { get }

    /// Its cost after it is prepared for a setup, in bytes.
    borrowing func preparedByteCount(for setup: Setup) -> Int

    /// The input as the setup's backend takes it. Runs on the submitting thread, in no lock, and again if the setup
    /// changes before the input has its place.
    consuming func prepared(for setup: Setup) throws(Failure) -> Self

    /// What is remembered once this has its place after the inputs of `memory`, which it must fit.
    borrowing func memory(after memory: Memory, for setup: Setup) throws(Failure) -> Memory

    /// Serves commands with the setup's backend until the input ends or another setup takes over.
    static func serve(
        _ setup: Setup,
        with worker: borrowing CodecWorker<Self>,
        configured: Completion<Failure>
    ) throws(Failure) -> CodecWorker<Self>.Successor?
}

/// The failures that the machinery itself has.
protocol CodecFailure: Error {
    /// The call does not fit the coder's state.
    static func invalidState(_ reason: String) -> Self
    /// The coder was reset or closed while the call waited.
    static var aborted: Self { get }
    /// The output closure threw this.
    static func output(_ error: any Error) -> Self
    /// The queue is at its hard limit.
    static func full(count: Int, bytes: Int) -> Self
    /// An invalid input.
    static func invalidInput(_ reason: String) -> Self
    /// A thread could not be created.
    static func noThread(_ error: WorkerThread.CreationError) -> Self

    /// It is ``aborted``.
    var isAborted: Bool { get }
}

extension EncoderError: CodecFailure {
    static func full(count: Int, bytes: Int) -> Self { .quotaExceeded(frames: count, bytes: bytes) }
    static func invalidInput(_ reason: String) -> Self { .invalidFrame(reason) }
    static func noThread(_ error: WorkerThread.CreationError) -> Self {
        .codec(operation: "starting a thread (\(error))", status: Int(error.status))
    }

    var isAborted: Bool { if case .aborted = self { true } else { false } }
}

extension DecoderError: CodecFailure {
    static func full(count: Int, bytes: Int) -> Self { .quotaExceeded(chunks: count, bytes: bytes) }
    static func invalidInput(_ reason: String) -> Self { .dataError(reason) }
    static func noThread(_ error: WorkerThread.CreationError) -> Self {
        .codec(operation: "pthread_create", status: Int(error.status), message: error.description)
    }

    var isAborted: Bool { if case .aborted = self { true } else { false } }
}
