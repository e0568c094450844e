/// Reads the descriptors of H.264 7.2 from bytes without emulation prevention.
///
/// Every method takes the syntax element's name, which appears in the error. A read that fails leaves the position
/// where it was or inside the failed element.
package struct BitReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    /// Bits read so far.
    package private(set) var bitOffset = 0

    /// A reader at the first bit of `bytes`.
    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// A reader at the first bit of `bytes`.
    package init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    /// Bits not read yet.
    package var bitsLeft: Int { bytes.count * 8 - bitOffset }

    /// `u(n)`: an unsigned number.
    ///
    /// - Parameters:
    ///   - count: The number of bits, `0...32`.
    ///   - field: The syntax element's name.
    package mutating func bits(_ count: Int, _ field: String = "u(n)") throws(BitstreamError) -> Int {
        precondition((0...32).contains(count), "u(n) has at most 32 bits")
        guard count <= bitsLeft else { throw truncated(field, needs: count) }
        let end = bitOffset + count
        var value: UInt64 = 0
        for index in bitOffset / 8..<(end + 7) / 8 {
            value = value << 8 | UInt64(bytes[bytes.startIndex + index])
        }
        value >>= UInt64((end + 7) / 8 * 8 - end)
        bitOffset = end
        return Int(value & (1 << UInt64(count) - 1))
    }

    /// `u(1)`: a flag.
    package mutating func flag(_ field: String = "u(1)") throws(BitstreamError) -> Bool {
        try bits(1, field) == 1
    }

    /// `ue(v)`: an unsigned Exp-Golomb number of at most 32 bits (H.264 9.1).
    package mutating func ue(
        _ field: String = "ue(v)",
        in allowed: ClosedRange<Int> = 0...Int(UInt32.max)
    ) throws(BitstreamError) -> Int {
        let start = bitOffset
        var zeros = 0
        while try !flag(field) {
            zeros += 1
            guard zeros <= 32 else {
                throw BitstreamError(
                    .invalid,
                    "\(field) is too long",
                    at: .bit(start),
                    expected: "at most 32 zero bits"
                )
            }
        }
        let value = try 1 << zeros - 1 + bits(zeros, field)
        guard allowed.contains(value) else { throw .outOfRange(field, value, in: allowed, at: start) }
        return value
    }

    /// `se(v)`: a signed Exp-Golomb number (H.264 9.1.1).
    package mutating func se(
        _ field: String = "se(v)",
        in allowed: ClosedRange<Int> = -Int(Int32.max)...Int(Int32.max)
    ) throws(BitstreamError) -> Int {
        let start = bitOffset
        let code = try ue(field)
        let value = code % 2 == 1 ? (code + 1) / 2 : -(code / 2)
        guard allowed.contains(value) else { throw .outOfRange(field, value, in: allowed, at: start) }
        return value
    }

    /// `more_rbsp_data()` (H.264 7.2): whether something is before the RBSP's trailing bits.
    package var moreRBSPData: Bool { bitOffset < payloadEnd }

    /// The offset of `rbsp_stop_one_bit`: the last bit that is set; 0 without one.
    var payloadEnd: Int {
        guard let last = bytes.lastIndex(where: { $0 != 0 }) else { return 0 }
        return (last - bytes.startIndex) * 8 + 7 - bytes[last].trailingZeroBitCount
    }

    private func truncated(_ field: String, needs count: Int) -> BitstreamError {
        let expected = "\(count) bits, \(bitsLeft) are left"
        return BitstreamError(.truncated, "the data ends within \(field)", at: .bit(bitOffset), expected: expected)
    }
}
