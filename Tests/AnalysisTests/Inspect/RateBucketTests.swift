import Bitstream
import Testing
import VideoTypes

@testable import Analysis

@Suite("The decoder's buffer that inspect holds a stream against")
struct RateBucketTests {
    /// 8,000 bits a second, and 4,000 at once.
    private let bounds = LevelBounds("1", bitrate: 8_000, buffer: 4_000) { _ in [] }

    @Test("a decoder's buffer begins full and holds one unit of its whole size")
    func beginsFull() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 500, at: 0) == nil)
    }

    @Test("a unit that is larger than what the buffer holds is told with the bits that there were")
    func tellsWhatThereWas() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 400, at: 0) == nil)
        #expect(bucket.take(bytes: 200, at: 0) == 800)
    }

    @Test("a decoder's buffer fills at the level's rate, and no further than its size")
    func fillsAtTheRate() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 500, at: 0) == nil)
        #expect(bucket.take(bytes: 250, at: 250_000) == nil)
        #expect(bucket.take(bytes: 501, at: 10_000_000) == 4_000)
    }

    @Test("a decoding time that goes back adds nothing to the buffer")
    func timeGoesBack() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 500, at: 1_000_000) == nil)
        #expect(bucket.take(bytes: 1, at: 0) == 0)
    }
}

@Suite("Rates of a level")
struct LevelRateTests {
    @Test("a count a frame becomes one a second that is rounded up, at fractional rates too")
    func roundsUp() throws {
        let film = try #require(FrameRate(24000, 1001))
        #expect(rate(1000, film) == 23_977)
        #expect(rate(1000, nil) == nil)
    }

    @Test("only a number above the level's limit is an excess, and an unknown one is none")
    func excess() {
        #expect(LevelExcess.over("macroblocks", 99, 99) == nil)
        #expect(LevelExcess.over("macroblocks", nil, 99) == nil)
        #expect(LevelExcess.over("macroblocks", 100, 99)?.numbers == "99, this has 100")
    }
}
