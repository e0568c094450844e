public import VideoTypes

/// Writes chunks in one format.
///
/// Thread-safety: used by one thread at a time.
public protocol ChunkWriter: ~Copyable, Sendable {
    /// Writes a chunk.
    ///
    /// - Returns: Where the chunk's own bytes stand in the output, without the format's framing.
    mutating func write(_ chunk: EncodedVideoChunk) throws(SinkError) -> Range<Int>

    /// Bytes in the output so far, framing included.
    var byteCount: Int { get }

    /// Brings everything that has been written to the disk; the last step before ``finish(suffix:)`` that may take long.
    mutating func sync() throws(SinkError)

    /// Throws what ``finish(suffix:)`` would throw because of what stands at the output's name now.
    func checkName() throws(SinkError)

    /// Completes the output. A writer that is dropped instead leaves no file behind.
    ///
    /// - Parameter suffix: Added to the output's name where it is less than was asked for; empty otherwise.
    consuming func finish(suffix: String) throws(SinkError)
}
