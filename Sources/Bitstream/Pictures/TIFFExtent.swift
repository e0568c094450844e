/// The end of a TIFF: of the farthest thing that its directories refer to (TIFF 6.0, section 2).
enum TIFFExtent {
    /// Directories of a file, at most.
    private static let limit = 64

    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var bytes = copy bytes
        bytes.isBigEndian = bytes.byte(0) == UInt8(ascii: "M")
        guard let version = bytes.number(2, bytes: 2), let first = bytes.number(4, bytes: 4) else { return .atLeast(8) }
        guard version != TIFFKind.bigVersion else {
            throw bytes.undecoded("BigTIFF", at: 2, expected: "TIFF of less than 4 GB")
        }
        var search = Search(bytes: bytes, waiting: [first])
        while let directory = search.waiting.popLast() {
            guard search.seen.count < limit, search.seen.insert(directory).inserted else {
                throw bytes.invalid(
                    "a directory at \(directory)",
                    at: directory,
                    expected: "each once, \(limit) at most"
                )
            }
            if let needed = try search.read(directory) { return .atLeast(needed) }
        }
        return bytes.count >= search.end ? .whole(search.end) : .atLeast(search.end)
    }

    private struct Search {
        let bytes: PictureBytes
        /// Positions of directories that are still to be read.
        var waiting: [Int]
        var seen: Set<Int> = []
        var end = 8

        /// Reads a directory.
        ///
        /// - Returns: Bytes that are needed first; `nil` if it was read.
        mutating func read(_ directory: Int) throws(BitstreamError) -> Int? {
            guard directory >= 8 else {
                throw bytes.invalid("a directory at \(directory)", at: directory, expected: "8 or more")
            }
            guard let count = bytes.number(directory, bytes: 2) else { return directory + 2 }
            let last = directory + 2 + count * 12
            guard let next = bytes.number(last, bytes: 4) else { return last + 4 }
            end = max(end, last + 4)
            if next != 0 { waiting.append(next) }
            var (starts, sizes): ([Int], [Int]) = ([], [])
            for entry in 0..<count {
                let position = directory + 2 + entry * 12
                guard let (tag, values) = try values(at: position) else { return needed(at: position) }
                switch tag {
                case 273, 324, 513: starts += values
                case 279, 325, 514: sizes += values
                // Directories of other sizes, and of Exif's and GPS's data.
                case 330, 34665, 34853: waiting += values
                default: break
                }
            }
            for (start, size) in zip(starts, sizes) { end = max(end, start + size) }
            return nil
        }

        /// Bytes that the values of an entry need.
        private func needed(at position: Int) -> Int {
            place(at: position).map { $0.start + $0.bytes } ?? position + 12
        }

        /// Where the values of an entry are, and how many bytes each has.
        private func place(at position: Int) -> (start: Int, bytes: Int, size: Int, count: Int)? {
            guard let type = bytes.number(position + 2, bytes: 2), let count = bytes.number(position + 4, bytes: 4),
                let offset = bytes.number(position + 8, bytes: 4)
            else { return nil }
            let size = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4][min(type, 13)]
            return (count * size <= 4 ? position + 8 : offset, count * size, size, count)
        }

        /// An entry's tag and, where they may be positions, its values; `nil` if they have not come.
        private mutating func values(at position: Int) throws(BitstreamError) -> (tag: Int, values: [Int])? {
            guard let tag = bytes.number(position, bytes: 2), let place = place(at: position) else { return nil }
            guard place.bytes <= StreamLimit.unitBytes else {
                throw bytes.invalid("tag \(tag) of \(place.bytes) bytes", at: position, expected: "fewer")
            }
            end = max(end, place.start + place.bytes)
            guard [273, 279, 324, 325, 330, 513, 514, 34665, 34853].contains(tag), place.size <= 4 else {
                return (tag, [])
            }
            guard bytes.slice(place.start, place.bytes) != nil else { return nil }
            let values = (0..<place.count).compactMap { bytes.number(place.start + $0 * place.size, bytes: place.size) }
            return (tag, values)
        }
    }
}
