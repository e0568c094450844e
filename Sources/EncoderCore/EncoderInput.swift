internal import Threading
internal import VideoTypes

/// A frame on its way into the codec.
struct EncoderInput: CodecInput, ~Copyable {
    typealias Setup = EncoderSetup
    typealias Failure = EncoderError
    typealias Delivery = OutputDelivery<EncodedVideoChunk, EncoderError>
    /// The last timestamp.
    typealias Memory = Int64?

    static var coder: String { "encoder" }
    static var verb: String { "encode" }
    static var noun: String { "frame" }
    static var nothing: Int64? { nil }

    var frame: VideoFrame
    /// What was asked for.
    let options: EncodeOptions
    /// The options as a backend takes them: the quantizer in the codec libraries' scale.
    private(set) var resolved: EncodeOptions

    init(_ frame: consuming VideoFrame, _ options: EncodeOptions) {
        self.frame = frame
        (self.options, resolved) = (options, options)
    }

    var byteCount: Int { frame.layout.byteCount }

    consuming func prepared(for setup: EncoderSetup) throws(EncoderError) -> EncoderInput {
        let options = options
        let resolved = try Self.resolve(options, setup)
        var input = EncoderInput(try setup.prepare(frame), options)
        input.resolved = resolved
        return input
    }

    borrowing func memory(after last: Int64?, for setup: EncoderSetup) throws(EncoderError) -> Int64? {
        let timestamp = frame.timestamp
        if let time = MediaTime.outOfBounds(timestamp, frame.duration) {
            throw .invalidFrame("a time of \(time) µs: times are within 285 years of 0")
        }
        if setup.needsGrowingTimestamps, let last, timestamp <= last {
            throw .invalidFrame("timestamp \(timestamp) does not follow \(last): timestamps must grow")
        }
        return timestamp
    }

    private static func resolve(_ options: EncodeOptions, _ setup: EncoderSetup) throws(EncoderError) -> EncodeOptions {
        guard options.quantizer != nil || options.quantizerIndex != nil else { return options }
        guard case .quantizer = setup.config.rateControl else {
            throw .invalidFrame("a frame's quantizer needs bitrateMode quantizer, whose rate control is off")
        }
        do throws(EncoderConfigError) {
            let level = try options.quantizerLevel(for: setup.config.codec.codec)
            return EncodeOptions(keyFrame: options.keyFrame, quantizer: level)
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
