import TestSupport
import VideoTypes

extension SeededGenerator {
    /// Every fourth byte is an extreme, where clamping and overflow would show.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in
            let random = next()
            let byte = UInt8(truncatingIfNeeded: random)
            return random >> 62 == 0 ? (byte < 128 ? 0 : 255) : byte
        }
    }

    /// Floats of 0 to 1 in steps of 1/65536, and now and then what is out of that range or not a number.
    private mutating func floats(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { _ in
            let random = next()
            var value = Float(random & 0xFFFF) / 65536
            if random >> 61 == 7 { value = [1, 0, 2, -1, .nan, .infinity, -0.0, -.infinity][Int(random >> 32 & 7)] }
            return (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
        }
    }

    /// A picture of any bytes; samples of two bytes are extremes as often, and now and then more than their depth has.
    mutating func picture(_ layout: PictureLayout) -> [UInt8] {
        if layout.format.isFloat { return floats(layout.byteCount / 4) }
        guard layout.format.bytesPerSample == 2 else { return bytes(layout.byteCount) }
        let most = (UInt64(1) << UInt64(layout.format.bitDepth)) - 1
        return (0..<layout.byteCount / 2).flatMap { _ in
            let random = next()
            var sample = random & (layout.format.lowZeroBits > 0 ? 0xFFFF : most)
            if random >> 62 == 0 { sample = random >> 32 & 1 == 0 ? 0 : most }
            if random >> 59 == 31 { sample = random & 0xFFFF }
            return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
        }
    }
}
