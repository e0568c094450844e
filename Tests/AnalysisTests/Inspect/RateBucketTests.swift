import Bitstream
import Testing
import VideoTypes

@testable import Analysis

@Suite("The decoder's buffer that inspect holds a stream against")
struct RateBucketTests {
    /// 8,000 bits a second, and 4,000 at once.
    private let bounds = LevelBounds(
        VP9Level.all[0],
        VP9LevelNeeds(size: .init(width: 8, height: 8)),
        bitrate: 8_000,
        buffer: 4_000
    )

    @Test("A decoder's buffer begins full and holds one unit of its whole size")
    func beginsFull() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 500, at: 0) == nil)
    }

    @Test("A unit that is larger than the contents of the decoder's buffer is reported with the available bits")
    func tellsWhatThereWas() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 400, at: 0) == nil)
        #expect(bucket.take(bytes: 200, at: 0) == 800)
    }

    @Test("A decoder's buffer fills at the level's rate, and no further than its size")
    func fillsAtTheRate() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 500, at: 0) == nil)
        #expect(bucket.take(bytes: 250, at: 250_000) == nil)
        #expect(bucket.take(bytes: 501, at: 10_000_000) == 4_000)
    }

    @Test("A decoding time that goes back adds nothing to the decoder's buffer")
    func timeGoesBack() {
        var bucket = RateBucket(bounds)
        #expect(bucket.take(bytes: 500, at: 1_000_000) == nil)
        #expect(bucket.take(bytes: 1, at: 0) == 0)
    }
}
