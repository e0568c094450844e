import Bitstream
import Logging
import Synchronization
import TestSupport
import Testing
import VideoTypes

@testable import X264Backend

@Suite("The coded picture buffer of a level")
struct LevelBucketTests {
    private func chunk(bits: Int) -> EncodedVideoChunk {
        EncodedVideoChunk(type: .delta, timestamp: 0, duration: nil, data: [UInt8](repeating: 0, count: bits / 8))
    }

    private func bucket(_ codec: String) throws -> LevelBucket {
        let string = try #require(AVCCodecString(codec))
        return LevelBucket(try #require(AVCLevel.level(of: string)), codec: string, framesPerSecond: 10)
    }

    @Test(
        "The coded picture buffer of a level holds what the level says, and fills at its rate (table A-1, times cpbBrNalFactor)"
    )
    func bounds() throws {
        // Level 1.0 in Baseline: 210 000 bits, and 7680 more with every frame.
        var bucket = try bucket("avc1.42000A")
        try bucket.take(chunk(bits: 210_000))
        try bucket.take(chunk(bits: 7680))
        #expect(throws: EncoderError.self) { try bucket.take(chunk(bits: 7688)) }
        var full = try self.bucket("avc1.42000A")
        #expect(throws: EncoderError.self) { try full.take(chunk(bits: 210_008)) }
        for _ in 0..<1000 { try full.take(chunk(bits: 7680)) }
        try full.take(chunk(bits: 209_600))
    }

    /// libx264's message when its own buffer, which is smaller, ran empty.
    private final class Underflows: LogHandler, Sendable {
        let count = Mutex(0)
        var logLevel: Logger.Level {
            get { .trace }
            set {}
        }
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        subscript(metadataKey _: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }
        func log(event: LogEvent) {
            if event.message.description.contains("underflow") { count.withLock { $0 += 1 } }
        }
    }

    private func recipe(roughness: Int, seed: UInt64) -> Recipe {
        var random = SeededGenerator(seed: seed)
        var recipe = Recipe("avc1.42000A", width: 176, height: 144, frames: 90)
        (recipe.config.framerate, recipe.config.preset) = (FrameRate(15), "ultrafast")
        let speed = Int.random(in: 0...40, using: &random)
        recipe.motion = Motion(frames: 90, speed: speed, roughness: roughness, using: &random)
        // Key frames cost most.
        let rarity = Int.random(in: 1...10, using: &random)
        for frame in 0..<90 {
            let isKey = Int.random(in: 0..<rarity, using: &random) == 0
            recipe.options[frame] = EncodeOptions(keyFrame: isKey)
        }
        return recipe
    }

    @Test(
        "The coded picture buffer of a level is held by everything that libx264 itself finds to fit",
        arguments: 1...4,
        [nil, 60000]
    )
    func conforming(roughness: Int, bitrate: Int?) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of LevelBucketTests.conforming: \(seed)")
        var recipe = recipe(roughness: roughness, seed: seed)
        recipe.config.bitrate = bitrate
        let underflows = Underflows()
        do {
            _ = try recipe.encode(logger: Logger(label: "test") { _ in underflows })
        } catch {
            #expect(underflows.count.withLock { $0 } > 0, "\(error), seed \(seed)")
        }
    }

    @Test(
        "The coded picture buffer of a level fails the run when what cannot be made coarser exceeds it, and reports what exceeded what"
    )
    func exceeding() throws {
        var recipe = recipe(roughness: 4, seed: 1)
        recipe.config.bitrate = 60000
        // The slices' headers alone are more than level 1.0 has room for.
        recipe.config.encoderOptions = [EncoderOption(key: "slice-max-mbs", value: "1")]
        let error = #expect(throws: EncoderError.self) { try recipe.encode() }
        #expect("\(error, default: "")".contains("libx264 could not keep the bit rate within avc1.42000A"))
        // These have no promise.
        recipe.config.codec = .lowest(.h264)
        #expect(throws: Never.self) { try recipe.encode() }
        (recipe.config.codec, recipe.config.bitrate) = ("avc1.42000A", nil)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 20)
        #expect(throws: Never.self) { try recipe.encode() }
    }
}
