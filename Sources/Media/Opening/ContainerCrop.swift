internal import Ingest

/// What a container wants cut off the pictures: the clean aperture of MP4 and QuickTime (`clap`, ISO/IEC 14496-12 12.1.4) and
/// `PixelCrop…` of Matroska (RFC 9559 5.1.4.1.28). The pictures are kept whole, which is to be said.
enum ContainerCrop {
    /// More than any `moov` of a file that has one video; what is larger is not looked through.
    private static let mostBytes = 64 << 20
    /// Matroska's tracks stand at the beginning.
    private static let headLength = 1 << 16

    /// What is not cut off, in words; `nil` where nothing is, and in an MP4 that is a pipe.
    static func read(_ source: inout ByteSource) throws(IngestError) -> String? {
        let start = try source.peek(12)
        if start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return matroska(try source.peek(headLength)) }
        let type = start.dropFirst(4).prefix(4)
        guard [Array("ftyp".utf8), Array("moov".utf8), Array("wide".utf8)].contains(where: type.elementsEqual) else {
            return nil
        }
        guard let movie = try movie(&source) else { return nil }
        return aperture(in: movie[...])
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

// MP4 and QuickTime.
extension ContainerCrop {
    /// The content of the outermost box `moov` of a regular file.
    private static func movie(_ source: inout ByteSource) throws(IngestError) -> [UInt8]? {
        guard let length = source.length else { return nil }
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
    private static func boxes(_ type: String, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var (found, rest) = ([ArraySlice<UInt8>](), bytes)
        while rest.count >= 8 {
            let size = number(rest.prefix(4))
            guard size >= 8, size <= rest.count else { break }
            if rest.dropFirst(4).prefix(4).elementsEqual(type.utf8) { found.append(rest.prefix(size).dropFirst(8)) }
            rest = rest.dropFirst(size)
        }
        return found
    }

    private static func aperture(in movie: ArraySlice<UInt8>) -> String? {
        for media in boxes("trak", in: movie).flatMap({ boxes("mdia", in: $0) }) {
            let isVideo = boxes("hdlr", in: media).contains { $0.dropFirst(8).prefix(4).elementsEqual("vide".utf8) }
            let tables = boxes("minf", in: media).flatMap { boxes("stbl", in: $0) }
            let descriptions = tables.flatMap { boxes("stsd", in: $0) }
            // Behind version and count, the first sample entry.
            guard isVideo, let entry = descriptions.first?.dropFirst(8), entry.count >= 86 else { continue }
            let fields = entry.dropFirst(8)
            let size = (number(fields.dropFirst(24).prefix(2)), number(fields.dropFirst(26).prefix(2)))
            let extensions = entry.prefix(max(86, min(number(entry.prefix(4)), entry.count))).dropFirst(86)
            guard let clap = boxes("clap", in: extensions).first, clap.count >= 16 else { continue }
            let values = (0..<4).map { number(clap.dropFirst(4 * $0).prefix(4)) }
            guard values[1] > 0, values[3] > 0 else { continue }
            let clean = (values[0] / values[1], values[2] / values[3])
            guard clean.0 > 0, clean.1 > 0, clean.0 < size.0 || clean.1 < size.1 else { continue }
            return
                "its clean aperture of \(clean.0)x\(clean.1) (clap) is not cut out of the \(size.0)x\(size.1) pictures"
        }
        return nil
    }
}

// Matroska.
extension ContainerCrop {
    private static func matroska(_ head: [UInt8]) -> String? {
        // The header, and the segment, which may go on beyond what there is of it.
        guard let header = element(head[...]) else { return nil }
        guard let segment = element(head[header.content.endIndex...]), segment.id == 0x1853_8067 else { return nil }
        let videos = elements(0x1654_AE6B, in: segment.content).flatMap { elements(0xAE, in: $0) }
            .flatMap { elements(0xE0, in: $0) }
        for video in videos {
            let sides = [("top", 0x54BB), ("bottom", 0x54AA), ("left", 0x54CC), ("right", 0x54DD)]
            let cropped = sides.compactMap { name, id in
                elements(id, in: video).first.map(number).flatMap { $0 > 0 ? "\($0) at the \(name)" : nil }
            }
            guard cropped.isEmpty else {
                return "the pixels that it crops (PixelCrop: \(cropped.joined(separator: ", "))) are not cut off"
            }
        }
        return nil
    }

    /// The contents of elements that follow each other; those behind the first cluster are not looked at.
    private static func elements(_ id: Int, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
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
        let coded = number(bytes.dropFirst(idLength).prefix(sizeLength))
        let unknown = 1 << (7 * sizeLength) - 1
        let size = coded & unknown
        return (number(bytes.prefix(idLength)), size == unknown ? rest : rest.prefix(size))
    }
}
