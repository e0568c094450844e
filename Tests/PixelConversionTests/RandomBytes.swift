import TestSupport

extension SeededGenerator {
    /// Every fourth byte is an extreme, where clamping and overflow would show.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in
            let random = next()
            let byte = UInt8(truncatingIfNeeded: random)
            return random >> 62 == 0 ? (byte < 128 ? 0 : 255) : byte
        }
    }
}
