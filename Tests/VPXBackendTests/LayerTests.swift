import Testing
import VideoTypes

/// What keeps the rate in a test.
enum Rate: CaseIterable {
    case variable, constant, quality, quantizer

    func apply(to config: inout EncoderConfig) {
        switch self {
        case .variable: config.bitrate = 150_000
        case .constant: (config.bitrate, config.bitrateMode) = (150_000, .constant)
        case .quality: config.constantQuality = 30
        case .quantizer: (config.bitrateMode, config.quantizer) = (.quantizer, 30)
        }
    }
}

@Suite("Temporal layers of VP8 and VP9")
struct LayerTests {
    private func recipe(_ codec: VideoCodec, _ mode: ScalabilityMode, _ rate: Rate, _ latency: LatencyMode) -> Recipe {
        var recipe = Recipe(codec, width: 96, height: 64, frames: 40)
        recipe.config.scalabilityMode = mode
        recipe.config.latencyMode = latency
        recipe.config.keyFrameInterval = 23
        recipe.options = [14: EncodeOptions(keyFrame: true)]
        rate.apply(to: &recipe.config)
        return recipe
    }

    @Test(
        "Temporal layers of VP8 and VP9 can be dropped from the top, and the rest decodes to the same pictures",
        arguments: [VideoCodec.vp8, .vp9],
        [
            (ScalabilityMode.l1t2, LatencyMode.quality, [Rate.variable]), (.l1t3, .quality, Rate.allCases),
            (.l1t3, .realtime, [.constant]),
        ]
    )
    func independent(codec: VideoCodec, mode: (ScalabilityMode, LatencyMode, [Rate])) throws {
        for rate in mode.2 {
            let chunks = try recipe(codec, mode.0, rate, mode.1).encode()
            #expect(chunks.keys == [0, 14, 37])
            let expected = (0..<40).map { mode.0.temporalLayer(ofFrame: $0 < 14 ? $0 : $0 < 37 ? $0 - 14 : $0 - 37) }
            #expect(chunks.map(\.temporalLayerId) == expected)
            let full = try Oracle(chunks.map(\.data), codec).hashes()
            try #require(full.count == 40)
            for top in 0..<mode.0.temporalLayers - 1 {
                let kept = chunks.indices.filter { chunks[$0].temporalLayerId <= top }
                let hashes = try Oracle(kept.map { chunks[$0].data }, codec).hashes()
                #expect(hashes == kept.map { full[$0] }, "\(codec) \(mode) \(rate), layers up to \(top)")
            }
        }
    }

    @Test("Temporal layers of VP8 and VP9 come out at once", arguments: [VideoCodec.vp8, .vp9])
    func noDelay(codec: VideoCodec) throws {
        let recipe = recipe(codec, .l1t3, .variable, .quality)
        var backend = try VPXBackendUnderTest(recipe)
        for number in 0..<5 { #expect(try backend.encode(number) != nil) }
    }

    @Test(
        "Temporal layers of VP8 and VP9 have the quantizer that each frame asks for",
        arguments: [VideoCodec.vp8, .vp9],
        [ScalabilityMode.l1t2, .l1t3]
    )
    func quantizers(codec: VideoCodec, mode: ScalabilityMode) throws {
        var recipe = recipe(codec, mode, .quantizer, .realtime)
        recipe.options = [:]
        for frame in 0..<40 where frame % 3 != 0 { recipe.options[frame] = EncodeOptions(quantizer: frame * 7 % 64) }
        let expected = (0..<40).map { recipe.options[$0]?.quantizer ?? 30 }
        #expect(try recipe.encode().map(\.quantizer) == expected)
    }
}
