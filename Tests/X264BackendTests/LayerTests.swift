import Bitstream
import EncoderCore
import Logging
import TestSupport
import Testing
import VideoTypes

@testable import X264Backend

@Suite("Temporal layers of H.264")
struct LayerTests {
    static let modes = [ScalabilityMode.l1t2, .l1t3]

    /// Random motion, with key frames at random.
    private func recipe(_ mode: ScalabilityMode, frames: Int = 40, seed: UInt64) -> Recipe {
        var random = SeededGenerator(seed: seed)
        var recipe = Recipe(.lowest(.h264), width: 80, height: 64, frames: frames)
        recipe.motion = Motion(frames: frames, using: &random)
        recipe.config.scalabilityMode = mode
        for frame in 1..<frames where Int.random(in: 0..<12, using: &random) == 0 {
            recipe.options[frame] = EncodeOptions(keyFrame: true)
        }
        return recipe
    }

    /// For every k, the stream of layers up to k must decode to the same pictures as in the whole stream. What does
    /// not.
    private func differences(_ chunks: [EncodedVideoChunk], layers: Int, strict: Bool = true) throws -> [String] {
        let kept = (0..<layers).reversed().map { highest in
            chunks.indices.filter { chunks[$0].temporalLayerId <= highest }
        }
        // One after the other, each beginning with its key frame: one run of ffmpeg for all.
        var hashes = try Oracle(kept.flatMap { $0.flatMap { chunks[$0].data } }).hashes(strict: strict)[...]
        let whole = Array(hashes.prefix(chunks.count))
        #expect(Set(whole).count > chunks.count / 2, "most pictures differ")
        #expect(hashes.count == kept.map(\.count).reduce(0, +) || !strict)
        var differences: [String] = []
        for indices in kept {
            let pairs = zip(indices, hashes.prefix(indices.count))
            differences += pairs.filter { whole[$0] != $1 }.map { "frame \($0.0) of \(indices)" }
            hashes = hashes.dropFirst(indices.count)
        }
        return differences
    }

    private static func seed(_ name: String) -> UInt64 {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of LayerTests.\(name): \(seed)")
        return seed
    }

    @Test(
        "Temporal layers of H.264 decode without the layers above, bit by bit as with them",
        arguments: modes,
        [LatencyMode.quality, .realtime]
    )
    func droppable(mode: ScalabilityMode, latency: LatencyMode) throws {
        let seed = Self.seed("droppable")
        for (size, preset, threads) in [((80, 64), "medium", 1), ((16, 18), "ultrafast", 2), ((98, 258), "fast", 4)] {
            var recipe = recipe(mode, seed: seed)
            (recipe.config.codedWidth, recipe.config.codedHeight) = size
            (recipe.config.latencyMode, recipe.config.preset, recipe.config.threads) = (latency, preset, threads)
            let chunks = try recipe.encode()
            #expect(try differences(chunks, layers: mode.temporalLayers) == [], "\(size), seed \(seed)")
        }
    }

    static let rates: [@Sendable (inout EncoderConfig) -> Void] = [
        { ($0.bitrateMode, $0.quantizer) = (.quantizer, 24) },
        { $0.bitrate = 200_000 },
        { ($0.bitrate, $0.bitrateMode) = (200_000, .constant) },
        { $0.constantQuality = 30 },
        { ($0.constantQuality, $0.framerate) = (18, nil) },
        { ($0.constantQuality, $0.codec) = (0, .lowest(.h264)) },
    ]

    @Test("Temporal layers of H.264 are layers under every kind of rate control", arguments: modes, rates.indices)
    func rateControl(mode: ScalabilityMode, rate: Int) throws {
        let seed = Self.seed("rateControl")
        var recipe = recipe(mode, seed: seed)
        Self.rates[rate](&recipe.config)
        #expect(try differences(recipe.encode(), layers: mode.temporalLayers) == [], "seed \(seed)")
    }

    @Test("Temporal layers of H.264 are not made by labels alone, which the same check finds")
    func labels() throws {
        let seed = Self.seed("labels")
        var recipe = recipe(.l1t1, seed: seed)
        recipe.config.latencyMode = .realtime
        recipe.options = [:]
        var chunks = try recipe.encode()
        for index in chunks.indices { chunks[index].temporalLayerId = index & 1 }
        #expect(try differences(chunks, layers: 2, strict: false).count > 10, "seed \(seed)")
    }

    @Test("Temporal layers of H.264 restart with each key frame, requested or due", arguments: modes)
    func pattern(mode: ScalabilityMode) throws {
        var recipe = recipe(mode, frames: 30, seed: 1)
        recipe.config.keyFrameInterval = 7
        recipe.options = [3: EncodeOptions(keyFrame: true), 4: EncodeOptions(keyFrame: true)]
        let chunks = try recipe.encode()
        #expect(chunks.keys == [0, 3, 4, 11, 18, 25])
        let ages = chunks.indices.map { index in index - (chunks.keys.last { $0 <= index } ?? 0) }
        #expect(chunks.map(\.temporalLayerId) == ages.map(mode.temporalLayer))
        #expect(chunks.map(\.timestamp) == recipe.timestamps)
        #expect(try differences(chunks, layers: mode.temporalLayers) == [])
    }

    @Test("Temporal layers of H.264 have a key frame at least every 250 frames")
    func defaultInterval() throws {
        var recipe = Recipe(width: 16, height: 16, frames: 252)
        (recipe.config.scalabilityMode, recipe.config.preset) = (.l1t3, "ultrafast")
        #expect(try recipe.encode().keys == [0, 250])
    }

