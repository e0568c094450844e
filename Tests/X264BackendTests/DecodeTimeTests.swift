import TestSupport
import Testing
import VideoTypes

@testable import X264Backend

@Suite("The decode times of chunks")
struct DecodeTimeTests {
    private func recipe(bFrames: Int, pyramid: String, timestamps: [Int64], rate: FrameRate?) -> Recipe {
        var recipe = Recipe(frames: timestamps.count)
        (recipe.timestamps, recipe.config.framerate) = (timestamps, rate)
        recipe.config.encoderOptions = [
            .init(key: "b-adapt", value: "0"), .init(key: "bframes", value: "\(bFrames)"),
            .init(key: "b-pyramid", value: pyramid),
        ]
        return recipe
    }

    private func check(_ chunks: [EncodedVideoChunk], delay: Int, _ comment: Comment) throws {
        let times = try chunks.map { try #require($0.decodeTimestamp) }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, comment)
        #expect(zip(times, chunks).allSatisfy { $0 <= $1.timestamp }, comment)
        #expect(Array(times.dropFirst(delay)) == chunks.map(\.timestamp).sorted().dropLast(delay), comment)
    }

    static let structures = [(1, "none", 1), (3, "none", 1), (3, "normal", 2), (5, "strict", 2), (16, "normal", 2)]

    @Test(
        "The decode times of chunks grow, and are not later than the timestamps, with B-frames",
        arguments: structures,
        [FrameRate(25), nil]
    )
    func regular(structure: (bFrames: Int, pyramid: String, delay: Int), rate: FrameRate?) throws {
        let timestamps = (0..<40).map { 7_000_000 + Int64($0) * 40000 }
        let chunks = try recipe(
            bFrames: structure.bFrames,
            pyramid: structure.pyramid,
            timestamps: timestamps,
            rate: rate
        ).encode()
        try check(chunks, delay: structure.delay, "\(structure)")
        #expect(chunks.first?.decodeTimestamp == 7_000_000 - Int64(structure.delay) * 40000)
        #expect(chunks.contains { $0.decodeTimestamp == $0.timestamp }, "no earlier than need be")
    }

    @Test(
        "The decode times of chunks hold for timestamps at random, and from below zero",
        arguments: structures,
        [FrameRate(25), nil]
    )
    func variable(structure: (bFrames: Int, pyramid: String, delay: Int), rate: FrameRate?) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of DecodeTimeTests.variable: \(seed)")
        var random = SeededGenerator(seed: seed)
        var time: Int64 = -1_000_000
        let timestamps = (0..<50).map { _ in
            time += .random(in: 8000...300_000, using: &random)
            return time
        }
        var recipe = recipe(
            bFrames: structure.bFrames,
            pyramid: structure.pyramid,
            timestamps: timestamps,
            rate: rate
        )
        recipe.options[23] = EncodeOptions(keyFrame: true)
        try check(recipe.encode(), delay: structure.delay, "\(structure), seed \(seed)")
    }

    @Test("The decode times of chunks are there for the shortest streams", arguments: 1...4)
    func short(frames: Int) throws {
        let timestamps = (0..<frames).map { Int64($0) * 40000 }
        let chunks = try recipe(bFrames: 3, pyramid: "normal", timestamps: timestamps, rate: FrameRate(25)).encode()
        let times = try chunks.map { try #require($0.decodeTimestamp) }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(times, chunks).allSatisfy { $0 <= $1.timestamp })
    }

    @Test("The decode times of chunks are the timestamps where nothing is reordered")
    func none() throws {
        var recipe = Recipe()
        recipe.config.latencyMode = .realtime
        #expect(try recipe.encode().allSatisfy { $0.decodeTimestamp == nil })
        #expect(try Recipe("avc1.42E01E").encode().allSatisfy { $0.decodeTimestamp == nil })
    }

    @Test("The decode times of chunks are none for timestamps that leave none, and nothing overflows")
    func impossible() {
        for timestamps in [[5, 5, 4, 6], [.min, 0, .max], [.max, .min]] as [[Int64]] {
            var times = DecodeTimes(delay: 1)
            for timestamp in timestamps { times.accept(timestamp: timestamp) }
            #expect(times.next() == nil)
        }
    }
}
