import Testing

@testable import Media

@Suite("The memory of pictures that are decoded ahead")
struct AheadMemoryTests {
    private let large = AheadMemory(frame: 100 << 20, kept: 0, file: 30 << 20, mostLanes: 8)

    @Test("As many lanes are used as fit, one at the least, and no more than there are threads")
    func lanes() {
        #expect(large.lanes(within: 0) == 1)
        #expect(large.lanes(within: large.least) == 1)
        #expect(large.lanes(within: large.bytes(lanes: 3) - 1) == 2)
        #expect(large.lanes(within: large.bytes(lanes: 3)) == 3)
        #expect(large.lanes(within: .max / 2) == 8)
        #expect(large.bytes(within: 1) == large.least)
        #expect(large.bytes(within: .max / 2) == large.bytes(lanes: 8))
    }

    @Test("One lane has a frame that is used, one that waits, one that is decoded, its file, and the next file")
    func least() {
        #expect(large.least == 3 * (100 << 20) + 2 * (30 << 20))
        // What a decoder keeps for itself comes on top, for each lane.
        let keeping = AheadMemory(frame: 100 << 20, kept: 100 << 20, file: 30 << 20, mostLanes: 8)
        #expect(keeping.least == large.least + (100 << 20))
        #expect(keeping.bytes(lanes: 2) == large.bytes(lanes: 2) + 2 * (100 << 20))
    }

    @Test("A larger picture takes the place of those before it, a smaller one does not")
    func growth() {
        var memory = large
        memory.grow(AheadMemory(frame: 1, kept: 7, file: 50 << 20, mostLanes: 8))
        #expect(memory == AheadMemory(frame: 100 << 20, kept: 7, file: 50 << 20, mostLanes: 8))
        memory.grow(AheadMemory(frame: 1, kept: 1, file: 1, mostLanes: 8))
        #expect(memory.lanes(within: large.bytes(lanes: 2)) == 1)
    }

    @Test("Pictures of nothing do not divide by nothing")
    func nothing() {
        #expect(AheadMemory(frame: 0, kept: 0, file: 0, mostLanes: 4).lanes(within: 100) == 4)
    }
}
