/// Chunk lines whose chunks have moved: the number behind `"offset":` in each grows.
struct MovedLines {
    private static let key = Array(#""offset":"#.utf8)

    private let distance: Int
    /// How many bytes of the key have just been read.
    private var matched = 0
    /// The number that is being read; `nil` outside of one.
    private var number: Int?

    /// - Parameter distance: By how many bytes chunks have moved.
    init(by distance: Int) { self.distance = distance }

    /// The changed bytes of a part of the lines; parts may end anywhere but at the end of the lines, which a line feed ends.
    mutating func take(_ bytes: RawSpan) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.byteCount + bytes.byteCount / 8)
        for index in 0..<bytes.byteCount {
            take(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self), &result)
        }
        return result
    }

    private mutating func take(_ byte: UInt8, _ result: inout [UInt8]) {
        if let read = number {
            if let digit = Character(UnicodeScalar(byte)).wholeNumberValue {
                number = read * 10 + digit
                return
            }
            result += "\(read + distance)".utf8
            number = nil
        }
        result.append(byte)
        // The key's first byte is nowhere else in it but before the colon, where it cannot begin another one.
        matched = byte == Self.key[matched] ? matched + 1 : byte == Self.key[0] ? 1 : 0
        guard matched == Self.key.count else { return }
        (matched, number) = (0, 0)
    }
}
