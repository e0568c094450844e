package import Containers
internal import Jobs

/// The lines of `--chunks` before they are written: a line is written when the position of its chunk is known.
///
/// Lines wait here only while the container holds back their chunks: those of one fragment or cluster, which end after a
/// second. Their number is bounded in any case.
package struct ChunkLines {
    /// The frames of a second at the highest rate, and the fragment or cluster that is being written meanwhile.
    package static let limit = 20_000

    private var waiting: [ChunkLine] = []

    package init() {}

    /// Takes the line of a chunk that has been handed to the container.
    ///
    /// - Parameters:
    ///   - line: The line, without a place yet.
    ///   - name: Name of the lines' file in messages.
    package mutating func append(_ line: ChunkLine, of name: String) throws(SinkError) {
        guard waiting.count < Self.limit else {
            throw .refused(name: name, reason: "\(Self.limit) chunks wait to be written")
        }
        waiting.append(line)
    }

    /// Writes the lines whose chunks' places have become known, in order.
    package mutating func write(_ ranges: [Range<Int>], to sink: inout ByteSink) throws(SinkError) {
        guard ranges.count <= waiting.count else {
            throw .refused(name: sink.name, reason: "there are more positions than chunks")
        }
        for (line, range) in zip(waiting, ranges) { try sink.write(JSON.line(line.placed(at: range))) }
        waiting.removeFirst(ranges.count)
    }
}
