internal import Containers
internal import Jobs
internal import LibAV
internal import Media
internal import VideoTypes

/// The files that one stage writes: the stream, and what describes it. It owns their sinks: what is written, synced, read back and
/// published is done to them here.
///
/// Thread-safety: used by one thread at a time.
struct OutputFiles: ~Copyable {
    /// What has been written.
    struct Summary: Sendable {
        var chunks = 0
        var keyChunks = 0
        var bytes = 0
        var sha256: String?
        /// The first chunk's decoder configuration record, which AVCC does not carry in itself.
        var description: [UInt8]?
    }

    private(set) var stream: ByteSink
    private var writer: any ChunkWriter
    private var linesFile: ByteSink?
    /// Opens the lines' file once more, for lines that change.
    private let openLines: () throws(SinkError) -> ByteSink?
    private var lines = ChunkLines()
    private var description: ByteSink?
    private let digest: OutputDigest?
    private var summary = Summary()

    init(
        _ output: OutputDescription,
        _ container: ContainerDescription,
        _ audio: AudioCarriage?,
        _ temporaries: TemporaryFiles
    ) throws(SinkError) {
        func open(
            _ destination: ByteSink.Destination,
            observe: (@Sendable (RawSpan) -> Void)? = nil
        ) throws(SinkError) -> ByteSink {
            try ByteSink(
                opening: destination,
                output.lookup,
                overwrite: output.overwrite,
                temporaries: temporaries,
                observe: observe
            )
        }
        var linesFile: ByteSink?
        var description: ByteSink?
        if let destination = output.chunks { linesFile = try open(destination) }
        if let destination = output.description { description = try open(destination) }
        let digest = output.hasDigest ? OutputDigest() : nil
        var container = container
        container.fragment = output.fragment
        var observe: (@Sendable (RawSpan) -> Void)?
        if let digest { observe = { digest.update($0) } }
        let stream = try open(output.destination, observe: observe)
        let isFileOfLines = linesFile?.isSeekable ?? true
        guard isFileOfLines || !stream.isSeekable || !output.movesChunks else {
            let reason =
                "chunks' places in \(output.format.name) are known at the end of the run, when its index is put in front"
            let advice = "use a file for the lines, or \(Setting.indexAtEnd)"
            throw .cannotHold(name: output.chunks?.name ?? "", reason: "\(reason) (\(advice))")
        }
        writer = try output.format.writer(for: stream, container, audio: audio)
        openLines = { () throws(SinkError) in
            guard let destination = output.chunks else { return nil }
            return try open(destination)
        }
        self.stream = stream
        self.linesFile = linesFile.take()
        self.description = description.take()
        self.digest = digest
    }

    mutating func write(_ chunk: EncodedVideoChunk, _ progress: JobProgress) throws(SinkError) {
        let ranges = try writer.write(chunk, to: &stream)
        if let name = linesFile?.name { try lines.append(ChunkLine(chunk, index: summary.chunks), of: name) }
        try linesFile?.write(ranges, of: &lines)
        if summary.chunks == 0, let record = chunk.decoderConfig?.description {
            try description?.write(record)
            summary.description = record
        }
        summary.chunks += 1
        summary.keyChunks += chunk.type == .key ? 1 : 0
        progress.didWrite(chunks: summary.chunks, bytes: stream.byteCount)
    }

    /// Ends the stream. No chunk at all is not an error of the output's.
    mutating func end() throws(SinkError) -> Summary {
        guard summary.chunks > 0 else { return summary }
        let ranges = try writer.end(to: &stream)
        try linesFile?.write(ranges, of: &lines)
        if writer.moved > 0 { try moveLines(by: writer.moved) }
        summary.bytes = stream.byteCount
        guard let digest else { return summary }
        if stream.isRewritten {
            digest.restart()
            try stream.readBack { digest.update($0) }
        }
        summary.sha256 = digest.finish()
        return summary
    }

    /// Writes the lines again, for chunks that are elsewhere.
    private mutating func moveLines(by distance: Int) throws(SinkError) {
        guard let old = linesFile.take() else { return }
        guard var new = try openLines() else { return }
        var moved = MovedLines(by: distance)
        var failure: SinkError?
        try old.readBack { bytes in
            guard failure == nil else { return }
            do throws(SinkError) { try new.write(moved.take(bytes)) } catch { failure = error }
        }
        if let failure { throw failure }
        linesFile = consume new
    }

    /// Renames every file into place: the stream last, so that what describes it is there when it appears.
    consuming func publish(suffix: String, in publication: Publication) throws(SinkError) {
        // Everything that can fail comes before the first of them has its name.
        try stream.sync()
        try linesFile?.sync()
        try description?.sync()
        if suffix.isEmpty {
            try stream.checkName()
            try linesFile?.checkName()
            try description?.checkName()
        }
        if let lines = linesFile.take() { try lines.publish(suffix: suffix, in: publication) }
        if let description = description.take() { try description.publish(suffix: suffix, in: publication) }
        try stream.publish(suffix: suffix, in: publication)
    }

    /// Sets when the stream's file is to have been modified; `nil` is when it was written.
    mutating func setModified(_ modified: Int64?) { stream.modified = modified }

    /// Drops every file, and takes away those that they would have replaced.
    consuming func discard(in publication: Publication) throws(SinkError) {
        if let lines = linesFile.take() { try lines.discard(in: publication) }
        if let description = description.take() { try description.discard(in: publication) }
        try stream.discard(in: publication)
    }
}

extension ByteSink {
    /// Writes the lines whose chunks' places have become known.
    fileprivate mutating func write(_ ranges: [Range<Int>], of lines: inout ChunkLines) throws(SinkError) {
        try lines.write(ranges, to: &self)
    }
}
