/// Writes the descriptors of H.264 7.2; the counterpart of ``BitReader``.
package struct BitWriter: Sendable {
    /// What has been written; the bits after ``bitCount`` are zero.
    package private(set) var bytes: [UInt8] = []
    /// Bits written so far.
    package private(set) var bitCount = 0

    /// A writer without a bit.
    package init() {}

    /// `u(n)`: the lowest `count` bits of `value`.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - count: The number of bits, `0...32`.
    package mutating func bits(_ value: UInt32, count: Int) {
        precondition((0...32).contains(count), "u(n) has at most 32 bits")
        for bit in (0..<count).reversed() { flag(value >> UInt32(bit) & 1 == 1) }
    }

    /// `u(1)`: a flag.
    package mutating func flag(_ value: Bool) {
        if bitCount % 8 == 0 { bytes.append(0) }
        if value { bytes[bitCount / 8] |= 0x80 >> UInt8(bitCount % 8) }
        bitCount += 1
    }

    /// `ue(v)`: an unsigned Exp-Golomb number (H.264 9.1).
    package mutating func ue(_ value: UInt32) {
        let code = UInt64(value) + 1
        let suffix = 63 - code.leadingZeroBitCount
        bits(0, count: suffix)
        flag(true)
        bits(UInt32(truncatingIfNeeded: code), count: suffix)
    }

    /// `se(v)`: a signed Exp-Golomb number (H.264 9.1.1).
    ///
    /// - Parameter value: Anything but the most negative number, which 32 bits cannot express.
    package mutating func se(_ value: Int32) {
        precondition(value != .min, "se(v) is symmetric")
        let magnitude = value.magnitude
        ue(value > 0 ? 2 * magnitude - 1 : 2 * magnitude)
    }

    /// `rbsp_trailing_bits()` (H.264 7.3.2.11): a one, and zeros up to the byte's end.
    package mutating func trailingBits() {
        flag(true)
        bitCount = bytes.count * 8
    }
}

extension BitWriter {
    /// Copies a number of bits from a reader.
    package mutating func copy(_ count: Int, from reader: inout BitReader) throws(BitstreamError) {
        var left = count
        while left > 0 {
            let step = min(left, 32)
            bits(UInt32(try reader.bits(step)), count: step)
            left -= step
        }
    }
}
