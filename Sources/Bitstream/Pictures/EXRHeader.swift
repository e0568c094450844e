/// The attributes of an OpenEXR file's first part that tell how many chunks there are, and what its channels and colors are.
struct EXRHeader {
    /// A channel of the list (OpenEXR file layout, `chlist`).
    struct Channel {
        enum Kind: Int {
            case uint = 0
            case half = 1
            case float = 2
        }

        let name: String
        /// `nil` for a type that is not one of the standard's.
        let kind: Kind?
    }

    /// Where the table of chunks begins.
    private(set) var end = 8
    private(set) var rows = 0
    private(set) var columns = 0
    /// The number of the first row.
    private(set) var firstRow = 0
    private(set) var compression = 0
    /// The column and the row at which the display window begins, which is the picture.
    private(set) var displayOrigin = (x: 0, y: 0)
    private(set) var channels: [Channel] = []
    /// x and y of red, green, blue and white; `nil` where the file does not have them.
    private(set) var chromaticities: [Float]?
    private(set) var tile: (width: Int, height: Int, mode: Int)?

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
            take(String(decoding: name, as: UTF8.self), at: typeEnd + 5, size, bytes)
            end = typeEnd + 5 + size
        }
        return nil
    }

    private mutating func take(_ name: String, at position: Int, _ size: Int, _ bytes: PictureBytes) {
        func signed(_ index: Int) -> Int {
            Int(Int32(truncatingIfNeeded: bytes.number(position + index * 4, bytes: 4) ?? 0))
        }
        switch name {
        case "dataWindow":
            (columns, rows) = (signed(2) - signed(0) + 1, signed(3) - signed(1) + 1)
            firstRow = signed(1)
        case "displayWindow": displayOrigin = (signed(0), signed(1))
        case "compression": compression = Int(bytes.byte(position) ?? 0)
        case "chromaticities" where size == 32:
            chromaticities = (0..<8).map { Float(bitPattern: UInt32(bitPattern: Int32(signed($0)))) }
        case "tiles": tile = (signed(0), signed(1), Int(bytes.byte(position + 8) ?? 0) & 15)
        case "channels": channels = Self.channels(at: position, size, bytes)
        default: break
        }
    }

    /// The list has a name, a zero, and 16 bytes for each channel, and ends with a zero.
    private static func channels(at start: Int, _ size: Int, _ bytes: PictureBytes) -> [Channel] {
        var (channels, position): ([Channel], Int) = ([], start)
        while let end = bytes.firstIndex(of: 0, from: position), end > position, end + 17 <= start + size,
            let name = bytes.slice(position, end - position), let kind = bytes.number(end + 1, bytes: 4)
        {
            channels.append(Channel(name: String(decoding: name, as: UTF8.self), kind: Channel.Kind(rawValue: kind)))
            position = end + 17
        }
        return channels
    }

    /// How many chunks there are.
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
