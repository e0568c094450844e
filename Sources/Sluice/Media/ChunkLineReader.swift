internal import Bitstream
internal import Ingest
internal import VideoTypes

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A line of `--chunks` as it is read: what ``ChunkLine`` writes.
struct ReadChunkLine: Decodable {
    let type: String
    let timestamp: Int64
    let duration: Int64?
    let offset: Int
    let size: Int
    let decoderConfig: ReadDecoderConfig?
}

/// WebCodecs' `VideoDecoderConfig`, as far as the bitstream does not say it itself.
struct ReadDecoderConfig: Decodable {
    let codec: String
    let codedWidth: Int?
    let codedHeight: Int?
    let displayAspectWidth: Int?
    let displayAspectHeight: Int?
    let rotation: Int?
    let flip: Bool?
    let description: String?
}

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

    /// The next line; `nil` behind the last.
    mutating func next() throws(JobError) -> ReadChunkLine? {
        guard let text = try nextText() else { return nil }
        number += 1
        let line: ReadChunkLine
        do {
            line = try JSONDecoder().decode(ReadChunkLine.self, from: Data(text))
        } catch {
            throw damaged("no chunk's JSON object with type, timestamp, offset and size")
        }
        guard EncodedVideoChunk.ChunkType(rawValue: line.type) != nil else {
            throw damaged("type \(line.type) is neither key nor delta")
        }
        guard line.offset >= 0, (1...StreamLimit.unitBytes).contains(line.size),
            line.offset <= Int.max - StreamLimit.unitBytes
        else { throw damaged("a chunk of \(line.size) bytes at \(line.offset)") }
        guard line.duration ?? 0 >= 0 else { throw damaged("a duration below 0") }
        return line
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
                throw damaged("it has no line feed: the lines end early")
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

extension ReadDecoderConfig {
    /// What the configuration says of a stream.
    func head(_ lines: borrowing ChunkLineReader) throws(JobError) -> MediaHead {
        guard let request = try? CodecRequest(.exact(codec)) else { throw lines.damaged("codec \(codec)") }
        var head = MediaHead(request.codec)
        head.hasTimes = true
        if let description {
            guard let bytes = Data(base64Encoded: description) else {
                throw lines.damaged("a description that is no base64")
            }
            head.description = Array(bytes)
        }
        guard let rotation = Orientation.Rotation(rawValue: rotation ?? 0) else {
            throw lines.damaged("rotation \(self.rotation ?? 0) is not 0, 90, 180 or 270")
        }
        head.orientation = Orientation(rotation: rotation, flip: flip ?? false)
        head.pixelAspectRatio = try pixelAspectRatio(lines)
        return head
    }

    private func pixelAspectRatio(_ lines: borrowing ChunkLineReader) throws(JobError) -> PixelAspectRatio? {
        guard let displayAspectWidth, let displayAspectHeight else { return nil }
        let allowed = 1...PictureSize.limit * 65535
        guard allowed.contains(displayAspectWidth), allowed.contains(displayAspectHeight),
            let codedWidth, let codedHeight, (1...PictureSize.limit).contains(codedWidth),
            (1...PictureSize.limit).contains(codedHeight),
            let ratio = PixelAspectRatio(
                width: displayAspectWidth * codedHeight,
                height: displayAspectHeight * codedWidth
            )
        else { throw lines.damaged("an invalid size or display aspect") }
        return ratio
    }
}
