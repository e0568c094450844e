import TestSupport
import Testing
import VideoTypes

@Suite("Quantizers and rates of VP8 and VP9")
struct RateTests {
    @Test(
        "a frame's own quantizer is exactly what its header says",
        arguments: [VideoCodec.vp8, .vp9],
        [LatencyMode.quality, .realtime]
    )
    func exact(codec: VideoCodec, latency: LatencyMode) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of RateTests.exact: \(seed)")
        var random = SeededGenerator(seed: seed)
        var recipe = Recipe(codec, frames: 64)
        recipe.config.latencyMode = latency
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
        for (frame, quantizer) in (0...63).shuffled(using: &random).enumerated() where frame % 5 != 4 {
            recipe.options[frame] = EncodeOptions(keyFrame: frame % 11 == 3, quantizer: quantizer)
        }
        let scale = QuantizerScale(codec)
        for (frame, chunk) in try recipe.encode().enumerated() {
            let asked = recipe.options[frame]?.quantizer ?? 30
            #expect(chunk.quantizer == asked, "frame \(frame), seed \(seed)")
            #expect(chunk.quantizerIndex == scale.index(ofLevel: asked), "frame \(frame), seed \(seed)")
        }
    }

    @Test(
        "a target is met within a tenth",
        arguments: [VideoCodec.vp8, .vp9],
        [
            (LatencyMode.quality, BitrateMode.variable), (.quality, .constant), (.realtime, .variable),
            (.realtime, .constant),
        ]
    )
    func target(codec: VideoCodec, mode: (LatencyMode, BitrateMode)) throws {
        for scalability in mode.0 == .realtime ? [ScalabilityMode.l1t1, .l1t3] : [.l1t1] {
            var recipe = Recipe(codec, width: 128, height: 96, frames: 200)
            recipe.noise = 8
            recipe.config.bitrate = 200_000
            (recipe.config.latencyMode, recipe.config.bitrateMode) = mode
            recipe.config.scalabilityMode = scalability
            let rate = Double(try recipe.encode().byteCount * 8) / 8
            #expect(abs(rate / 200_000 - 1) < 0.1, "\(codec) \(mode) \(scalability): \(Int(rate)) bits a second")
        }
    }

    @Test(
        "Better quality of VP8 and VP9 costs more bits",
        arguments: [VideoCodec.vp8, .vp9],
        [LatencyMode.quality, .realtime]
    )
    func quality(codec: VideoCodec, latency: LatencyMode) throws {
        var sizes: [Int] = []
        for quality in [4.0, 20, 40, 60] {
            var recipe = Recipe(codec, width: 96, height: 64, frames: 10)
            recipe.noise = 24
            recipe.config.latencyMode = latency
            recipe.config.constantQuality = quality
            sizes.append(try recipe.encode().byteCount)
        }
        #expect(sizes == sizes.sorted(by: >) && Set(sizes).count == 4, "\(sizes)")
        var recipe = Recipe(codec)
        recipe.config.constantQuality = 20.5
        #expect(recipe.refusal().hasPrefix("invalid constantQuality \"20.5\" (expected a whole number"))
    }
}
