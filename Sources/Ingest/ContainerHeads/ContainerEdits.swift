/// The edits of an MP4 or QuickTime file (`elst`, ISO/IEC 14496-12 8.6.6) that libavformat plays as something else.
package enum ContainerEdits {
    /// Why the video of a file is not played as its edits have it; `nil` if it is, and for an MP4 from a pipe.
    package static func refusal(_ source: inout ByteSource) throws(IngestError) -> String? {
        guard MovieBoxes.begin(try source.peek(12)), let movie = try MovieBoxes.movie(&source) else { return nil }
        for track in MovieBoxes.boxes("trak", in: movie[...]) {
            let media = MovieBoxes.boxes("mdia", in: track).flatMap { MovieBoxes.boxes("hdlr", in: $0) }
            guard media.contains(where: { $0.dropFirst(8).prefix(4).elementsEqual("vide".utf8) }) else { continue }
            let lists = MovieBoxes.boxes("edts", in: track).flatMap { MovieBoxes.boxes("elst", in: $0) }
            if let reason = lists.lazy.compactMap(refusal(in:)).first { return reason }
        }
        return nil
    }

    /// - Parameter list: The content of an edit list: version, flags, count, and entries of length, time and rate.
    private static func refusal(in list: ArraySlice<UInt8>) -> String? {
        guard let version = list.first, version <= 1 else { return nil }
        let (count, width) = (MovieBoxes.number(list.dropFirst(4).prefix(4)), version == 1 ? 8 : 4)
        var entries = list.dropFirst(8)
        for number in 0..<count {
            guard entries.count >= 2 * width + 4 else { break }
            let time = entries.dropFirst(width).prefix(width)
            let isEmpty = time.allSatisfy { $0 == 0xFF }
            guard !isEmpty || number == 0 else {
                return "edit \(number + 1) of its edit list is a gap between pictures, which is not played"
            }
            let rate = Double(MovieBoxes.number(entries.dropFirst(2 * width).prefix(4))) / 65536
            guard isEmpty || rate == 1 else {
                return "edit \(number + 1) of its edit list has the rate \(rate), and only 1 is played"
            }
            entries = entries.dropFirst(2 * width + 4)
        }
        return nil
    }
}
