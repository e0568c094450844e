internal import Containers
internal import LibAV
internal import Places
internal import Threading
internal import VideoTypes

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

    /// Gives the file its name, unless a file with the same bytes is there.
    ///
    /// - Parameter existing: The existing file with this number of bytes and this SHA-256; `nil` without one.
    /// - Returns: Its SHA-256, length and numbers.
    func publish(
        unless existing: (String, Int) throws(SinkError) -> FileEntry?
    ) throws(SinkError) -> (sha256: String, bytes: Int, file: FileEntry?) {
        try state.withLock { state throws(SinkError) in
            guard let sink = state.sink.take(), let digest = state.digest.take()?.finish() else { return ("", 0, nil) }
            if let file = try existing(digest, state.bytes) { return (digest, state.bytes, file) }
            let file = sink.unnamedEntry
            try sink.sync()
            try sink.publish()
            return (digest, state.bytes, file)
        }
    }
}
