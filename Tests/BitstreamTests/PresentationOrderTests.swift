import Bitstream
import Testing

@Suite("Presentation order")
struct PresentationOrderTests {
    /// The numbers of pictures in decoding order.
    private func numbers(_ counts: [PictureOrder], depth: Int) throws -> [Int] {
        var order = PresentationOrder(depth: depth)
        var places: [PresentationOrder.Place] = []
        for count in counts { places += try order.append(count) }
        places += order.end()
        #expect(places.map(\.number) == Array(0..<counts.count), "numbers come in order")
        return places.sorted { $0.picture < $1.picture }.map(\.number)
    }

    @Test("Presentation order follows the counts, whatever their step")
    func reordered() throws {
        let counts: [PictureOrder] = [.first(0), .count(8), .count(4), .count(2), .count(6), .count(10)]
        #expect(try numbers(counts, depth: 2) == [0, 4, 2, 1, 3, 5])
        #expect(try numbers(counts, depth: 16) == [0, 4, 2, 1, 3, 5])
    }

    @Test("Presentation order shows everything before a first picture before it")
    func sequences() throws {
        let counts: [PictureOrder] = [.first(0), .count(4), .count(2), .first(0), .count(4), .count(2)]
        #expect(try numbers(counts, depth: 1) == [0, 2, 1, 3, 5, 4])
    }

    @Test("Presentation order without reordering numbers a picture at once")
    func immediate() throws {
        var order = PresentationOrder(depth: 0)
        #expect(try order.append(.first(0)).map(\.number) == [0])
        #expect(try order.append(.count(2)).map(\.number) == [1])
    }

    @Test("Presentation order is refused where a picture comes too late, or twice")
    func tooLate() throws {
        var order = PresentationOrder(depth: 1)
        _ = try order.append(.first(0))
        _ = try order.append(.count(8))
        _ = try order.append(.count(10))
        #expect(throws: BitstreamError.self) { try order.append(.count(4)) }
        var twice = PresentationOrder(depth: 4)
        _ = try twice.append(.first(0))
        #expect(throws: BitstreamError.self) { try twice.append(.count(0)) }
    }
}

@Suite("Length-delimited AV1")
struct AV1AnnexBSplitterTests {
    private let units: [[UInt8]] = [[3, 2, 1, 0x10], [0x81, 0x01] + [UInt8](repeating: 7, count: 129), [1, 0]]

    @Test("Length-delimited AV1 is cut into its temporal units, however its bytes come", arguments: [1, 2, 7, 1000])
    func cut(piece: Int) throws {
        var splitter = AV1AnnexBSplitter()
        let stream = Array(units.joined())
        var found: [StreamUnit] = []
        for start in stride(from: 0, to: stream.count, by: piece) {
            splitter.append(stream[start..<min(start + piece, stream.count)])
            while let unit = try splitter.next() { found.append(unit) }
        }
        while let unit = try splitter.end() { found.append(unit) }
        #expect(found.map(\.bytes) == units)
        #expect(found.map(\.offset) == [0, 4, 135])
    }

    @Test("Length-delimited AV1 that ends within a unit, or asks for too much, is refused")
    func refused() throws {
        var cut = AV1AnnexBSplitter()
        cut.append([5, 1, 2])
        #expect(try cut.next() == nil)
        #expect(throws: BitstreamError.self) { try cut.end() }
        var large = AV1AnnexBSplitter(limit: 100)
        large.append([0xC8, 0x01, 0])
        #expect(throws: BitstreamError.self) { try large.next() }
    }
}
