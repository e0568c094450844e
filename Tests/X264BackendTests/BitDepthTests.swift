import Bitstream
import TestSupport
import Testing
import VideoTypes

@Suite("H.264 with 10 bits")
struct BitDepthTests {
    private func recipe(_ codec: CodecSelection, _ chroma: ChromaSubsampling = .yuv420, frames: Int = 12) -> Recipe {
        var recipe = Recipe(codec, frames: frames)
        (recipe.config.bitDepth, recipe.config.chroma) = (10, chroma)
        recipe.format = .planar(chroma, bitDepth: 10)
        return recipe
    }

    static let profiles: [(String, ChromaSubsampling, String, String)] = [
        ("avc1.6E001E", .yuv420, "yuv420p10le", "High 10"), ("avc1.7A001E", .yuv420, "yuv420p10le", "High 4:2:2"),
        ("avc1.7A001E", .yuv422, "yuv422p10le", "High 4:2:2"),
        ("avc1.F4001E", .yuv420, "yuv420p10le", "High 4:4:4 Predictive"),
        ("avc1.F4001E", .yuv444, "yuv444p10le", "High 4:4:4 Predictive"),
    ]

    @Test("H.264 with 10 bits is in the stream, in the record, and for FFmpeg", arguments: profiles)
    func written(codec: String, chroma: ChromaSubsampling, pixelFormat: String, profile: String) throws {
        var recipe = recipe(.exact(codec), chroma)
        let oracle = try Oracle(recipe.encode().stream)
        #expect(try oracle.stream("pix_fmt") == pixelFormat)
        #expect(try oracle.stream("profile") == profile)
        #expect(try oracle.frameCount() == 12)
        recipe.config.avcFormat = .avc
        let config = try #require(recipe.encode().first?.decoderConfig)
        #expect(config.codec == codec)
        let record = try AVCDecoderConfigurationRecord(parsing: #require(config.description))
        #expect((record.sampleFormat?.bitDepthLuma, record.sampleFormat?.bitDepthChroma) == (10, 10))
        #expect(record.sampleFormat?.chromaFormatIdc == chroma.chromaFormatIdc)
    }

    @Test("H.264 with 10 bits keeps all ten of them", arguments: profiles)
    func samples(codec: String, chroma: ChromaSubsampling, pixelFormat: String, profile: String) throws {
        var recipe = recipe(.exact(codec), chroma, frames: 3)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 0)
        let decoded = try Oracle(recipe.encode().stream).samples(pixelFormat)
        let source = try (0..<3).flatMap { try recipe.frame($0).withBytes { $0.withUnsafeBytes(Array.init) } }
        #expect(decoded.count == source.count)
        let differences = stride(from: 0, to: min(decoded.count, source.count), by: 2).map { index in
            abs(Self.sample(decoded, index) - Self.sample(source, index))
        }
        // Of 1023; in 4:4:4, libx264 quantizes chroma coarser by 6.
        #expect(try #require(differences.max()) <= (chroma == .yuv444 ? 8 : 4))
    }

