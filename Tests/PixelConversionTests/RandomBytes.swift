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

    /// A picture of any bytes; samples of two bytes are extremes as often, and now and then more than their depth has.
    mutating func picture(_ layout: PictureLayout) -> [UInt8] {
        guard layout.format.bytesPerSample == 2 else { return bytes(layout.byteCount) }
        let most = (UInt64(1) << UInt64(layout.format.bitDepth)) - 1
        return (0..<layout.byteCount / 2).flatMap { _ in
            let random = next()
            var sample = random & (layout.format == .p010 ? 0xFFFF : most)
            if random >> 62 == 0 { sample = random >> 32 & 1 == 0 ? 0 : most }
            if random >> 59 == 31 { sample = random & 0xFFFF }
            return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
        }
    }
}
