import Bitstream
import Testing

@Suite("The end of NUT files")
struct NUTEndTests {
    /// A file of 100 bytes whose last 40 are an index.
    private let file: [UInt8] = [UInt8](repeating: 7, count: 88) + [0, 0, 0, 0, 0, 0, 0, 40] + [1, 2, 3, 4]

    private func end(_ reads: [Range<Int>], of file: [UInt8]) -> NUTEnd {
        var end = NUTEnd()
        for range in reads {
            let bytes = Array(file[range])
            end.take(bytes.span.bytes, at: range.lowerBound)
        }
        return end
    }

    @Test("An index at the end is found, however the bytes come")
    func whole() {
        for reads in [
            [0..<100], [0..<50, 50..<95, 95..<100], [0..<64, 88..<100, 60..<100], [0..<99, 99..<100, 95..<100],
        ] {
            let end = end(reads, of: file)
            #expect(end.hasIndex(after: 60), "\(reads)")
            #expect(end.hasIndex(after: 20), "\(reads)")
        }
    }

    @Test("Bytes that are no index, or one that begins before the last packet ends, are not taken for one")
    func missing() {
        #expect(!end([0..<100], of: file).hasIndex(after: 61))
        #expect(!end([0..<90], of: file).hasIndex(after: 0))
        #expect(!end([0..<8], of: file).hasIndex(after: 0))
        #expect(!NUTEnd().hasIndex(after: 0))
        #expect(!end([0..<100], of: [UInt8](repeating: 255, count: 100)).hasIndex(after: 0))
    }
}