    @Test("Temporal layers of H.264 come out one by one, without delay", arguments: modes, [FrameRate(25), nil])
    func delay(mode: ScalabilityMode, rate: FrameRate?) throws {
        for latency in LatencyMode.allCases {
            var recipe = recipe(mode, seed: 2)
            (recipe.config.latencyMode, recipe.config.framerate) = (latency, rate)
            var backend = try X264Backend(recipe.validated(), logger: Logger(label: "test"))
            for number in 0..<12 {
                try backend.submit(recipe.frame(number), options: EncodeOptions())
                let chunk = try #require(try backend.nextChunk())
                #expect(chunk.timestamp == recipe.timestamps[number])
                #expect(chunk.decodeTimestamp == nil)
            }
        }
    }

    @Test(
        "Temporal layers of H.264 have parameter sets that allow dropping, in band and in the record",
        arguments: [(modes[0], 2), (modes[1], 4)]
    )
    func parameterSets(mode: ScalabilityMode, frames: Int) throws {
        var recipe = recipe(mode, frames: 12, seed: 3)
        recipe.options = [5: EncodeOptions(keyFrame: true)]
        let sets = try Oracle(recipe.encode().stream).trace().filter { $0["nal_unit_type"] == 7 }
        // FFmpeg tells the first one twice.
        #expect(sets.count == 3)
        for set in sets {
            #expect(set["gaps_in_frame_num_allowed_flag"] == 1)
            #expect((set["max_num_ref_frames"], set["max_dec_frame_buffering"]) == (frames, frames))
        }
        recipe.config.avcFormat = .avc
        let description = try #require(recipe.encode().first?.decoderConfig?.description)
        let record = try AVCDecoderConfigurationRecord(parsing: description)
        let sps = try SequenceParameterSet(parsing: record.sequenceParameterSets[0])
        #expect(sps.gapsInFrameNumAllowed && sps.maxNumRefFrames == frames)
        recipe.config.scalabilityMode = .l1t1
        let plain = try #require(Oracle(Recipe().encode().stream).trace().first { $0["nal_unit_type"] == 7 })
        #expect(plain["gaps_in_frame_num_allowed_flag"] == 0)
    }

    @Test(
        "Temporal layers of H.264 hold the bit rate for the whole",
        arguments: modes,
        [BitrateMode.variable, .constant]
    )
    func bitrate(mode: ScalabilityMode, bitrateMode: BitrateMode) throws {
        let seed = Self.seed("bitrate")
        var recipe = recipe(mode, frames: 250, seed: seed)
        recipe.options = [:]
        (recipe.config.bitrate, recipe.config.bitrateMode) = (150_000, bitrateMode)
        recipe.config.preset = "veryfast"
        let bits = try recipe.encode().stream.count * 8
        #expect(abs(Double(bits) / 10 / 150_000 - 1) < 0.06, "\(bits) bits in 10 s, seed \(seed)")
    }

    @Test("Temporal layers of H.264 use each frame's own quantizer exactly")
    func quantizers() throws {
        var recipe = recipe(.l1t3, seed: 4)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
        for frame in 0..<40 { recipe.options[frame] = EncodeOptions(keyFrame: frame == 21, quantizer: frame + 10) }
        #expect(try recipe.encode().map(\.quantizer) == (10..<50).map { $0 })
    }

    @Test(
        "Temporal layers of H.264 exclude options that would break them",
        arguments: [
            ("bframes", "1"), ("ref", "2"), ("keyint", "60"), ("scenecut", "40"), ("sliced-threads", "0"),
            ("rc-lookahead", "10"), ("dpb-size", "3"), ("mbtree", "1"), ("sync-lookahead", "3"),
        ]
    )
    func conflicts(key: String, value: String) {
        for latency in LatencyMode.allCases {
            var recipe = Recipe()
            recipe.config.scalabilityMode = .l1t2
            recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
            recipe.config.latencyMode = latency
            let refusal = recipe.refusal()
            #expect(refusal == "encoder option \(key)=\(value) contradicts scalabilityMode L1T2")
        }
    }

    @Test(
        "Temporal layers of H.264 allow options that say what is so anyway",
        arguments: [("bframes", "0"), ("ref", "1"), ("scenecut", "0")]
    )
    func agreeing(key: String, value: String) {
        var recipe = Recipe()
        recipe.config.scalabilityMode = .l1t2
        recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
        #expect(recipe.refusal() == "")
    }

    @Test("Temporal layers of H.264 need a level with room for a period of frames")
    func level() {
        // 900 macroblocks, 396 a frame.
        var recipe = Recipe("avc1.64000B", width: 352, height: 288)
        recipe.config.framerate = FrameRate(5)
        recipe.config.scalabilityMode = .l1t2
        #expect(recipe.refusal() == "")
        recipe.config.scalabilityMode = .l1t3
        #expect(recipe.refusal().contains("a decoded picture buffer of 4 frames exceeds avc1.64000B"))
    }

    @Test("Temporal layers of H.264 follow W3C's patterns, as values")
    func values() {
        typealias Place = TemporalPattern.Place
        var three = TemporalPattern(.l1t3, keyFrameInterval: 6)
        let places = (0..<8).map { three.next(number: $0, keyFrame: $0 == 3) }
        #expect(places.map(\.layer) == [0, 2, 1, 0, 2, 1, 2, 0])
        #expect(places.map(\.forgottenFrom) == [nil, nil, 1, nil, nil, 4, nil, 5])
        #expect(places.map(\.isKey) == [true, false, false, true, false, false, false, false])
        #expect(three.next(number: 8, keyFrame: false) == Place(isKey: false, layer: 2, forgottenFrom: nil))
        #expect(three.next(number: 9, keyFrame: false) == Place(isKey: true, layer: 0, forgottenFrom: nil))
    }
}
