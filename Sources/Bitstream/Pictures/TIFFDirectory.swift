/// The numbers in the first directory of a TIFF, by their tags (TIFF 6.0, section 2): of its picture, or of Exif data.
struct TIFFDirectory {
    /// The tags that are read here.
    enum Tag: Int {
        case subfileType = 254
        case bitsPerSample = 258
        case compression = 259
        case photometric = 262
        case stripOffsets = 273
        case orientation = 274
        case samplesPerPixel = 277
        case rowsPerStrip = 278
        case stripByteCounts = 279
        case width = 256
        case height = 257
        case planarConfiguration = 284
        case tileWidth = 322
        case extraSamples = 338
        case sampleFormat = 339
        case colorProfile = 34675
        case dngVersion = 50706
    }

    private var values: [Int: [Int]] = [:]
    /// Where the next directory is; 0 if this is the last.
    private(set) var next = 0

    /// - Parameter bytes: A TIFF, from its first byte.
    /// - Returns: `nil` if it is not a TIFF, or its first directory is not whole.
    init?(_ bytes: PictureBytes) { self.init(bytes, at: nil) }

    /// - Parameter place: Where the directory is; `nil` for the first.
    init?(_ bytes: PictureBytes, at place: Int?) {
        var bytes = bytes
        guard let first = bytes.byte(0), first == bytes.byte(1), [0x49, 0x4D].contains(first) else { return nil }
        bytes.isBigEndian = first == 0x4D
        guard bytes.number(2, bytes: 2) == 42, let start = place ?? bytes.number(4, bytes: 4),
            let count = bytes.number(start, bytes: 2), bytes.slice(start + 2, count * 12) != nil
        else { return nil }
        next = bytes.number(start + 2 + count * 12, bytes: 4) ?? 0
        for position in stride(from: start + 2, to: start + 2 + count * 12, by: 12) {
            guard let tag = bytes.number(position, bytes: 2), Tag(rawValue: tag) != nil else { continue }
            values[tag] = Self.values(at: position, bytes)
        }
    }

    /// Values of bytes of either type, and of numbers of 16 or 32 bits.
    private static func values(at position: Int, _ bytes: PictureBytes) -> [Int] {
        guard let type = bytes.number(position + 2, bytes: 2), let count = bytes.number(position + 4, bytes: 4),
            let size = [1: 1, 3: 2, 4: 4, 7: 1][type], let offset = bytes.number(position + 8, bytes: 4)
        else { return [] }
        let start = count * size <= 4 ? position + 8 : offset
        guard bytes.slice(start, count * size) != nil else { return [] }
        return (0..<count).compactMap { bytes.number(start + $0 * size, bytes: size) }
    }

    /// The values of a tag; none if the directory does not have it.
    subscript(tag: Tag) -> [Int] { values[tag.rawValue] ?? [] }
}
