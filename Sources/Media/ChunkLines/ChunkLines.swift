package import Containers
internal import Jobs

/// The lines of `--chunks` on their way to their file: a line is written once it is known where its chunk is.
///
/// Only lines wait here whose chunks the container holds back: those of one fragment or cluster, which end after a second.
/// Their number is bounded all the same.
package struct ChunkLines: ~Copyable {
    /// The frames of a second at the highest rate, and the fragment or cluster that is being written meanwhile.
    package static let limit = 20_000

    private var sink: ByteSink
    private var waiting: [ChunkLine] = []

    package init(_ sink: consuming ByteSink) { self.sink = sink }

    /// Takes the line of a chunk that has been handed to the container.
    package mutating func append(_ line: ChunkLine) throws(SinkError) {
        guard waiting.count < Self.limit else {
            throw .refused(name: sink.name, reason: "\(Self.limit) chunks wait to be written")
        }
        waiting.append(line)
    }

    /// Writes the lines whose chunks' places have become known, in order.
    package mutating func place(_ ranges: [Range<Int>]) throws(SinkError) {
        guard ranges.count <= waiting.count else {
            throw .refused(name: sink.name, reason: "there are more positions than chunks")
        }
        for (line, range) in zip(waiting, ranges) { try sink.write(JSON.line(line.placed(at: range))) }
        waiting.removeFirst(ranges.count)
    }

    package func sync() throws(SinkError) { try sink.sync() }

    package func checkName() throws(SinkError) { try sink.checkName() }

    package consuming func publish(suffix: String, in publication: Publication) throws(SinkError) {
        try sink.publish(suffix: suffix, in: publication)
    }
}
