internal import Threading
public import VideoTypes

/// A validated configuration together with the backend that carries it out.
public struct EncoderSetup: Sendable {
    /// The configuration, its codec string resolved.
    public let config: ValidatedEncoderConfig

    /// What single frames must fit, checked before they are queued.
    let rules: FrameRules

    /// Converts an input frame for the backend: to the configured size and a format that it reads. Runs on the submitting
    /// thread, so that waiting frames are already small.
    let prepare: @Sendable (consuming VideoFrame) throws(EncoderError) -> VideoFrame

    /// Bytes of a frame as the backend takes it.
    let frameBytes: Int?

    typealias Worker = CodecWorker<EncoderInput>

    /// Serves commands with a backend until the input ends or another setup takes over. The backend's type ends here.
    let serve: @Sendable (borrowing Worker, Completion<EncoderError>) throws(EncoderError) -> Worker.Successor?

    /// A setup.
    ///
    /// - Parameters:
    ///   - config: The configuration, its codec string resolved.
    ///   - rules: What single frames must fit, checked before they are queued. The default refuses times that cannot be.
    ///   - prepare: Makes a frame of the format and size that the backend takes, or throws
    ///     ``VideoTypes/EncoderError/invalidFrame(_:)``. Called on the threads that submit frames.
    ///   - makeBackend: Opens the codec. Called on the encoder's own thread, again after each flush.
    public init<Backend: EncoderBackend & ~Copyable>(
        config: ValidatedEncoderConfig,
        rules: FrameRules = FrameRules(),
        prepare: @escaping @Sendable (consuming VideoFrame) throws(EncoderError) -> VideoFrame,
        makeBackend: @escaping @Sendable () throws(EncoderError) -> Backend
    ) {
        self.config = config
        self.rules = rules
        self.prepare = prepare
        let values = config.values
        let format = values.alpha == .keep ? .i420a : PixelFormat.planar(values.chroma, bitDepth: values.bitDepth)
        frameBytes = PictureLayout(format: format, size: config.size)?.byteCount
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
