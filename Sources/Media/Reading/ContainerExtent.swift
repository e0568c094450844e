internal import Ingest

/// The size that a container stores about itself. libavformat does not notice missing bytes.
enum ContainerExtent {
    /// Visits the outermost parts of a regular file, and returns to its beginning.
    ///
    /// - Returns: The size that the file stores about itself; `nil` where it does not specify it.
    static func claimed(by source: inout ByteSource) throws(IngestError) -> Int? {
        let start = try source.peek(64)
        if start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return matroska(start) }
        guard let length = source.length, start.count >= 8 else { return nil }
        let origin = source.position
        defer { source.seek(to: origin) }
        if start.starts(with: "RIFF".utf8) { return try chunks(&source, length) }
        return start[4..<8].elementsEqual("ftyp".utf8) ? try boxes(&source, length) : nil
    }

    /// The end of the last of RIFF's chunks, of which long AVI files have several; `nil` if a writer left the size out.
    private static func chunks(_ source: inout ByteSource, _ length: Int) throws(IngestError) -> Int? {
        var position = source.position
        while position < length {
            source.seek(to: position)
            let header = try source.readBytes(upTo: 8)
            // What follows may be anything.
            guard header.count == 8, header.starts(with: "RIFF".utf8) else { return position }
            let size = number(ArraySlice(header[4..<8].reversed()))
            guard size > 0, size < 0xFFFF_FFFF else { return nil }
            position += 8 + size + size % 2
        }
        return position
    }

    /// The end of the last box (ISO/IEC 14496-12 4.2).
    private static func boxes(_ source: inout ByteSource, _ length: Int) throws(IngestError) -> Int? {
        var position = source.position
        while position < length {
            source.seek(to: position)
            let header = try source.readBytes(upTo: 16)
            guard header.count >= 8 else { return position + 8 }
            var size = number(header[0..<4])
            if size == 1, header.count == 16 { size = number(header[8..<16]) }
            // 0 reaches to the end of the file; a size smaller than its own header is not that of a box.
            guard size >= 8, size <= Int.max - position else { return nil }
            position += size
        }
        return position
    }

    /// Whether an MP4 or MOV file has its samples before its index, and more of them than libavformat can go back over.
    ///
    /// - Parameter head: The first bytes of the file.
    static func hasLateIndex(_ head: [UInt8]) -> Bool {
        guard head.count >= 16, head[4..<8].elementsEqual("ftyp".utf8) else { return false }
        var position = 0
        while head.count - position >= 16 {
            let box = head[position..<position + 16]
            let (type, short) = (box[position + 4..<position + 8], number(box.prefix(4)))
            let size = short == 1 ? number(box.suffix(8)) : short
            if type.elementsEqual("mdat".utf8) { return size == 0 || size > rereadable }
            let mayPrecede = ["ftyp", "free", "skip", "wide", "uuid"].contains { type.elementsEqual($0.utf8) }
            guard mayPrecede, size >= 8, size < head.count else { return false }
            position += size
        }
        return false
    }

    /// Bytes that libavformat's buffer of a pipe certainly still has.
    private static let rereadable = 16 << 10

    /// The end of the segment, which follows the header (RFC 8794 and 9559).
    private static func matroska(_ start: [UInt8]) -> Int? {
        guard let (header, length) = size(start.dropFirst(4)) else { return nil }
        let segment = 4 + length + header
        guard start.dropFirst(segment).starts(with: [0x18, 0x53, 0x80, 0x67]),
            let (size, count) = size(start.dropFirst(segment + 4))
        else { return nil }
        return segment + 4 + count + size
    }

    /// A data size; `nil` if it is unknown, as in a live stream.
    private static func size(_ bytes: ArraySlice<UInt8>) -> (value: Int, length: Int)? {
        guard let first = bytes.first, first != 0 else { return nil }
        let length = first.leadingZeroBitCount + 1
        let value = number(bytes.prefix(length)) & (1 << (7 * length) - 1)
        guard bytes.count >= length, value != 1 << (7 * length) - 1 else { return nil }
        return (value, length)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
