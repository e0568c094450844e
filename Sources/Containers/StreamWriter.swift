package import Bitstream
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
package struct StreamWriter<Framing: ChunkFraming>: ChunkWriter {
    private var framing: Framing
    private var hasHeader = false

    /// A writer that has written nothing yet.
    package init(_ framing: Framing) { self.framing = framing }

    /// Writes a chunk, whose place is known at once.
    package mutating func write(
        _ chunk: EncodedVideoChunk,
        to sink: inout ByteSink
    ) throws(SinkError) -> [Range<Int>] {
        try writeHeader(to: &sink)
        let framed: FramedChunk
        do throws(BitstreamError) {
            framed = try framing.frame(chunk)
        } catch {
            throw .refused(name: sink.name, reason: "\(error)")
        }
        try sink.write(framed.header)
        let start = sink.byteCount
        try sink.write(framed.payload)
        return [start..<sink.byteCount]
    }

    /// Puts the final header in place, where there can be one.
    package mutating func end(to sink: inout ByteSink) throws(SinkError) -> [Range<Int>] {
        try writeHeader(to: &sink)
        guard sink.isSeekable, let header = framing.finalStreamHeader else { return [] }
        unsafe try sink.write(header.span.bytes, at: 0)
        return []
    }

    private mutating func writeHeader(to sink: inout ByteSink) throws(SinkError) {
        guard !hasHeader else { return }
        hasHeader = true
        try sink.write(framing.streamHeader)
    }
}
