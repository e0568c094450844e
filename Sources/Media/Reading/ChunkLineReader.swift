internal import Ingest
internal import Jobs
internal import VideoTypes

/// Reads lines of `--chunks`, strictly.
struct ChunkLineReader: ~Copyable {
    /// A description of 255 parameter sets of 64 KiB in base64 would be longer; real ones have a few hundred bytes.
    private static let lineLimit = 1 << 20

    private var source: ByteSource
    private var buffer: [UInt8] = []
    private var start = 0
    private var isEnded = false
    /// Lines that were read.
    private(set) var number = 0

    init(_ source: consuming ByteSource) { self.source = source }

    var name: String { source.name }

    /// What is wrong with the line read last.
    func damaged(_ reason: String) -> JobError {
        .input(.damaged(name: name, reason: "line \(number): \(reason)"))
    }

    /// The next line; `nil` after the last.
    mutating func next() throws(JobError) -> ReadChunkLine? {
        guard let text = try nextText() else { return nil }
        number += 1
        do throws(ReadChunkLine.Damage) {
            return try ReadChunkLine(checking: text)
        } catch {
            throw damaged(error.reason)
        }
    }

    private mutating func nextText() throws(JobError) -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            searched = buffer.count
            if isEnded {
                guard start < buffer.count else { return nil }
                number += 1
                throw damaged("it is truncated: the line feed is missing")
            }
            guard buffer.count - start <= Self.lineLimit else {
                number += 1
                throw damaged("more than \(Self.lineLimit) bytes")
            }
            buffer.removeFirst(start)
            (searched, start) = (searched - start, 0)
            let bytes = try asJobError { () throws(IngestError) in try source.readBytes(upTo: 1 << 16) }
            isEnded = bytes.count < 1 << 16
            buffer += bytes
        }
    }
}
