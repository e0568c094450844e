import Bitstream
import Testing
import VideoTypes

@Suite("The picture of VP8 and VP9")
struct PictureTests {
    @Test(
        "The picture of VP8 and VP9 has the size of the frames, from one sample on",
        arguments: [VideoCodec.vp8, .vp9],
        [(1, 1), (2, 1), (1, 9), (15, 16), (17, 33), (35, 67), (67, 35)]
    )
    func sizes(codec: VideoCodec, size: (Int, Int)) throws {
        var recipe = Recipe(codec, width: size.0, height: size.1, frames: 3)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 4)
        let chunks = try recipe.encode()
        let config = try #require(chunks[0].decoderConfig)
        #expect((config.codedWidth, config.codedHeight) == size)
        #expect(chunks.dropFirst().allSatisfy { $0.decoderConfig == nil })
        let oracle = try Oracle(chunks.map(\.data), codec)
        let planes = try oracle.planes("yuv420p")
        let frameSize = try #require(PictureLayout(format: .i420, size: PictureSize(width: size.0, height: size.1)))
            .byteCount
        #expect(planes.count == 3 * frameSize)
        let source = try recipe.frame(2).withBytes { span in span.withUnsafeBytes { Array($0) } }
        #expect(meanSquaredError(Array(planes.suffix(frameSize)), source) < 30)
    }

    @Test(
        "The picture of VP8 and VP9 has the depth and chroma of the configuration, and the profile that they need",
        arguments: [8, 10, 12],
        ChromaSubsampling.allCases
    )
    func profiles(bitDepth: Int, chroma: ChromaSubsampling) throws {
        var recipe = Recipe(.vp9, width: 34, height: 18, frames: 3)
        (recipe.config.bitDepth, recipe.config.chroma) = (bitDepth, chroma)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 0)
        let chunks = try recipe.encode()
        let header = try VP9FrameHeader(parsing: chunks[0].data[...])
        #expect(header.profile == (bitDepth > 8 ? 2 : 0) + (chroma == .yuv420 ? 0 : 1))
        #expect(header.color?.bitDepth == bitDepth)
        #expect(header.color?.chroma == chroma)
        let oracle = try Oracle(chunks.map(\.data), .vp9)
        let format = "yuv\(chroma.rawValue)p" + (bitDepth > 8 ? "\(bitDepth)le" : "")
        #expect(try oracle.stream("pix_fmt") == format)
        // Quantizer 0 is lossless.
        let source = try (0..<3).flatMap { number in
            try recipe.frame(number).withBytes { span in span.withUnsafeBytes { Array($0) } }
        }
        #expect(try oracle.planes(format) == source)
    }

    @Test(
        "The picture of VP8 and VP9 has the color that VP9 can say",
        arguments: [(1, "bt709"), (5, "bt470bg"), (6, "smpte170m"), (7, "smpte240m"), (9, "bt2020nc"), (2, "unknown")]
    )
    func color(matrix: UInt8, name: String) throws {
        let fullRange = matrix % 2 == 1
        var recipe = Recipe(.vp9, frames: 1)
        recipe.config.colorSpace = VideoColorSpace(
            primaries: .bt2020,
            transfer: .pq,
            matrix: MatrixCoefficients(rawValue: matrix),
            fullRange: fullRange
        )
        let chunks = try recipe.encode()
        #expect(chunks[0].decoderConfig?.colorSpace == recipe.config.colorSpace)
        #expect(chunks[0].decoderConfig?.codec == (try recipe.validated().values.codec.description))
        let oracle = try Oracle(chunks.map(\.data), .vp9)
        #expect(try oracle.stream("color_space") == name)
        #expect(try oracle.stream("color_range") == (fullRange ? "pc" : "tv"))
    }

    @Test("The picture of VP8 and VP9 has RGB planes as VP9 says them")
    func rgb() throws {
        var recipe = Recipe(.vp9, frames: 2)
        recipe.config.chroma = .yuv444
        recipe.config.colorSpace = VideoColorSpace(primaries: .bt709, transfer: .srgb, matrix: .rgb, fullRange: true)
        let chunks = try recipe.encode()
        #expect(try Oracle(chunks.map(\.data), .vp9).stream("pix_fmt") == "gbrp")
        recipe.config.colorSpace.fullRange = false
        #expect(recipe.refusal() == "VP9 supports the matrix rgb only with full range")
    }

    @Test("The picture of VP8 and VP9 has no color that the codec cannot store")
    func refusedColors() {
        var recipe = Recipe(.vp9)
        recipe.config.colorSpace.matrix = MatrixCoefficients(rawValue: 14)
        #expect(recipe.refusal().hasPrefix("VP9 cannot store the matrix"))
        recipe = Recipe(.vp8)
        recipe.config.colorSpace = .bt709
        #expect(recipe.refusal().hasPrefix("VP8 cannot store the color"))
        recipe.config.colorSpace = .bt601
        recipe.config.colorSpace.fullRange = true
        #expect(recipe.refusal().hasPrefix("VP8 cannot store the color"))
        recipe.config.colorSpace = .unspecified
        #expect(recipe.refusal() == "")
        recipe = Recipe(.vp8, width: 16384, height: 16)
        #expect(recipe.refusal() == "VP8 cannot store the size 16384x16 (at most 16383 a side)")
    }

    @Test(
        "The picture of VP8 and VP9 has its transparency in chunks of the same codec",
        arguments: [VideoCodec.vp8, .vp9],
        [LatencyMode.quality, .realtime]
    )
    func alpha(codec: VideoCodec, latency: LatencyMode) throws {
        var recipe = Recipe(codec, width: 67, height: 35, frames: 30)
        recipe.format = .i420a
        recipe.config.alpha = .keep
        recipe.config.latencyMode = latency
        recipe.config.constantQuality = 4
        recipe.options = [9: EncodeOptions(keyFrame: true)]
        let chunks = try recipe.encode()
        #expect(chunks.keys == [0, 9])
        #expect(chunks.count == 30)
        let alpha = chunks.compactMap(\.alphaData)
        let planes = try Oracle(alpha, codec).planes("yuv420p")
        let (luma, chroma) = (67 * 35, 34 * 18)
        try #require(planes.count == 30 * (luma + 2 * chroma))
        for number in [0, 8, 29] {
            let picture = planes[(number * (luma + 2 * chroma))...]
            let source = try recipe.frame(number).withBytes { span in span.withUnsafeBytes { Array($0) } }
            #expect(meanSquaredError(Array(picture.prefix(luma)), Array(source.suffix(luma))) < 12)
            #expect(picture.dropFirst(luma).prefix(2 * chroma).allSatisfy { (127...129).contains($0) })
        }
        // Decoding can start where the pictures' can.
        #expect(try Oracle(Array(alpha[9...]), codec).hashes().count == 21)
    }

    @Test("The picture of VP8 and VP9 has transparency beside 4:2:0 with 8 bits only")
    func refusedAlpha() {
        var recipe = Recipe(.vp9)
        recipe.config.alpha = .keep
        recipe.config.bitDepth = 10
        #expect(recipe.refusal().hasPrefix("alpha needs 4:2:0 with 8 bits"))
    }
}

func meanSquaredError(_ a: [UInt8], _ b: [UInt8]) -> Double {
    guard a.count == b.count, !a.isEmpty else { return .infinity }
    return zip(a, b).reduce(0) { $0 + Double((Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1))) } / Double(a.count)
}
