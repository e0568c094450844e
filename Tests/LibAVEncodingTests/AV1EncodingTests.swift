import LibAV
import Testing
import VideoTypes

@Suite("AV1 through libavcodec")
struct AV1EncodingTests {
    @Test(
        "AV1 through libavcodec is one temporal unit a frame, with its own times, decodable by FFmpeg",
        arguments: ["libsvtav1", "librav1e"]
    )
    func chunks(encoder: String) throws {
        guard try LibAVEncoder.isPresent(Recipe("av01.0.04M.08", by: encoder).description()) else { return }
        for depth in [8, 10] {
            var recipe = Recipe(
                depth == 8 ? "av01.0.04M.08" : "av01.0.04M.10",
                by: encoder,
                width: 96,
                height: 64,
                frames: 10
            )
            recipe.config.bitDepth = depth
            if encoder == "librav1e" { recipe.config.preset = "10" }
            let chunks = try recipe.encode()
            #expect(chunks.map(\.timestamp) == recipe.timestamps)
            #expect(chunks[0].type == .key)
            #expect(chunks[0].decoderConfig?.codec == (depth == 8 ? "av01.0.04M.08" : "av01.0.04M.10"))
            #expect(chunks[0].decoderConfig?.colorSpace == .bt709)
            let oracle = try Oracle(chunks.stream, "a.obu")
            #expect(try oracle.pictures().count == 10)
            #expect(try oracle.probe("pix_fmt") == (depth == 8 ? "yuv420p" : "yuv420p10le"))
        }
    }

    @Test(
        "AV1 through libavcodec has exactly the requested quantizer in every frame of SVT-AV1",
        arguments: [1, 30, 63]
    )
    func quantizer(quantizer: Int) throws {
        var recipe = Recipe(.lowest(.av1), by: "libsvtav1", width: 96, height: 64, frames: 20)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, quantizer)
        let chunks = try recipe.encode()
        let index = QuantizerScale(.av1).index(ofLevel: quantizer)
        // A temporal unit that only shows a frame of before has no quantizer of its own.
        #expect(chunks.allSatisfy { $0.quantizerIndex == nil || $0.quantizerIndex == index })
        #expect(chunks.count { $0.quantizerIndex == index } > 10)
    }

    @Test(
        "AV1 through libavcodec refuses options of SVT-AV1 without an effect, and numbers out of range",
        arguments: [
            ("qm-min=2", "encoder option qm-min=2 has no effect without enable-qm=1"),
            ("film-grain-denoise=0", "encoder option film-grain-denoise=0 has no effect without film-grain=1"),
            ("scd=1", "encoder option scd=1 has no effect on what SVT-AV1 writes"),
            ("film-grain=51", "invalid encoder option film-grain \"51\" (expected a number in 0...50)"),
            ("aq-mode=3", "invalid encoder option aq-mode \"3\" (expected a number in 0...2)"),
            ("tile-rows=7", "invalid encoder option tile-rows \"7\" (expected a number in 0...6)"),
            ("hierarchical-levels=9", "invalid encoder option hierarchical-levels \"9\" (expected a number in 3...5)"),
            ("tune=2", "invalid encoder option tune \"2\" (expected a number in 0...1)"),
            ("enable-qm=1 qm-min=2", ""), ("film-grain=50", ""), ("tile-rows=6", ""), ("hierarchical-levels=3", ""),
            ("hierarchical-levels=5", ""), ("aq-mode=2", ""), ("lookahead=120", ""), ("scm=2", ""),
        ]
    )
    func options(options: String, words: String) throws {
        var recipe = Recipe(.lowest(.av1), by: "libsvtav1")
        guard try LibAVEncoder.isPresent(recipe.description()) else { return }
        recipe.config.encoderOptions = options.split(separator: " ").map { option in
            let parts = option.split(separator: "=").map(String.init)
            return EncoderOption(key: parts[0], value: parts[1])
        }
        #expect(recipe.refusal() == words)
    }

    @Test("AV1 through libavcodec is refused if SVT-AV1 or rav1e cannot keep the promise")
    func refusals() throws {
        var recipe = Recipe("av01.0.00M.08", by: "libsvtav1", width: 640, height: 480)
        #expect(recipe.refusal().contains("use level 3.0"), "\(recipe.refusal())")
        recipe = Recipe(.lowest(.av1), by: "libsvtav1")
        recipe.config.latencyMode = .realtime
        #expect(recipe.refusal().contains("no latencyMode realtime"))
        recipe.config.latencyMode = .quality
        recipe.config.encoderOptions = [EncoderOption(key: "bogus", value: "1")]
        #expect(recipe.refusal().contains("bogus"), "\(recipe.refusal())")
        recipe = Recipe(.lowest(.av1), by: "libsvtav1")
        recipe.options[2] = EncodeOptions(keyFrame: true)
        #expect(throws: EncoderError.self) { try recipe.encode() }
        recipe = Recipe(.lowest(.av1), by: "librav1e")
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
        #expect(recipe.refusal().contains("quantizer itself"))
    }
}
