import TestSupport
import Testing

@testable import Media

@Suite("Ranges of bytes")
struct ByteRangesTests {
    @Test("Ranges of bytes are taken in any order, and none that overlaps another: as a set of bytes has it")
    func asASet() {
        var generator = SeededGenerator(for: "ranges of bytes")
        for _ in 0..<300 {
            var (ranges, bytes) = (ByteRanges(), Set<Int>())
            for _ in 0..<60 {
                let start = Int.random(in: 0..<200, using: &generator)
                let range = start..<start + Int.random(in: 1...8, using: &generator)
                let overlaps = !bytes.isDisjoint(with: range)
                #expect((ranges.insert(range) != nil) == overlaps)
                if !overlaps { bytes.formUnion(range) }
            }
        }
    }
}
