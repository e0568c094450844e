import TestSupport

extension SeededGenerator {
    /// Random bytes; a third of them are 0 to 3, as emulation prevention and start codes want it.
    mutating func bytes(upTo limit: Int) -> [UInt8] {
        (0..<Int.random(in: 0...limit, using: &self)).map { _ in
            Int.random(in: 0..<3, using: &self) == 0
                ? .random(in: 0...3, using: &self) : .random(in: 0...255, using: &self)
        }
    }
}
