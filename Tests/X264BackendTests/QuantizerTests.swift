import TestSupport
import Testing
import VideoTypes

@Suite("A frame's own quantizer")
struct QuantizerTests {
    @Test(
        "A frame's own quantizer is exactly what is in its slice header, by our reading and by FFmpeg's",
        arguments: ["ultrafast", "medium", "slower"],
        [LatencyMode.quality, .realtime]
    )
    func exact(preset: String, latency: LatencyMode) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of QuantizerTests.exact: \(seed)")
        var random = SeededGenerator(seed: seed)
        var recipe = Recipe(frames: 52)
        recipe.config.preset = preset
        recipe.config.latencyMode = latency
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
        for (frame, quantizer) in (0...51).shuffled(using: &random).enumerated() where frame % 5 != 4 {
            recipe.options[frame] = EncodeOptions(keyFrame: frame % 11 == 3, quantizer: quantizer)
        }
        let chunks = try recipe.encode()
        for chunk in chunks {
            let asked = recipe.options[Int(chunk.timestamp / 40000)]?.quantizer ?? 30
            #expect(chunk.quantizer == asked, "frame \(chunk.timestamp / 40000), seed \(seed)")
        }
        #expect(try Oracle(chunks.stream).slices().map(\.quantizer) == chunks.map(\.quantizer), "seed \(seed)")
    }

    @Test(
        "A frame's own quantizer is that of the configuration where the frame brings none",
        arguments: [0, 1, 26, 51]
    )
    func constant(quantizer: Int) throws {
        var recipe = Recipe("avc1.F4001E")
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, quantizer)
        #expect(try recipe.encode().allSatisfy { $0.quantizer == quantizer })
    }

    @Test("A frame's own quantizer is reported as it is in the stream under rate control as well")
    func reported() throws {
        var recipe = Recipe(frames: 30)
        recipe.config.bitrate = 100_000
        let chunks = try recipe.encode()
        #expect(try Oracle(chunks.stream).slices().map(\.quantizer) == chunks.map(\.quantizer))
        #expect(Set(chunks.map(\.quantizer)).count > 1)
    }

    @Test(
        "A frame's own quantizer excludes options that would change it",
        arguments: [("aq-mode", "1"), ("mbtree", "1"), ("qpmax", "40"), ("qpmin", "10")]
    )
    func conflicts(key: String, value: String) {
        var recipe = Recipe()
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 20)
        recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
        #expect(recipe.refusal().hasPrefix("encoder option \(key)=\(value) contradicts"), "\(recipe.refusal())")
    }
}
