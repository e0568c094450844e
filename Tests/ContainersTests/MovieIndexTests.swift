import Testing

@testable import Containers

@Suite("The index of an MP4 file")
struct MovieIndexTests {
    private static func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        [UInt8](bigEndian: 8 + content.count, byteCount: 4) + Array(name.utf8) + content
    }

    /// An index of two tracks with one table each, and a box that nothing is known of.
    private static func index(_ places: [Int], bytes: Int) -> [UInt8] {
        let numbers = places.flatMap { [UInt8](bigEndian: $0, byteCount: bytes) }
        let table = box(
            bytes == 4 ? "stco" : "co64",
            [0, 0, 0, 0] + [UInt8](bigEndian: places.count, byteCount: 4) + numbers
        )
        let track = box(
            "trak",
            box("tkhd", [1, 2, 3]) + box("mdia", box("minf", box("stbl", box("stsz", [7]) + table)))
        )
        return box("moov", box("mvhd", [9]) + track + track + box("udta", box("stco", [5])))
    }

    @Test("Every place grows by the length of the index, and nothing else changes", arguments: [4, 8])
    func places(bytes: Int) throws {
        let places = [48, 1000, 70_000]
        let index = Self.index(places, bytes: bytes)
        let moved = try #require(MovieIndex(index).inFront { $0 })
        #expect(moved.moved == index.count)
        #expect(moved.box == Self.index(places.map { $0 + index.count }, bytes: bytes))
    }

    @Test("Places that do not fit into 32 bits any more have 64, and the index grows by that")
    func wide() throws {
        let places = [48, Int(UInt32.max) - 10]
        let moved = try #require(MovieIndex(Self.index(places, bytes: 4)).inFront { $0 })
        let longer = Self.index(places, bytes: 8).count
        #expect(moved.moved == longer)
        #expect(moved.box == Self.index(places.map { $0 + longer }, bytes: 8))
    }

    @Test("Room may be larger than the index")
    func room() throws {
        let index = Self.index([100], bytes: 4)
        let moved = try #require(MovieIndex(index).inFront { _ in 4096 })
        #expect(moved.moved == 4096 && moved.box == Self.index([100 + 4096], bytes: 4))
    }

    @Test("A damaged index is not moved")
    func damage() {
        let index = Self.index([100, 200], bytes: 4)
        #expect(MovieIndex(Array(index.dropLast())).inFront { $0 } == nil)
        for place in [3, 11] {
            var damaged = index
            damaged[place] ^= 0x40
            #expect(MovieIndex(damaged).inFront { $0 } == nil)
        }
    }
}
