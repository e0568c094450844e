/// The boolean entropy decoder of VP8 (RFC 6386 7.3), as far as frame headers need it: every probability is one half.
struct BoolDecoder {
    private let bytes: ArraySlice<UInt8>
    /// Where `bytes` begins among the bytes that were given to the parser.
    private let offset: Int
    private var next: Int
    private var value = 0
    private var range = 255
    private var shifted = 0

    init(_ bytes: ArraySlice<UInt8>, offset: Int) {
        (self.bytes, self.offset) = (bytes, offset)
        next = bytes.startIndex
        value = nextByte() << 8
        value |= nextByte()
    }

    /// `L(1)`.
    mutating func flag(_ field: String) throws(BitstreamError) -> Bool {
        let split = 1 + (range - 1) >> 1
        let isSet = value >= split << 8
        if isSet {
            range -= split
            value -= split << 8
        } else {
            range = split
        }
        while range < 128 { shift() }
        // The decoder holds two bytes more than it has used up; after them, it would produce bits without data.
        guard next <= bytes.endIndex + 2 else {
            let what = "the data ends within \(field)"
            throw BitstreamError(.truncated, what, at: .byte(offset + bytes.count), expected: "a whole frame header")
        }
        return isSet
    }

    /// `L(n)`: an unsigned number, its highest bit first.
    mutating func bits(_ count: Int, _ field: String) throws(BitstreamError) -> Int {
        var value = 0
        for _ in 0..<count { value = try value << 1 | (flag(field) ? 1 : 0) }
        return value
    }

    /// A magnitude of `count` bits and a sign, if the flag before them is set.
    mutating func optionalSigned(_ count: Int, _ field: String) throws(BitstreamError) -> Int? {
        guard try flag(field) else { return nil }
        let magnitude = try bits(count, field)
        return try flag(field) ? -magnitude : magnitude
    }

    private mutating func shift() {
        value <<= 1
        range <<= 1
        shifted += 1
        guard shifted == 8 else { return }
        shifted = 0
        value |= nextByte()
    }

    private mutating func nextByte() -> Int {
        defer { next += 1 }
        return next < bytes.endIndex ? Int(bytes[next]) : 0
    }
}
