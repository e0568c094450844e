import AOMBackend
import Bitstream
import EncoderCore
import Logging
import TestSupport
import Testing
import VideoTypes

@Suite("Chunks of libaom")
struct ChunkTests {
    @Test(
        "Chunks of libaom are one per frame, the first a key chunk, decodable and near the source",
        arguments: LatencyMode.allCases
    )
    func decodable(latency: LatencyMode) throws {
        var recipe = Recipe(frames: 20)
        recipe.config.latencyMode = latency
        recipe.config.constantQuality = 20
        let chunks = try recipe.encode()
        #expect(chunks.count == 20)
        #expect(chunks.keys == [0])
        #expect(try recipe.psnr(of: chunks) > 30)
    }

    @Test("Chunks of libaom show one frame each, hidden frames of the lookahead included")
    func temporalUnits() throws {
        var recipe = Recipe(frames: 40)
        recipe.config.keyFrameInterval = 100
        let chunks = try recipe.encode()
        var (reader, hidden) = (AV1FrameHeaderReader(), 0)
        for chunk in chunks {
            let unit = try AV1TemporalUnit(parsing: chunk.data)
            #expect(unit.obus.filter { $0.type == .temporalDelimiter }.count == 1)
            let headers = try reader.read(unit)
            #expect(headers.filter(\.isShown).count == 1)
            hidden += headers.filter { !$0.isShown }.count
        }
        // Otherwise the test would not have tested anything.
        #expect(hidden > 0)
        #expect(chunks.map(\.timestamp) == recipe.timestamps)
    }

    @Test("Chunks of libaom bring back the frames' timestamps and durations", arguments: LatencyMode.allCases)
    func times(latency: LatencyMode) throws {
        var recipe = Recipe(frames: 24)
        recipe.config.latencyMode = latency
        recipe.timestamps = (0..<24).map { 1_000_000 + $0 * 33367 }
        let chunks = try recipe.encode()
        #expect(chunks.map(\.timestamp) == recipe.timestamps)
        #expect(chunks.allSatisfy { $0.duration == $0.timestamp % 7 + 1 && $0.decodeTimestamp == nil })
    }

    @Test("Chunks of libaom keep irregular timestamps exactly where there is no frame rate")
    func variable() throws {
        var random = SeededGenerator(for: "ChunkTests.variable")
        var recipe = Recipe(frames: 24)
        recipe.config.framerate = nil
        var time: Int64 = -5_000_000
        recipe.timestamps = (0..<24).map { _ in
            time += .random(in: 8000...900_000, using: &random)
            return time
        }
        #expect(try recipe.encode().map(\.timestamp) == recipe.timestamps)
    }

    @Test(
        "Chunks of libaom are right for rates that libaom's time base cannot store",
        arguments: ["1/4", "2147483647/2147483646"]
    )
    func oddRates(rate: String) throws {
        var recipe = Recipe(frames: 6)
        recipe.config.framerate = FrameRate(rate)
        recipe.config.bitrate = 100_000
        #expect(try recipe.encode().map(\.timestamp) == recipe.timestamps)
    }

    @Test(
        "Frames with timestamps that do not increase, or are too large, are refused by libaom without a frame rate"
    )
    func backwards() throws {
        for (first, second) in [(5, 5), (5, 4), (0, .max), (.min, .max)] as [(Int64, Int64)] {
            var recipe = Recipe(frames: 2)
            recipe.timestamps = [first, second]
            recipe.config.framerate = nil
            #expect(throws: EncoderError.self) { try recipe.encode() }
        }
    }

    @Test("Chunks of libaom keep the largest timestamps with a frame rate")
    func extremes() throws {
        var recipe = Recipe(frames: 3)
        recipe.timestamps = [.min, 0, .max]
        #expect(try recipe.encode().map(\.timestamp) == recipe.timestamps)
    }

