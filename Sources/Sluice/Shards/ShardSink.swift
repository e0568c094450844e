internal import LibAV
internal import Threading

/// A shard's file while it is written.
///
/// Thread-safety: used by one thread at a time, first the encoder's, then who waits for it.
final class ShardSink: Sendable {
    private struct State: ~Copyable {
        var sink: ByteSink?
        var digest: SHA256?
        var chunks = 0
        var bytes = 0
    }

    private let state: Monitor<State>

    init(_ sink: consuming ByteSink) {
        state = Monitor(State(sink: consume sink, digest: SHA256()))
    }

    /// Writes a chunk.
    ///
    /// - Returns: Chunks and bytes so far.
    func write(_ chunk: EncodedVideoChunk) throws(SinkError) -> (chunks: Int, bytes: Int) {
        let bytes = ShardFile.bytes(chunk)
        return try state.withLock { state throws(SinkError) in
            try state.sink?.write(bytes)
            state.digest?.update(bytes)
            state.chunks += 1
            state.bytes += bytes.count
            return (state.chunks, state.bytes)
        }
    }

    /// Gives the file its name.
    ///
    /// - Returns: Its SHA-256 and length.
    func publish() throws(SinkError) -> (sha256: String, bytes: Int) {
        try state.withLock { state throws(SinkError) in
            guard let sink = state.sink.take(), let digest = state.digest.take() else { return ("", 0) }
            try sink.sync()
            try sink.publish()
            return (digest.finish(), state.bytes)
        }
    }
}
