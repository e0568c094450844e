package import SystemPackage
package import VideoTypes

/// Writes chunks in one format.
///
/// Thread-safety: used by one thread at a time.
package protocol ChunkWriter: ~Copyable {
    /// Writes a chunk.
    ///
    /// - Returns: Where chunks' own bytes are in the output, without the format's framing: one range a chunk, in the
    ///   order in which they were written, as far as it has become known. A format that gathers chunks before it writes
    ///   them knows only later.
    mutating func write(_ chunk: EncodedVideoChunk) throws(SinkError) -> [Range<Int>]

    /// Writes the data after the last chunk. This is the last write.
    ///
    /// - Returns: The places of all chunks that were not known before.
    mutating func end() throws(SinkError) -> [Range<Int>]

    /// Length of the output so far, framing included.
    var byteCount: Int { get }

    /// Bytes were written anew, so that what was written is not what the output holds (``ByteSink/isRewritten``).
    var isRewritten: Bool { get }

    /// The path of the output until it is renamed into place (``ByteSink/unnamedFile``).
    var unnamedFile: FilePath? { get }

    /// Reads the output as it is now; only if ``isRewritten``.
    func readBack(_ body: (RawSpan) -> Void) throws(SinkError)

    /// Syncs everything to the disk; the last step before ``finish(suffix:in:)`` that may take long.
    mutating func sync() throws(SinkError)

    /// Throws what ``finish(suffix:in:)`` would throw because of what is at the output's name now.
    func checkName() throws(SinkError)

    /// Renames the output into place, after ``end()``. A writer that is dropped instead leaves no file.
    ///
    /// - Parameters:
    ///   - suffix: Added to the output's name where it is less than was asked for; empty otherwise.
    ///   - publication: Can take the name away again, until it is kept.
    consuming func finish(suffix: String, in publication: Publication) throws(SinkError)
}
