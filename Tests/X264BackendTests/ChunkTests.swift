import Bitstream
import Logging
import TestSupport
import Testing
import VideoTypes
import X264Backend

@Suite("Chunks of libx264")
struct ChunkTests {
    static let presetNames = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
    ]

    @Test(
        "Chunks of libx264 are one per frame, the first a key chunk, and decodable, with every preset",
        arguments: presetNames
    )
    func presets(preset: String) throws {
        var recipe = Recipe()
        recipe.config.preset = preset
        let chunks = try recipe.encode()
        #expect(chunks.count == 12)
        #expect(chunks.keys == [0])
        #expect(try Oracle(chunks.stream).frameCount() == 12)
    }

    @Test(
        "Chunks of libx264 bring back the frames' timestamps and durations, B-frames included",
        arguments: presetNames
    )
    func times(preset: String) throws {
        var recipe = Recipe(frames: 20)
        recipe.config.preset = preset
        recipe.timestamps = (0..<20).map { 1_000_000 + $0 * 33367 }
        let chunks = try recipe.encode()
        #expect(chunks.map(\.timestamp).sorted() == recipe.timestamps)
        #expect(chunks.allSatisfy { $0.duration == $0.timestamp % 7 + 1 })
    }

    @Test("Chunks of libx264 come in decoding order, which B-frames make another than that of the timestamps")
    func reordered() throws {
        var recipe = Recipe(frames: 30)
        recipe.config.encoderOptions = [.init(key: "b-adapt", value: "0"), .init(key: "bframes", value: "3")]
        let timestamps = try recipe.encode().map(\.timestamp)
        #expect(timestamps != timestamps.sorted())
        #expect(timestamps.sorted() == recipe.timestamps)
    }

    @Test("Chunks of libx264 keep irregular timestamps exactly where there is no frame rate")
    func variable() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of ChunkTests.variable: \(seed)")
        var random = SeededGenerator(seed: seed)
        var recipe = Recipe(frames: 40)
        recipe.config.framerate = nil
        var time: Int64 = -5_000_000
        recipe.timestamps = (0..<40).map { _ in
            time += .random(in: 8000...900_000, using: &random)
            return time
        }
        let chunks = try recipe.encode()
        #expect(chunks.map(\.timestamp).sorted() == recipe.timestamps, "seed \(seed)")
        #expect(try Oracle(chunks.stream).frameCount() == 40)
    }

    @Test("Chunks of libx264 are refused for timestamps that do not grow, where rate control goes by them")
    func backwards() throws {
        for (first, second) in [(5, 5), (5, 4), (Int64.max, .min)] as [(Int64, Int64)] {
            var recipe = Recipe(frames: 2)
            recipe.timestamps = [first, second]
            recipe.config.framerate = nil
            #expect(throws: EncoderError.self) { try recipe.encode() }
        }
    }

    @Test(
        "Chunks of libx264 are not made of frames of another size or format, whose planes would be read past their ends"
    )
    func misfits() async {
        // In a process of its own: what is not refused may crash.
        await #expect(processExitsWith: .success) { try checkRefusal(format: .i420, width: 64, height: 8) }
        await #expect(processExitsWith: .success) { try checkRefusal(format: .i422, width: 64, height: 48) }
        await #expect(processExitsWith: .success) { try checkRefusal(format: .rgba, width: 64, height: 48) }
        await #expect(processExitsWith: .success) { try checkRefusal(format: .gray8, width: 64, height: 48) }
    }

    @Test("Chunks of libx264 hold for the farthest timestamps", arguments: [true, false])
    func extremes(hasRate: Bool) throws {
        var recipe = Recipe(frames: 3)
        if !hasRate { recipe.config.framerate = nil }
        recipe.timestamps = [.min, 0, .max]
        #expect(try recipe.encode().map(\.timestamp).sorted() == recipe.timestamps)
    }

    @Test(
        "Chunks of libx264 are IDR pictures where a key frame was asked for, with their parameter sets",
        arguments: [nil, 1000]
    )
    func forcedKeys(interval: Int?) throws {
        var recipe = Recipe(frames: 24)
        recipe.config.keyFrameInterval = interval
        for frame in [5, 6, 17] { recipe.options[frame] = EncodeOptions(keyFrame: true) }
        let chunks = try recipe.encode()
        #expect(chunks.keys.map { chunks[$0].timestamp / 40000 } == [0, 5, 6, 17])
        for chunk in chunks {
            let types = try AnnexB.split(chunk.data).map { try NALUnitHeader(parsing: $0).type }
            #expect(types.contains(.idrSlice) == (chunk.type == .key))
            #expect(types.contains(.sequenceParameterSet) == (chunk.type == .key))
            #expect(types.contains(.pictureParameterSet) == (chunk.type == .key))
        }
        let idrs = try Oracle(chunks.stream).slices().map(\.unitType)
        #expect(idrs.indices.filter { idrs[$0] == 5 } == chunks.keys)
    }

    @Test("Chunks of libx264 have a key frame in every interval")
    func interval() throws {
        var recipe = Recipe(frames: 25)
        recipe.config.keyFrameInterval = 6
        let keys = try recipe.encode().filter { $0.type == .key }.map { $0.timestamp / 40000 }
        #expect(zip(keys, keys.dropFirst() + [25]).allSatisfy { $1 - $0 <= 6 })
    }

    @Test("Chunks of libx264 are the same bytes for the same input", arguments: [nil, 1, 4])
    func deterministic(threads: Int?) throws {
        var recipe = Recipe(width: 160, height: 128, frames: 30)
        recipe.config.threads = threads
        let first = try recipe.encode()
        #expect(try recipe.encode() == first)
    }

    @Test(
        "Chunks of libx264 start with the decoder's configuration, with a record where the stream has no parameter sets"
    )
    func framing() throws {
        var recipe = Recipe()
        recipe.config.avcFormat = .avc
        let chunks = try recipe.encode()
        let config = try #require(chunks.first?.decoderConfig)
        let record = try AVCDecoderConfigurationRecord(parsing: #require(config.description))
        #expect((record.lengthSize, record.sequenceParameterSets.count) == (4, 1))
        #expect((config.codedWidth, config.codedHeight) == (64, 48))
        for chunk in chunks {
            let types = try LengthPrefixed.split(chunk.data).map { try NALUnitHeader(parsing: $0).type }
            #expect(!types.contains(.sequenceParameterSet) && !types.contains(.pictureParameterSet))
        }
        // The same pictures, framed the other way.
        recipe.config.avcFormat = .annexB
        let annexB = try recipe.encode()
        #expect(annexB.first?.decoderConfig?.description == nil)
        let units = try chunks.map { try LengthPrefixed.split($0.data).map(Array.init) }
        let others = annexB.map { chunk in
            AnnexB.split(chunk.data).map(Array.init).filter { ![7, 8].contains($0[0] & 31) }
        }
        #expect(units.dropFirst().elementsEqual(others.dropFirst()))
    }
}

/// Throws unless a backend for 64x48 4:2:0 refuses the frame.
private func checkRefusal(format: PixelFormat, width: Int, height: Int) throws {
    struct NotRefused: Error {}
    var backend = try X264Backend(Recipe().validated(), logger: Logger(label: "test"))
    do {
        let frame = try Pictures.frame(0, format: format, width: width, height: height)
        try backend.submit(frame, options: EncodeOptions())
    } catch is EncoderError {
        return
    }
    throw NotRefused()
}
