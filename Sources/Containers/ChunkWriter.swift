package import VideoTypes

/// Writes chunks in one format, to a sink that the caller owns, verifies and publishes: the same one in every call.
///
/// Thread-safety: used by one thread at a time.
package protocol ChunkWriter {
    /// Writes a chunk.
    ///
    /// - Returns: Where chunks' own bytes are in the output, without the format's framing: one range a chunk, in the
    ///   order in which they were written, as far as it has become known. A format that gathers chunks before it writes
    ///   them knows only later.
    mutating func write(_ chunk: EncodedVideoChunk, to sink: inout ByteSink) throws(SinkError) -> [Range<Int>]

    /// Writes the data after the last chunk. This is the last write.
    ///
    /// - Returns: The places of all chunks that were not known before, as they were before ``moved``.
    mutating func end(to sink: inout ByteSink) throws(SinkError) -> [Range<Int>]

    /// By how many bytes ``end(to:)`` has moved all chunks, to put an index in front of them. The default is 0.
    var moved: Int { get }
}

extension ChunkWriter {
    package var moved: Int { 0 }
}
