import TestSupport
import Testing
import VideoTypes

@Suite("A frame's own quantizer")
struct QuantizerTests {
    @Test(
        "A frame's own quantizer is exactly what is in its frame header",
        arguments: LatencyMode.allCases,
        [ScalabilityMode.l1t1, .l1t3]
    )
    func exact(latency: LatencyMode, mode: ScalabilityMode) throws {
        var random = SeededGenerator(for: "QuantizerTests.exact")
        var recipe = Recipe(frames: 64)
        (recipe.config.latencyMode, recipe.config.scalabilityMode) = (latency, mode)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
        for (frame, quantizer) in (0...63).shuffled(using: &random).enumerated() where frame % 5 != 4 {
            recipe.options[frame] = EncodeOptions(keyFrame: frame % 11 == 3, quantizer: quantizer)
        }
        let chunks = try recipe.encode()
        let scale = QuantizerScale(.av1)
        for (frame, chunk) in chunks.enumerated() {
            let asked = recipe.options[frame]?.quantizer ?? 30
            #expect(chunk.quantizer == asked, "frame \(frame)")
            #expect(chunk.quantizerIndex == scale.index(ofLevel: asked), "frame \(frame)")
        }
        #expect(chunks.keys.dropFirst().elementsEqual([3, 14, 25, 36, 47, 58].filter { $0 % 5 != 4 }))
        #expect(try Oracle(chunks, recipe.layout.size).hashes().count == 64)
    }

    @Test(
        "A frame's own quantizer is that of the configuration where the frame brings none",
        arguments: [0, 1, 26, 63]
    )
    func constant(quantizer: Int) throws {
        var recipe = Recipe()
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, quantizer)
        #expect(try recipe.encode().allSatisfy { $0.quantizer == quantizer })
    }

    @Test("A frame's own quantizer is reported as it is in the stream under rate control as well")
    func reported() throws {
        var recipe = Recipe(frames: 20)
        recipe.config.bitrate = 50_000
        #expect(try recipe.encode().allSatisfy { $0.quantizerIndex != nil })
    }
}