    @Test(
        "Frames of another size or format are refused by libaom's backend before their planes are read"
    )
    func misfits() throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        for (format, width, height) in [(.i420, 64, 8), (.i422, 64, 48), (.rgba, 64, 48)] as [(PixelFormat, Int, Int)] {
            var backend = try AOMBackend(Recipe().validated(), logger: logger)
            let size = PictureSize(width: width, height: height)
            let layout = try #require(PictureLayout(format: format, size: size))
            let buffer = PlaneBuffer(byteCount: layout.byteCount)
            let frame = VideoFrame(layout: layout, buffer: buffer, timestamp: 0)
            do {
                try backend.submit(frame, options: EncodeOptions())
                Issue.record("a \(size) \(format) frame was taken")
            } catch {}
        }
    }

    @Test("Chunks of libaom are key frames on request, decodable alone", arguments: LatencyMode.allCases)
    func forcedKeys(latency: LatencyMode) throws {
        var recipe = Recipe(frames: 24)
        recipe.config.latencyMode = latency
        for frame in [5, 6, 17] { recipe.options[frame] = EncodeOptions(keyFrame: true) }
        let chunks = try recipe.encode()
        #expect(chunks.keys == [0, 5, 6, 17])
        #expect(chunks.allSatisfy { ($0.decoderConfig != nil) == ($0.type == .key) })
        let size = try recipe.layout.size
        let all = try Oracle(chunks, size).hashes()
        #expect(try Oracle(Array(chunks[17...]), size).hashes() == Array(all[17...]))
    }

    @Test("Chunks of libaom have a key frame in every interval", arguments: LatencyMode.allCases, [1, 6])
    func interval(latency: LatencyMode, interval: Int) throws {
        var recipe = Recipe(frames: 25)
        recipe.config.latencyMode = latency
        recipe.config.keyFrameInterval = interval
        let keys = try recipe.encode().keys
        #expect(zip(keys, keys.dropFirst() + [25]).allSatisfy { $1 - $0 <= interval }, "\(keys)")
        #expect(keys.count >= 25 / interval)
        if interval == 6 { #expect(keys.count <= 7) }
    }

    @Test(
        "Chunks of libaom decode after every key frame, with a fixed quantizer and with layers as well",
        arguments: LatencyMode.allCases,
        [ScalabilityMode.l1t1, .l1t2, .l1t3]
    )
    func decodableKeys(latency: LatencyMode, mode: ScalabilityMode) throws {
        for isFixed in [true, false] {
            var recipe = Recipe(frames: 24)
            (recipe.config.latencyMode, recipe.config.scalabilityMode) = (latency, mode)
            if isFixed {
                (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
            } else {
                recipe.config.bitrate = 200_000
            }
            recipe.config.keyFrameInterval = 5
            recipe.options[7] = EncodeOptions(keyFrame: true)
            let chunks = try recipe.encode()
            #expect(try Oracle(chunks, recipe.layout.size).hashes().count == 24)
            #expect(try recipe.psnr(of: chunks) > 25)
        }
    }

    @Test(
        "Chunks of libaom are the same bytes for the same input, with any number of threads",
        arguments: LatencyMode.allCases
    )
    func deterministic(latency: LatencyMode) throws {
        var recipe = Recipe(width: 160, height: 128, frames: 12)
        recipe.config.latencyMode = latency
        recipe.config.threads = 1
        let alone = try recipe.encode()
        #expect(try recipe.encode() == alone)
        recipe.config.threads = 2
        let first = try recipe.encode()
        recipe.config.threads = 5
        #expect(try recipe.encode() == first)
    }

    @Test(
        "Chunks of libaom have about the requested bit rate",
        arguments: LatencyMode.allCases,
        [BitrateMode.variable, .constant]
    )
    func bitrate(latency: LatencyMode, mode: BitrateMode) throws {
        var recipe = Recipe(width: 160, height: 128, frames: 250)
        recipe.config.latencyMode = latency
        (recipe.config.bitrate, recipe.config.bitrateMode) = (120_000, mode)
        let bits = try recipe.encode().reduce(0) { $0 + $1.data.count * 8 }
        #expect((60_000...130_000).contains(bits / 10), "\(bits / 10)")
    }

    @Test(
        "Chunks of libaom never empty a decoder's buffer of one second in constant mode",
        arguments: [ScalabilityMode.l1t1, .l1t3]
    )
    func buffer(mode: ScalabilityMode) throws {
        var recipe = Recipe(width: 160, height: 128, frames: 75)
        (recipe.config.latencyMode, recipe.config.scalabilityMode) = (.realtime, mode)
        (recipe.config.bitrate, recipe.config.bitrateMode) = (100_000, .constant)
        recipe.options[40] = EncodeOptions(keyFrame: true)
        var (fullness, lowest) = (100_000, 100_000)
        for chunk in try recipe.encode() {
            fullness -= chunk.data.count * 8
            lowest = min(lowest, fullness)
            fullness = min(100_000, fullness + 4000)
        }
        #expect(lowest >= 0)
    }
}
