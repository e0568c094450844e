internal import Threading
public import VideoTypes

/// A configuration together with the backend that carries it out.
public struct DecoderSetup: Sendable {
    /// The configuration.
    public let config: DecoderConfig

    typealias Worker = CodecWorker<DecoderInput>

    /// Throws if decoding cannot start with a chunk, even if its type is key. Runs on the thread that submits it.
    let checkKey: @Sendable (EncodedVideoChunk) throws(DecoderError) -> Void

    /// Serves commands with a backend until the input ends or another setup takes over. The backend's type ends here.
    let serve: @Sendable (borrowing Worker, Completion<DecoderError>) throws(DecoderError) -> Worker.Successor?

    /// A setup.
    ///
    /// - Parameters:
    ///   - config: The configuration.
    ///   - checkKey: Examines the first key chunk after a configuration or a flush, and throws
    ///     ``VideoTypes/DecoderError/dataError(_:)`` if decoding cannot start with its picture. Called on the threads that
    ///     submit chunks.
    ///   - makeBackend: Opens the codec. Called on the decoder's own thread, again after each flush, with the source of
    ///     the memory that its frames are to have.
    public init<Backend: DecoderBackend & ~Copyable>(
        config: DecoderConfig,
        checkKey: @escaping @Sendable (EncodedVideoChunk) throws(DecoderError) -> Void,
        makeBackend: @escaping @Sendable (FrameSource) throws(DecoderError) -> Backend
    ) {
        (self.config, self.checkKey) = (config, checkKey)
        serve = { worker, configured throws(DecoderError) in
            let delivery = worker.delivery
            let verbs = BackendVerbs<Backend, DecoderInput, DecodedFrame>(
                make: { () throws(DecoderError) in try makeBackend(delivery.source) },
                submit: { input, backend throws(DecoderError) in try backend.submit(input.chunk) },
                next: { backend throws(DecoderError) in try backend.nextFrame() },
                drain: { backend throws(DecoderError) in try backend.drain() },
                deliver: { frame throws(DecoderError) in try delivery(frame) }
            )
            return try worker.serve(verbs, configured: configured)
        }
    }
}
