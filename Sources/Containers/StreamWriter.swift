package import Bitstream
package import SystemPackage
package import VideoTypes

/// What a format puts around chunks that are one after the other in the output.
package protocol ChunkFraming: Sendable {
    /// What is before the first chunk.
    var streamHeader: [UInt8] { get }

    /// A chunk as the format has it.
    mutating func frame(_ chunk: EncodedVideoChunk) throws(BitstreamError) -> FramedChunk

    /// The final bytes at the beginning of the output, which replace the first header; `nil` if they are equal. They are
    /// written only if the output is seekable.
    var finalStreamHeader: [UInt8]? { get }
}

extension ChunkFraming {
    /// Empty by default.
    package var streamHeader: [UInt8] { [] }
    /// The same.
    package var finalStreamHeader: [UInt8]? { nil }
}

/// A chunk as a format has it.
package struct FramedChunk: Sendable {
    /// What the format adds in front.
    package var header: [UInt8] = []
    /// The chunk's own bytes.
    package var payload: [UInt8]
}

/// Writes chunks one after the other, with what the format puts around each.
package struct StreamWriter<Framing: ChunkFraming>: ChunkWriter, ~Copyable {
    private var sink: ByteSink
    private var framing: Framing
    private var hasHeader = false

    /// A writer that owns its sink.
    package init(_ sink: consuming ByteSink, _ framing: Framing) {
        self.sink = sink
        self.framing = framing
    }

    /// Length of the output so far.
    package var byteCount: Int { sink.byteCount }

    /// The output's beginning was written anew.
    package var isRewritten: Bool { sink.isRewritten }

    /// Writes a chunk, whose place is known at once.
    package mutating func write(_ chunk: EncodedVideoChunk) throws(SinkError) -> [Range<Int>] {
        try writeHeader()
        let framed = try framed(chunk)
        try sink.write(framed.header)
        let start = sink.byteCount
        try sink.write(framed.payload)
        return [start..<sink.byteCount]
    }

    /// Puts the final header in place, where there can be one.
    package mutating func end() throws(SinkError) -> [Range<Int>] {
        try writeHeader()
        guard sink.isSeekable, let header = framing.finalStreamHeader else { return [] }
        unsafe try sink.write(header.span.bytes, at: 0)
        return []
    }

    private mutating func writeHeader() throws(SinkError) {
        guard !hasHeader else { return }
        hasHeader = true
        try sink.write(framing.streamHeader)
    }

    private mutating func framed(_ chunk: EncodedVideoChunk) throws(SinkError) -> FramedChunk {
        do throws(BitstreamError) {
            return try framing.frame(chunk)
        } catch {
            throw .refused(name: sink.name, reason: "\(error)")
        }
    }

    /// The path of the output until it is renamed into place.
    package var unnamedFile: FilePath? { sink.unnamedFile }

    /// Reads the output as it is now.
    package func readBack(_ body: (RawSpan) -> Void) throws(SinkError) { try sink.readBack(body) }

    /// Syncs everything that has been written to the disk.
    package mutating func sync() throws(SinkError) { try sink.sync() }

    /// Throws if the output's name has been taken meanwhile.
    package func checkName() throws(SinkError) { try sink.checkName() }

    /// Gives the output its name.
    package consuming func finish(suffix: String, in publication: Publication) throws(SinkError) {
        try sink.publish(suffix: suffix, in: publication)
    }
}
