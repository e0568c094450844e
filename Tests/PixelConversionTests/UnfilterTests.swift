import CPixels
import TestSupport
import Testing

@Suite("The filters of PNG's rows")
struct UnfilterTests {
    @Test("Every filter is undone as the standard has it, for every size of a pixel and any number of them")
    func reference() {
        var generator = SeededGenerator(for: "filters of PNG")
        for size in [1, 2, 3, 4, 6, 8] {
            for filter in 0...4 {
                for pixels in [1, 2, 3, 7, 64, Int.random(in: 1...300, using: &generator)] {
                    let count = pixels * size
                    var row = (0..<count + 8).map { _ in UInt8.random(in: 0...255, using: &generator) }
                    let above = (0..<count + 8).map { _ in UInt8.random(in: 0...255, using: &generator) }
                    let expected = Self.undone(Array(row.prefix(count)), Array(above.prefix(count)), size, filter)
                    let margin = Array(row.suffix(8))
                    cpixels_unfilter(&row, above, Int32(pixels), Int32(size), Int32(filter))
                    #expect(Array(row.prefix(count)) == expected, "\(size) bytes, filter \(filter), \(pixels) pixels")
                    #expect(Array(row.suffix(8)) == margin)
                }
            }
        }
    }

    /// ISO/IEC 15948 9.2 and 9.4, byte by byte.
    private static func undone(_ row: [UInt8], _ above: [UInt8], _ size: Int, _ filter: Int) -> [UInt8] {
        var result = row
        for index in row.indices {
            let left = index >= size ? Int(result[index - size]) : 0
            let corner = index >= size ? Int(above[index - size]) : 0
            let up = Int(above[index])
            let prediction =
                switch filter {
                case 1: left
                case 2: up
                case 3: (left + up) / 2
                case 4: paeth(left, up, corner)
                default: 0
                }
            result[index] = UInt8(truncatingIfNeeded: Int(row[index]) + prediction)
        }
        return result
    }

    private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
        let estimate = left + up - corner
        let (a, b, c) = (abs(estimate - left), abs(estimate - up), abs(estimate - corner))
        return a <= b && a <= c ? left : b <= c ? up : corner
    }

    @Test("Samples of 16 bits get their bytes in the other order")
    func swapped() {
        let source: [UInt8] = [1, 2, 3, 4, 5, 6]
        var target = [UInt8](repeating: 0, count: 6)
        cpixels_swap_bytes(source, 3, &target)
        #expect(target == [2, 1, 4, 3, 6, 5])
    }
}
