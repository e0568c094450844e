internal import VideoTypes

/// A chunk on its way into the codec.
struct DecoderInput: CodecInput {
    typealias Setup = DecoderSetup
    typealias Failure = DecoderError
    typealias Delivery = FrameDelivery
    /// A key chunk was taken.
    typealias Memory = Bool

    static var coder: String { "decoder" }
    static var verb: String { "decode" }
    static var noun: String { "chunk" }
    static var nothing: Bool { false }

    let chunk: EncodedVideoChunk

    var byteCount: Int { chunk.data.count + (chunk.alphaData?.count ?? 0) }

    func preparedByteCount(for setup: DecoderSetup) -> Int { byteCount }

    func prepared(for setup: DecoderSetup) throws(DecoderError) -> DecoderInput { self }

    func memory(after hasKey: Bool, for setup: DecoderSetup) throws(DecoderError) -> Bool {
        if let time = MediaTime.outOfBounds(chunk.timestamp, chunk.duration, chunk.decodeTimestamp) {
            throw .dataError("a chunk has a time of \(time) µs, which is not within 285 years of 0")
        }
        guard !hasKey else { return true }
        guard chunk.type == .key else {
            throw .dataError("the chunk at \(chunk.timestamp) µs is a delta chunk, but the first must be a key chunk")
        }
        try setup.checkKey(chunk)
        return true
    }

    static func serve(
        _ setup: DecoderSetup,
        with worker: borrowing CodecWorker<DecoderInput>,
        configured: Completion<DecoderError>
    ) throws(DecoderError) -> CodecWorker<DecoderInput>.Successor? {
        try setup.serve(worker, configured)
    }
}

/// Provides frames to the decoding backend, and wakes it from waiting for memory when frames are not wanted any more.
final class FrameDelivery: CodecDelivery {
    private let pool: FramePool
    private let delivery: OutputDelivery<DecodedFrame, DecoderError>

    init(pool: FramePool, output: @escaping @Sendable (consuming DecodedFrame) throws -> Void) {
        self.pool = pool
        delivery = OutputDelivery(output: output)
    }

    func stop() {
        delivery.stop()
        pool.wake()
    }

    var isStopped: Bool { delivery.isStopped }

    /// The memory of this session's frames.
    var source: FrameSource { FrameSource(pool, isCancelled: { [delivery] in delivery.isStopped }) }

    func callAsFunction(_ frame: consuming DecodedFrame) throws(DecoderError) { try delivery(frame) }
}
