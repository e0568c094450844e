internal import Threading
internal import VideoTypes

/// A frame on its way into the codec.
struct EncoderInput: CodecInput, ~Copyable {
    typealias Setup = EncoderSetup
    typealias Failure = EncoderError
    typealias Delivery = OutputDelivery<EncodedVideoChunk, EncoderError>
    typealias Memory = FrameHistory

    static var coder: String { "encoder" }
    static var verb: String { "encode" }
    static var noun: String { "frame" }
    static var nothing: FrameHistory { FrameHistory() }

    var frame: VideoFrame
    /// The requested options.
    let options: EncodeOptions
    /// The options as a backend takes them: the quantizer in the codec libraries' scale.
    private(set) var resolved: EncodeOptions

    init(_ frame: consuming VideoFrame, _ options: EncodeOptions) {
        self.frame = frame
        (self.options, resolved) = (options, options)
    }

    var byteCount: Int { frame.layout.byteCount }

    /// Gives the frame back.
    consuming func takeFrame() -> VideoFrame { frame }

    /// All formats that a configuration's encoder takes have as many bytes.
    borrowing func preparedByteCount(for setup: EncoderSetup) -> Int { setup.frameBytes ?? frame.layout.byteCount }

    consuming func prepared(for setup: EncoderSetup) throws(EncoderError) -> EncoderInput {
        let options = options
        let resolved = try Self.resolve(options, setup)
        var input = EncoderInput(try setup.prepare(frame), options)
        input.resolved = resolved
        return input
    }

    borrowing func memory(after history: FrameHistory, for setup: EncoderSetup) throws(EncoderError) -> FrameHistory {
        var history = history
        try history.take(timestamp: frame.timestamp, duration: frame.duration, setup.rules)
        return history
    }

    private static func resolve(_ options: EncodeOptions, _ setup: EncoderSetup) throws(EncoderError) -> EncodeOptions {
        guard !options.keyFrame || setup.rules.takesKeyFrames else {
            throw .invalidFrame("\(setup.rules.encoder) does not make key frames on demand")
        }
        guard options.quantizer != nil || options.quantizerIndex != nil else { return options }
        guard case .quantizer(let usual) = setup.config.rateControl else {
            throw .invalidFrame("the quantizer of a frame needs \(Setting.bitrateMode) quantizer")
        }
        guard !setup.config.values.lossless else { throw .invalidFrame("a lossless frame cannot have a quantizer") }
        let level = try level(of: options, setup)
        guard setup.rules.takesQuantizers || level == usual else {
            throw .invalidFrame(
                "\(setup.rules.encoder) uses one quantizer for all frames, not \(level) for one of them"
            )
        }
        return EncodeOptions(keyFrame: options.keyFrame, quantizer: level)
    }

    private static func level(of options: EncodeOptions, _ setup: EncoderSetup) throws(EncoderError) -> Int {
        do throws(EncoderConfigError) {
            return try options.quantizerLevel(for: setup.config.codec.codec) ?? 0
        } catch {
            throw .invalidFrame(error.description)
        }
    }

    static func serve(
        _ setup: EncoderSetup,
        with worker: borrowing CodecWorker<EncoderInput>,
        configured: Completion<EncoderError>
    ) throws(EncoderError) -> CodecWorker<EncoderInput>.Successor? {
        try setup.serve(worker, configured)
    }
}

/// Leaves a chunk its decoder configuration only where that has changed.
final class DecoderConfigChanges: Sendable {
    private let current = Monitor<DecoderConfig?>(nil)

    func only(changedIn chunk: EncodedVideoChunk) -> EncodedVideoChunk {
        var chunk = chunk
        if let config = chunk.decoderConfig, !isNew(config) { chunk.decoderConfig = nil }
        return chunk
    }

    private func isNew(_ config: DecoderConfig) -> Bool {
        current.withLock { current in
            defer { current = config }
            return current != config
        }
    }
}
