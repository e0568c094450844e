internal import Ingest
internal import Jobs
internal import VideoTypes

/// The chunks that the lines of `--chunks` name in a file.
final class ChunkedUnits: MediaUnits {
    private var source: ByteSource
    private var lines: ChunkLineReader
    /// The first line, which has the decoder's configuration.
    private var ahead: ReadChunkLine?
    /// What the lines have named so far.
    private var named = ByteRanges()
    /// What the first line specifies about the stream.
    let head: MediaHead

    init(_ source: consuming ByteSource, lines: consuming ChunkLineReader) throws(JobError) {
        guard let first = try lines.next() else { throw .input(.empty(name: lines.name, frameBytes: nil)) }
        guard let head = first.head else { throw lines.damaged("the first line has no decoderConfig") }
        self.head = head
        ahead = first
        self.source = source
        self.lines = lines
    }

    var isInterrupted: Bool { source.isInterrupted }

    func next() throws(JobError) -> MediaUnit? {
        guard let line = try nextLine() else { return nil }
        let place = "the chunk of line \(lines.number)"
        var unit = MediaUnit(try bytes(of: line), place: place)
        (unit.timestamp, unit.duration) = (line.timestamp, line.duration)
        (unit.type, unit.mustHavePicture) = (line.type, true)
        if let head = line.head { unit.description = head.description }
        return unit
    }

    private func nextLine() throws(JobError) -> ReadChunkLine? {
        if let first = ahead.take() { return first }
        return try lines.next()
    }

    private func bytes(of line: ReadChunkLine) throws(JobError) -> [UInt8] {
        // A short file of lines that all name the same bytes would keep a decoder busy for as long as one likes.
        if named.insert(line.offset..<line.offset + line.size) != nil {
            let last = line.offset + line.size - 1
            throw lines.damaged("bytes \(line.offset) to \(last) overlap those of an earlier line")
        }
        if source.length != nil {
            source.seek(to: line.offset)
        } else {
            guard line.offset >= source.position else {
                throw lines.damaged(
                    "the offset \(line.offset) is before the current position, and \(source.name) cannot be read again"
                )
            }
            while source.position < line.offset {
                let count = min(line.offset - source.position, 1 << 16)
                let skipped = try asJobError { () throws(IngestError) in try source.readBytes(upTo: count) }
                if skipped.count < count { break }
            }
        }
        if let length = source.length, line.offset + line.size > length {
            throw lines.damaged("the chunk ends at byte \(line.offset + line.size), but \(source.name) has \(length)")
        }
        let bytes = try asJobError { () throws(IngestError) in try source.readBytes(upTo: line.size) }
        guard bytes.count == line.size else {
            throw lines.damaged("\(source.name) ends after \(bytes.count) of the chunk's \(line.size) bytes")
        }
        return bytes
    }
}
