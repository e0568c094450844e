internal import Synchronization
internal import Threading
internal import VideoTypes

/// What the encoder's thread is told, in order.
enum EncoderCommand: ~Copyable, Sendable {
    case frame(VideoFrame, EncodeOptions)
    case flush(Completion)
    case configure(EncoderSetup, Completion)

    /// The frame, if this is one.
    consuming func takeFrame() -> VideoFrame? {
        switch consume self {
        case .frame(let frame, _): frame
        case .flush: nil
        case .configure: nil
        }
    }

    /// Tells whoever waits for this command that it will not be carried out.
    consuming func abandon(_ error: EncoderError) {
        switch consume self {
        case .frame: break
        case .flush(let completion): completion.complete(.failure(error))
        case .configure(_, let completion): completion.complete(.failure(error))
        }
    }
}

/// The loop of the encoder's own thread: takes commands, feeds the backend, delivers chunks.
struct EncoderWorker: ~Copyable {
    /// The setup that takes over, and who waits for it.
    typealias Successor = (setup: EncoderSetup, configured: Completion)

    let queue: BoundedQueue<EncoderCommand>
    let clock: StageClock
    let deliver: ChunkDelivery
    /// Records a failure, so that whoever is told of it finds the encoder closed.
    let fail: @Sendable (EncoderError) -> Void

    /// Serves setups until the queue ends.
    borrowing func run(_ first: Successor) throws(EncoderError) {
        var next: Successor? = first
        while let current = next {
            do throws(EncoderError) {
                next = try current.setup.serve(self, current.configured)
            } catch {
                fail(error)
                current.configured.complete(.failure(error))
                throw error
            }
        }
    }

    /// Serves commands with backends of one kind. After a flush the next frame opens a fresh one: a drained codec takes
    /// no more frames.
    borrowing func serve<Backend: EncoderBackend & ~Copyable>(
        makeBackend: () throws(EncoderError) -> Backend,
        configured: Completion
    ) throws(EncoderError) -> Successor? {
        var backend: Backend? = try makeBackend()
        configured.complete(.success(()))
        while let command = clock.measure(.waitingForInput, { queue.receive() }) {
            switch consume command {
            case .frame(let frame, let options):
                var open = if let open = backend.take() { open } else { try makeBackend() }
                try submit(frame, options: options, to: &open)
                backend = consume open
            case .flush(let completion):
                try finishing(completion) { () throws(EncoderError) in try drain(backend.take()) }
            case .configure(let setup, let completion):
                try finishing(completion, onSuccess: false) { () throws(EncoderError) in try drain(backend.take()) }
                return (setup, completion)
            }
        }
        return nil
    }

    private borrowing func submit<Backend: EncoderBackend & ~Copyable>(
        _ frame: consuming VideoFrame,
        options: EncodeOptions,
        to backend: inout Backend
    ) throws(EncoderError) {
        let frame = frame
        try clock.measure(.working) { () throws(EncoderError) in try backend.submit(frame, options: options) }
        // The frame's memory goes back to its pool before anything waits for the output.
        _ = consume frame
        try deliverChunks(of: &backend)
    }

    private borrowing func drain<Backend: EncoderBackend & ~Copyable>(_ backend: consuming Backend?)
        throws(EncoderError)
    {
        guard var backend else { return }
        try clock.measure(.working) { () throws(EncoderError) in try backend.drain() }
        try deliverChunks(of: &backend)
    }

    private borrowing func deliverChunks<Backend: EncoderBackend & ~Copyable>(
        of backend: inout Backend
    ) throws(EncoderError) {
        while let chunk = try clock.measure(.working, { () throws(EncoderError) in try backend.nextChunk() }) {
            try clock.measure(.waitingForOutput) { () throws(EncoderError) in try deliver(chunk) }
        }
    }

    private borrowing func finishing(
        _ completion: Completion,
        onSuccess: Bool = true,
        _ body: () throws(EncoderError) -> Void
    ) throws(EncoderError) {
        do throws(EncoderError) {
            try body()
        } catch {
            fail(error)
            completion.complete(.failure(error))
            throw error
        }
        if onSuccess { completion.complete(.success(())) }
    }
}

/// Gives chunks to whoever encodes, with a decoder configuration only where it has changed.
final class ChunkDelivery: Sendable {
    private let output: @Sendable (EncodedVideoChunk) throws -> Void
    private let current = Monitor<DecoderConfig?>(nil)
    private let isStopped = Atomic(false)

    init(output: @escaping @Sendable (EncodedVideoChunk) throws -> Void) { self.output = output }

    /// Drops what is still to come.
    func stop() { isStopped.store(true, ordering: .releasing) }

    func callAsFunction(_ chunk: EncodedVideoChunk) throws(EncoderError) {
        guard !isStopped.load(ordering: .acquiring) else { return }
        var chunk = chunk
        if let config = chunk.decoderConfig, !isNew(config) { chunk.decoderConfig = nil }
        do {
            try output(chunk)
        } catch let error as EncoderError {
            throw error
        } catch {
            throw .output(error)
        }
    }

    private func isNew(_ config: DecoderConfig) -> Bool {
        current.withLock { current in
            defer { current = config }
            return current != config
        }
    }
}
