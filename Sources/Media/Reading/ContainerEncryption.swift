internal import Ingest
internal import Jobs

/// Whether a container declares all its video encrypted. libavformat reports this only packet by packet, and not for packets
/// without encryption data of their own (ISO/IEC 23001-7, RFC 9559 5.1.4.1.31).
enum ContainerEncryption {
    /// The encryption scheme of the video, such as `cenc`; `nil` if parts may not be encrypted, or if none is stored.
    static func scheme(_ source: inout ByteSource) throws(IngestError) -> String? {
        let start = try source.peek(12)
        if MatroskaElements.begin(start) { return matroska(try source.peek(MatroskaElements.headLength)) }
        guard MovieBoxes.begin(start), let movie = try MovieBoxes.movie(&source) else { return nil }
        return scheme(in: movie[...])
    }

    /// The scheme that every track has; `nil` if one has none.
    private static func common(_ schemes: [String?]) -> String? {
        schemes.contains { $0 == nil } ? nil : schemes.first ?? nil
    }
}

// MP4 and QuickTime.
extension ContainerEncryption {
    private static func scheme(in movie: ArraySlice<UInt8>) -> String? {
        let media = MovieBoxes.boxes("trak", in: movie).flatMap { MovieBoxes.boxes("mdia", in: $0) }
        let videos = media.filter { media in
            MovieBoxes.boxes("hdlr", in: media).contains { $0.dropFirst(8).prefix(4).elementsEqual("vide".utf8) }
        }
        return common(videos.flatMap(entries).map(protection))
    }

    /// The sample entries, from their headers on.
    private static func entries(of media: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        let tables = MovieBoxes.boxes("minf", in: media).flatMap { MovieBoxes.boxes("stbl", in: $0) }
        return tables.flatMap { MovieBoxes.boxes("stsd", in: $0) }.flatMap { list in
            // After version and count.
            var (entries, rest) = ([ArraySlice<UInt8>](), list.dropFirst(8))
            while rest.count >= 8, case let size = MovieBoxes.number(rest.prefix(4)), size >= 8, size <= rest.count {
                entries.append(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            return entries
        }
    }

    /// By what the samples of an entry are encrypted; `nil` if they are not, or not all.
    private static func protection(_ entry: ArraySlice<UInt8>) -> String? {
        guard entry.dropFirst(4).prefix(4).elementsEqual("encv".utf8), entry.count >= 86 else { return nil }
        let sinf = MovieBoxes.boxes("sinf", in: entry.dropFirst(86)).first ?? []
        let information = MovieBoxes.boxes("schi", in: sinf).first ?? []
        // default_isProtected, after version, flags and two bytes: groups of samples may differ from it.
        if let track = MovieBoxes.boxes("tenc", in: information).first, track.dropFirst(6).first == 0 { return nil }
        let type = MovieBoxes.boxes("schm", in: sinf).first?.dropFirst(4).prefix(4) ?? []
        return String(decoding: type.isEmpty ? entry.dropFirst(4).prefix(4) : type, as: UTF8.self).printable()
    }
}

// Matroska and WebM.
extension ContainerEncryption {
    private static func matroska(_ head: [UInt8]) -> String? {
        let videos = MatroskaElements.tracks(head).filter { track in
            MatroskaElements.elements(0x83, in: track).first.map(MovieBoxes.number) == 1
        }
        return common(videos.map { isEncrypted($0) ? "ContentEncryption" : nil })
    }

    /// ContentEncodings, their ContentEncodings, and the type of each: 1 is encryption.
    private static func isEncrypted(_ track: ArraySlice<UInt8>) -> Bool {
        MatroskaElements.elements(0x6D80, in: track).flatMap { MatroskaElements.elements(0x6240, in: $0) }
            .contains { MatroskaElements.elements(0x5033, in: $0).first.map(MovieBoxes.number) == 1 }
    }
}
