/// The `SeekHead` at the beginning of a Matroska file, which stores where its other elements are (RFC 9559 5.1.1).
struct MatroskaSeekHead {
    private static let segment: [UInt8] = [0x18, 0x53, 0x80, 0x67]
    private static let seekHead: [UInt8] = [0x11, 0x4D, 0x9B, 0x74]
    /// An entry's two elements: the ID of the chapters, and their place, whose length follows.
    private static let entry: [UInt8] = [0x53, 0xAB, 0x84, 0x10, 0x43, 0xA7, 0x70, 0x53, 0xAC]
    /// The ID of the chapters, with which they begin.
    static let chapters: [UInt8] = [0x10, 0x43, 0xA7, 0x70]
    /// Bytes of a file in which it is, with the `Void` after it.
    static let reach = 4096

    /// Where the element and the `Void` after it are in the file.
    let place: Range<Int>
    /// Where the segment's content begins, from which places are counted.
    let origin: Int
    /// The checksum's element, without which nothing is checked.
    private let hasChecksum: Bool
    /// The entries before that of the chapters, and after it.
    private let before: ArraySlice<UInt8>
    private let after: ArraySlice<UInt8>
    /// Where the chapters are, in the file.
    let chapters: Int

    /// Finds it in the first bytes of a file; `nil` if it has no entry for chapters.
    init?(_ start: [UInt8]) {
        guard let segment = start.firstRange(of: Self.segment), let size = Self.number(start, segment.upperBound) else {
            return nil
        }
        origin = size.end
        guard start[origin...].starts(with: Self.seekHead), let length = Self.number(start, origin + 4) else {
            return nil
        }
        let content = length.end..<length.end + length.value
        guard content.upperBound < start.count, start[content.upperBound] == 0xEC,
            let void = Self.number(start, content.upperBound + 1)
        else { return nil }
        place = origin..<void.end + void.value
        hasChecksum = start[content].starts(with: [0xBF, 0x84])
        let entries = start[content].dropFirst(hasChecksum ? 6 : 0)
        guard let range = entries.firstRange(of: Self.entry), let count = Self.number(start, range.upperBound),
            (1...8).contains(count.value), count.end + count.value <= entries.endIndex
        else { return nil }
        chapters = start[count.end..<count.end + count.value].reduce(0) { $0 << 8 | Int($1) } + origin
        // The entry's own ID and length are three bytes.
        before = entries[..<(range.lowerBound - 3)]
        after = entries[(count.end + count.value)...]
    }

    /// The same for chapters at another place in the file; `nil` if there is no room for it.
    func moved(to other: Int) -> [UInt8]? {
        let number = [UInt8](bigEndian: other - origin, byteCount: 8).drop { $0 == 0 }
        let seek = Self.entry + [0x80 | UInt8(number.count)] + number
        let entries = Array(before) + [0x4D, 0xBB, 0x80 | UInt8(seek.count)] + seek + Array(after)
        let checksum =
            hasChecksum ? [0xBF, 0x84] + [UInt8](bigEndian: Int(Self.checksum(entries).byteSwapped), byteCount: 4) : []
        let content = checksum + entries
        let length =
            content.count < 127
            ? [0x80 | UInt8(content.count)] : [UInt8](bigEndian: 0x4000 | content.count, byteCount: 2)
        let element = Self.seekHead + length + content
        let rest = place.count - element.count
        guard rest >= 2 else { return rest == 0 ? element : nil }
        let void =
            rest < 9 ? [0xEC, 0x80 | UInt8(rest - 2)] : [0xEC, 0x01] + [UInt8](bigEndian: rest - 9, byteCount: 7)
        return element + void + [UInt8](repeating: 0, count: rest - void.count)
    }

    /// A number whose first byte tells its length (RFC 8794 4).
    private static func number(_ bytes: [UInt8], _ offset: Int) -> (value: Int, end: Int)? {
        guard offset < bytes.count, case let count = bytes[offset].leadingZeroBitCount + 1, count <= 8,
            offset + count <= bytes.count
        else { return nil }
        let first = Int(bytes[offset]) & (0xFF >> count)
        return (bytes[(offset + 1)..<(offset + count)].reduce(first) { $0 << 8 | Int($1) }, offset + count)
    }

    /// CRC-32 of IEEE 802.3, which the file has with its low byte first.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { value, byte in
            (0..<8).reduce(value ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
    }
}

extension ByteSink {
    /// Has the `SeekHead` of a Matroska file find chapters that libavformat has moved: it writes the place where they were.
    package mutating func correctPlaceOfChapters(movedBy distance: Int) throws(SinkError) {
        guard let head = MatroskaSeekHead(try bytes(in: 0..<min(byteCount, MatroskaSeekHead.reach))) else { return }
        let places = [head.chapters, head.chapters + distance]
        for place in places where place + 4 <= byteCount {
            guard try bytes(in: place..<place + 4) == MatroskaSeekHead.chapters else { continue }
            guard place != head.chapters, let changed = head.moved(to: place) else { return }
            return unsafe try write(changed.span.bytes, at: head.place.lowerBound)
        }
    }
}