    private static func sample(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) | Int(bytes[index + 1]) << 8 }

    @Test(
        "H.264 with 10 bits has the quantizers that were asked for in its slice headers",
        arguments: LatencyMode.allCases
    )
    func quantizers(latency: LatencyMode) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of BitDepthTests.quantizers: \(seed)")
        var random = SeededGenerator(seed: seed)
        var recipe = recipe("avc1.6E001E", frames: 52)
        recipe.config.latencyMode = latency
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 51)
        let quantizers = (0...51).shuffled(using: &random)
        for (frame, quantizer) in quantizers.enumerated() {
            recipe.options[frame] = EncodeOptions(quantizer: quantizer)
        }
        let chunks = try recipe.encode()
        for chunk in chunks { #expect(chunk.quantizer == quantizers[Int(chunk.timestamp / 40000)], "seed \(seed)") }
        #expect(try Oracle(chunks.stream).slices().map(\.quantizer) == chunks.map(\.quantizer), "seed \(seed)")
    }

    @Test("H.264 with 10 bits has a constant quantizer at both ends of the scale", arguments: [0, 1, 51])
    func constant(quantizer: Int) throws {
        var recipe = recipe("avc1.6E001E", frames: 4)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, quantizer)
        #expect(try recipe.encode().allSatisfy { $0.quantizer == quantizer })
    }

    @Test("H.264 with 10 bits means about the same quality by the same rate factor as 8 bits do")
    func quality() throws {
        var (deep, shallow) = (recipe("avc1.6E001E"), Recipe("avc1.6E001E"))
        shallow.config.bitDepth = 8
        (deep.config.constantQuality, shallow.config.constantQuality) = (25, 25)
        let quantizers = try [deep, shallow].map { try #require($0.encode().first?.quantizer) }
        #expect(abs(quantizers[0] - quantizers[1]) <= 3, "\(quantizers)")
    }

    @Test("H.264 with 10 bits is not lossless at the best quality, and so needs no higher profile")
    func best() throws {
        var recipe = recipe(.lowest(.h264))
        recipe.config.constantQuality = 0
        #expect(try recipe.validated().values.codec.description.hasPrefix("avc1.6E00"))
        #expect(try Oracle(recipe.encode().stream).frameCount() == 12)
    }

    @Test("H.264 with 10 bits has the lowest profile that does, where it is left open")
    func lowest() throws {
        for (chroma, prefix) in [
            (ChromaSubsampling.yuv420, "avc1.6E00"), (.yuv422, "avc1.7A00"), (.yuv444, "avc1.F400"),
        ] {
            let recipe = recipe(.lowest(.h264), chroma)
            #expect(try recipe.validated().values.codec.description.hasPrefix(prefix))
            #expect(try recipe.encode().first?.decoderConfig?.codec.hasPrefix(prefix) == true)
        }
    }

    @Test("H.264 with 10 bits has temporal layers and a bit rate as 8 bits have")
    func others() throws {
        var recipe = recipe("avc1.6E001E", frames: 20)
        (recipe.config.scalabilityMode, recipe.config.bitrate) = (.l1t3, 200_000)
        let chunks = try recipe.encode()
        #expect(chunks.map(\.temporalLayerId) == (0..<20).map { [0, 2, 1, 2][$0 % 4] })
        let base = chunks.filter { $0.temporalLayerId == 0 }
        let whole = try Oracle(chunks.stream).hashes()
        #expect(try Oracle(base.stream).hashes() == stride(from: 0, to: 20, by: 4).map { whole[$0] })
    }

    @Test(
        "H.264 with 10 bits exceeds the profiles with 8",
        arguments: ["avc1.42001E", "avc1.4D001E", "avc1.64001E", "avc1.6E401E", "avc1.F4801E"]
    )
    func exceeds(codec: String) {
        let refusal = recipe(.exact(codec)).refusal()
        #expect(refusal.hasPrefix("10 bits a sample exceed \(codec)"), "\(refusal)")
    }

    @Test("H.264 with 10 bits is the most: 12 are refused", arguments: ["avc1.F4001E", "avc1.6E001E"])
    func twelve(codec: String) {
        var recipe = recipe(.exact(codec))
        recipe.config.bitDepth = 12
        #expect(recipe.refusal() == "libx264 encodes 8 or 10 bits a sample, not 12")
    }

    @Test("H.264 with 10 bits is not made of frames with 8, nor the other way round")
    func misfits() {
        for (codecDepth, frameDepth) in [(10, 8), (8, 10)] {
            var recipe = recipe("avc1.6E001E")
            (recipe.config.bitDepth, recipe.format) = (codecDepth, .planar(.yuv420, bitDepth: frameDepth))
            #expect(throws: EncoderError.self) { try recipe.encode() }
        }
        var semiPlanar = recipe("avc1.6E001E")
        semiPlanar.format = .p010
        #expect(throws: EncoderError.self) { try semiPlanar.encode() }
    }
}
