/// `leb128()` (AV1 4.10.5): a number in 7-bit groups, the lowest first.
package enum LEB128 {
    /// Reads a number.
    ///
    /// - Parameters:
    ///   - bytes: The number, and what is after it.
    ///   - field: The syntax element's name.
    ///   - offset: Where the first byte is, for errors.
    /// - Returns: The number, at most 32 bits, and how many bytes it has.
    package static func read(
        _ bytes: ArraySlice<UInt8>,
        _ field: String,
        at offset: Int = 0
    ) throws(BitstreamError) -> (value: Int, length: Int) {
        var value: UInt64 = 0
        for (index, byte) in bytes.prefix(8).enumerated() {
            value |= UInt64(byte & 0x7F) << UInt64(index * 7)
            guard byte & 0x80 == 0 else { continue }
            guard value <= UInt64(UInt32.max) else { break }
            return (Int(value), index + 1)
        }
        guard bytes.count < 8, value <= UInt64(UInt32.max) else {
            throw BitstreamError(.invalid, "\(field) is too long", at: .byte(offset), expected: "at most 32 bits")
        }
        throw BitstreamError(.truncated, "the data ends within \(field)", at: .byte(offset), expected: "a last byte")
    }

    /// The shortest bytes of a number.
    ///
    /// - Parameter value: 0 or more.
    package static func bytes(of value: Int) -> [UInt8] {
        precondition(value >= 0, "leb128() has no sign")
        var (rest, bytes) = (value, [UInt8]())
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }
}
