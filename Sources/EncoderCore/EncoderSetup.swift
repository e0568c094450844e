internal import Threading
public import VideoTypes

/// A validated configuration together with the backend that carries it out.
public struct EncoderSetup: Sendable {
    /// The configuration, its codec string resolved.
    public let config: ValidatedEncoderConfig

    /// A frame whose timestamp does not follow the one before is refused.
    let needsGrowingTimestamps: Bool

    /// Turns a frame as it was given into one as the backend takes it: the configured size, a format that it reads.
    /// Runs on the thread that submits the frame, so that what waits in the queue is already small.
    let prepare: @Sendable (consuming VideoFrame) throws(EncoderError) -> VideoFrame

    typealias Worker = CodecWorker<EncoderInput>

    /// Serves commands with a backend until the input ends or another setup takes over. The backend's type ends here.
    let serve: @Sendable (borrowing Worker, Completion<EncoderError>) throws(EncoderError) -> Worker.Successor?

    /// A setup.
    ///
    /// - Parameters:
    ///   - config: The configuration, its codec string resolved.
    ///   - needsGrowingTimestamps: Whether the codec goes by the timestamps, so that each must be later than the one
    ///     before. The default is that it does not.
    ///   - prepare: Makes a frame of the format and size that the backend takes, or throws
    ///     ``VideoTypes/EncoderError/invalidFrame(_:)``. Called on the threads that submit frames.
    ///   - makeBackend: Opens the codec. Called on the encoder's own thread, again after each flush.
    public init<Backend: EncoderBackend & ~Copyable>(
        config: ValidatedEncoderConfig,
        needsGrowingTimestamps: Bool = false,
        prepare: @escaping @Sendable (consuming VideoFrame) throws(EncoderError) -> VideoFrame,
        makeBackend: @escaping @Sendable () throws(EncoderError) -> Backend
    ) {
        self.config = config
        self.needsGrowingTimestamps = needsGrowingTimestamps
        self.prepare = prepare
        serve = { worker, configured throws(EncoderError) in
            let delivery = worker.delivery
            let verbs = BackendVerbs<Backend, EncoderInput, EncodedVideoChunk>(
                make: makeBackend,
                submit: { input, backend throws(EncoderError) in
                    try backend.submit(input.frame, options: input.resolved)
                },
                next: { backend throws(EncoderError) in try backend.nextChunk() },
                drain: { backend throws(EncoderError) in try backend.drain() },
                deliver: { chunk throws(EncoderError) in try delivery(chunk) }
            )
            return try worker.serve(verbs, configured: configured)
        }
    }
}
