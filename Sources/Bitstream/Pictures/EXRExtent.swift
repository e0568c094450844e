/// The end of an OpenEXR file of one part: of the chunk that is the last (OpenEXR file layout).
enum EXRExtent {
    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let flags = bytes.number(4, bytes: 4) else { return .atLeast(8) }
        // Bit 11: deep data. Bit 12: several parts.
        guard flags & 0x1800 == 0 else {
            throw bytes.unknown("an OpenEXR file of deep data or several parts", at: 4)
        }
        guard let header = try Header(bytes) else { return .atLeast(bytes.count + 1) }
        let chunks = try header.chunks(isTiled: flags & 0x200 != 0, bytes)
        guard chunks > 0, chunks <= StreamLimit.unitBytes / 8 else {
            throw bytes.invalid("\(chunks) chunks", at: 8, expected: "1 to \(StreamLimit.unitBytes / 8)")
        }
        let table = header.end
        guard bytes.slice(table, chunks * 8) != nil else { return .atLeast(table + chunks * 8) }
        let last = (0..<chunks).compactMap { bytes.number(table + $0 * 8, bytes: 7) }.max() ?? 0
        guard last >= table + chunks * 8, last <= StreamLimit.unitBytes else {
            throw bytes.invalid("a chunk at \(last)", at: table, expected: "one after the table of chunks")
        }
        // A chunk begins with its place: a row, or two coordinates and two levels.
        let place = last + (flags & 0x200 != 0 ? 16 : 4)
        guard let size = bytes.number(place, bytes: 4) else { return .atLeast(place + 4) }
        let end = place + 4 + size
        return bytes.count >= end ? .whole(end) : .atLeast(end)
    }

    /// The attributes that tell how many chunks there are.
    private struct Header {
        /// Where the table of chunks begins.
        private(set) var end = 8
        private var rows = 0
        private var columns = 0
        private var compression = 0
        private var tile: (width: Int, height: Int, mode: Int)?

        /// `nil` if not all of it has come.
        init?(_ bytes: PictureBytes) throws(BitstreamError) {
            while let first = bytes.byte(end) {
                guard first != 0 else {
                    end += 1
                    return
                }
                guard let nameEnd = bytes.firstIndex(of: 0, from: end),
                    let typeEnd = bytes.firstIndex(of: 0, from: nameEnd + 1),
                    let size = bytes.number(typeEnd + 1, bytes: 4)
                else { break }
                guard size <= 1 << 24, end <= 1 << 26 else {
                    throw bytes.invalid(
                        "an attribute of \(size) bytes",
                        at: typeEnd + 1,
                        expected: "at most \(1 << 24)"
                    )
                }
                guard let name = bytes.slice(end, nameEnd - end), bytes.slice(typeEnd + 5, size) != nil else { break }
                take(String(decoding: name, as: UTF8.self), at: typeEnd + 5, bytes)
                end = typeEnd + 5 + size
            }
            return nil
        }

        private mutating func take(_ name: String, at position: Int, _ bytes: PictureBytes) {
            func signed(_ index: Int) -> Int {
                Int(Int32(truncatingIfNeeded: bytes.number(position + index * 4, bytes: 4) ?? 0))
            }
            switch name {
            case "dataWindow": (columns, rows) = (signed(2) - signed(0) + 1, signed(3) - signed(1) + 1)
            case "compression": compression = Int(bytes.byte(position) ?? 0)
            case "tiles": tile = (signed(0), signed(1), Int(bytes.byte(position + 8) ?? 0) & 15)
            default: break
            }
        }

        func chunks(isTiled: Bool, _ bytes: PictureBytes) throws(BitstreamError) -> Int {
            guard rows > 0, columns > 0, rows <= 1 << 20, columns <= 1 << 20 else {
                throw bytes.invalid("a data window of \(columns)x\(rows)", at: 8, expected: "1x1 or more")
            }
            guard isTiled else { return (rows + rowsOfChunk - 1) / rowsOfChunk }
            guard let tile, tile.width > 0, tile.height > 0, tile.mode == 0 else {
                throw bytes.unknown("tiles of several levels", at: 8)
            }
            return ((columns + tile.width - 1) / tile.width) * ((rows + tile.height - 1) / tile.height)
        }

        /// Rows that are compressed together: by none, RLE and ZIPS, by ZIP and PXR24, by PIZ, B44, B44A and DWAA, by DWAB.
        private var rowsOfChunk: Int {
            switch compression {
            case 0, 1, 2: 1
            case 3, 5: 16
            case 9: 256
            default: 32
            }
        }
    }
}
