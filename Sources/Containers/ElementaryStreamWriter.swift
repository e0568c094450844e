public import VideoTypes

/// Writes access units one behind the other. Annex B carries its own start codes and AVCC its own lengths, so neither
/// needs any framing.
public struct ElementaryStreamWriter: ChunkWriter, ~Copyable {
    private var sink: ByteSink

    /// A writer that owns its sink.
    public init(_ sink: consuming ByteSink) { self.sink = sink }

    /// Bytes in the output so far.
    public var byteCount: Int { sink.byteCount }

    /// Writes a chunk.
    public mutating func write(_ chunk: EncodedVideoChunk) throws(SinkError) -> Range<Int> {
        let start = sink.byteCount
        try sink.write(chunk.data)
        return start..<sink.byteCount
    }

    /// Brings everything that has been written to the disk.
    public mutating func sync() throws(SinkError) { try sink.sync() }

    /// Throws if the output's name has been taken meanwhile.
    public func checkName() throws(SinkError) { try sink.checkName() }

    /// Completes the output.
    public consuming func finish(suffix: String) throws(SinkError) { try sink.publish(suffix: suffix) }
}
