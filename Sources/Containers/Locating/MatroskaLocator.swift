/// Finds chunks in Matroska: each is in a `SimpleBlock`, or in the `Block` of a `BlockGroup`, of the first track, after four
/// bytes (RFC 9559 10).
package struct MatroskaLocator: PayloadLocator {
    /// Elements whose children are read, and the two that hold a chunk.
    private enum ID {
        static let segment = 0x1853_8067
        static let cluster = 0x1F43_B675
        static let blockGroup = 0xA0
        static let block = 0xA1
        static let simpleBlock = 0xA3
    }

    /// The track's number in one byte, the time in two, and the flags.
    private static let blockHeaderLength = 4
    /// The first track's number, in one byte.
    private static let track: UInt8 = 0x81

    private var walker = ByteWalker()
    private var expected: [Int] = []
    private var located: [Range<Int>] = []
    private var isWrong = false

    package var isComplete: Bool { located.count == expected.count }

    package init() {}

    package mutating func expect(byteCount: Int) { expected.append(byteCount) }

    /// Not needed: blocks store their track.
    package mutating func passOver(byteCount: Int) {}

    package mutating func append(_ bytes: RawSpan) {
        // The walker and what it finds are members of one value.
        var walker = walker
        walker.walk(bytes) { element($0, $1) }
        self.walker = walker
    }

    package mutating func takeLocated() -> [Range<Int>]? {
        guard !isWrong, located.count <= expected.count, zip(expected, located).allSatisfy({ $0 == $1.count }) else {
            return nil
        }
        defer { located = [] }
        expected.removeFirst(located.count)
        return located
    }

    private mutating func element(_ header: [UInt8], _ end: Int) -> Int? {
        let idLength = header[0].leadingZeroBitCount + 1
        guard idLength <= 4 else { return wrong() }
        guard header.count > idLength else { return nil }
        let sizeLength = header[idLength].leadingZeroBitCount + 1
        guard sizeLength <= 8 else { return wrong() }
        guard header.count >= idLength + sizeLength else { return nil }
        let id = header[..<idLength].reduce(0) { $0 << 8 | Int($1) }
        let first = Int(header[idLength]) & (0xFF >> sizeLength)
        let size = header[(idLength + 1)..<(idLength + sizeLength)].reduce(first) { $0 << 8 | Int($1) }
        switch id {
        case ID.segment, ID.cluster, ID.blockGroup: return 0
        case ID.block, ID.simpleBlock:
            guard size >= Self.blockHeaderLength else { return wrong() }
            guard header.count > idLength + sizeLength else { return nil }
            let start = end - 1
            if header.last == Self.track { located.append(start + Self.blockHeaderLength..<start + size) }
            return size - 1
        default: return size
        }
    }

    private mutating func wrong() -> Int {
        isWrong = true
        return .max
    }
}
