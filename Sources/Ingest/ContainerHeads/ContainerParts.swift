/// The boxes of MP4 and QuickTime (ISO/IEC 14496-12 4.2), as far as they are looked at besides libavformat.
package enum MovieBoxes {
    /// More than any `moov` of a file that has one video; what is larger is not looked through.
    private static let mostBytes = 64 << 20
    /// What is looked at of a pipe.
    private static let headLength = 1 << 16

    /// Whether a file that begins so has boxes.
    package static func begin(_ start: [UInt8]) -> Bool {
        let type = start.dropFirst(4).prefix(4)
        return ["ftyp", "styp", "moov", "wide"].contains { type.elementsEqual($0.utf8) }
    }

    /// The content of the outermost box `moov`; of a pipe only if it is whole at the beginning.
    package static func movie(_ source: inout ByteSource) throws(IngestError) -> [UInt8]? {
        guard let length = source.length else {
            return boxes("moov", in: try source.peek(headLength)[...]).first.map(Array.init)
        }
        let origin = source.position
        defer { source.seek(to: origin) }
        var position = origin
        while position < length {
            source.seek(to: position)
            let header = try source.readBytes(upTo: 16)
            guard header.count >= 8 else { return nil }
            var (size, skipped) = (number(header[0..<4]), 8)
            if size == 1, header.count == 16 { (size, skipped) = (number(header[8..<16]), 16) }
            let isMovie = header[4..<8].elementsEqual("moov".utf8)
            guard size >= skipped, size <= Int.max - position, !isMovie || size <= mostBytes else { return nil }
            if isMovie {
                source.seek(to: position + skipped)
                return try source.readBytes(upTo: size - skipped)
            }
            position += size
        }
        return nil
    }

    /// The boxes of a type among those that follow each other in `bytes`.
    package static func boxes(_ type: String, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var (found, rest) = ([ArraySlice<UInt8>](), bytes)
        while rest.count >= 8 {
            let size = number(rest.prefix(4))
            guard size >= 8, size <= rest.count else { break }
            if rest.dropFirst(4).prefix(4).elementsEqual(type.utf8) { found.append(rest.prefix(size).dropFirst(8)) }
            rest = rest.dropFirst(size)
        }
        return found
    }

    /// A number of at most 8 bytes, the highest first.
    package static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

/// The elements of Matroska and WebM (RFC 8794), as far as they are looked at besides libavformat.
package enum MatroskaElements {
    /// Tracks are at the beginning.
    package static let headLength = 1 << 16

    /// Whether a file that begins so has elements.
    package static func begin(_ start: [UInt8]) -> Bool { start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) }

    /// The contents of the tracks' entries.
    package static func tracks(_ head: [UInt8]) -> [ArraySlice<UInt8>] {
        // The header, and the segment, which may be longer than the bytes present.
        guard let header = element(head[...]) else { return [] }
        guard let segment = element(head[header.content.endIndex...]), segment.id == 0x1853_8067 else { return [] }
        return elements(0x1654_AE6B, in: segment.content).flatMap { elements(0xAE, in: $0) }
    }

    /// The contents of elements that follow each other; those after the first cluster are not looked at.
    package static func elements(_ id: Int, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var (found, rest) = ([ArraySlice<UInt8>](), bytes)
        while let next = element(rest), next.id != 0x1F43_B675 {
            if next.id == id { found.append(next.content) }
            rest = rest[next.content.endIndex...]
        }
        return found
    }

    /// The element at the beginning (RFC 8794 4), as far as it is there.
    private static func element(_ bytes: ArraySlice<UInt8>) -> (id: Int, content: ArraySlice<UInt8>)? {
        guard let first = bytes.first, first >= 0x10 else { return nil }
        let idLength = first.leadingZeroBitCount + 1
        guard let second = bytes.dropFirst(idLength).first, second != 0 else { return nil }
        let sizeLength = second.leadingZeroBitCount + 1
        let rest = bytes.dropFirst(idLength + sizeLength)
        let coded = MovieBoxes.number(bytes.dropFirst(idLength).prefix(sizeLength))
        let unknown = 1 << (7 * sizeLength) - 1
        let size = coded & unknown
        return (MovieBoxes.number(bytes.prefix(idLength)), size == unknown ? rest : rest.prefix(size))
    }
}
