import AOMBackend
import Bitstream
import Testing
import VideoTypes

@Suite("Formats of AV1 codec strings")
struct FormatTests {
    static let strings = [
        "av01.0.08M.08", "av01.0.04M.10", "av01.1.05M.08", "av01.1.09H.10", "av01.2.00M.08", "av01.2.12M.10",
        "av01.2.13H.12", "av01.2.01M.12.0.110.01.01.01.0", "av01.2.01M.12.0.000.01.01.01.0", "av01.0.31M.08",
        "av01.0.04M.08.0.111.09.16.09.0", "av01.0.04M.10.0.112.09.18.09.1", "av01.1.04M.08.0.000.01.13.00.1",
        "av01.0.04M.08.1.110.01.01.01.0",
    ]

    private func recipe(_ string: String, latency: LatencyMode) throws -> Recipe {
        let codec = try #require(AV1CodecString(string))
        var recipe = Recipe(.exact(string), width: 67, height: 35, frames: 4)
        (recipe.config.chroma, recipe.config.bitDepth) = (codec.chroma, codec.bitDepth)
        if let color = codec.format?.color { recipe.config.colorSpace = color }
        if codec.format?.chromaSamplePosition == 2 { recipe.config.chromaLocation = .topLeft }
        recipe.config.latencyMode = latency
        recipe.config.constantQuality = 10
        return recipe
    }

    @Test(
        "The format of an AV1 codec string is in the sequence header, and the pictures decode",
        arguments: strings,
        LatencyMode.allCases
    )
    func promise(string: String, latency: LatencyMode) throws {
        let recipe = try recipe(string, latency: latency)
        let chunks = try recipe.encode()
        let sequence = try #require(AV1TemporalUnit(parsing: chunks[0].data).sequenceHeader)
        let header = try AV1SequenceHeader(parsing: sequence.payload)
        let codec = try #require(AV1CodecString(string))
        #expect(header.codecString(hasFormat: codec.format != nil) == codec)
        #expect(header.color.chroma == recipe.config.chroma)
        #expect(header.color.colorSpace == recipe.config.colorSpace)
        let config = try #require(chunks[0].decoderConfig)
        #expect(config.codec == string)
        #expect((config.codedWidth, config.codedHeight) == (67, 35))
        #expect(config.colorSpace == recipe.config.colorSpace)
        guard codec.format?.isMonochrome != true else { return }
        #expect(try recipe.psnr(of: chunks) > 30)
    }

    @Test("A monochrome AV1 codec string gives gray pictures with the right luma")
    func monochrome() throws {
        let recipe = try recipe("av01.0.04M.08.1.110.01.01.01.0", latency: .quality)
        let chunks = try recipe.encode()
        let output = try Oracle(chunks, recipe.layout.size).firstFrame("frame=pix_fmt")
        #expect(output.contains("pix_fmt=gray"))
    }

    @Test("An AV1 short name gives the lowest profile and level that fit")
    func lowest() throws {
        for (width, height, depth, chroma, expected) in [
            (64, 48, 8, .yuv420, "av01.0.00M.08"), (1280, 720, 10, .yuv420, "av01.0.05M.10"),
            (1920, 1080, 8, .yuv444, "av01.1.08M.08"), (640, 360, 8, .yuv422, "av01.2.01M.08"),
            (64, 48, 12, .yuv420, "av01.2.00M.12"),
        ] as [(Int, Int, Int, ChromaSubsampling, String)] {
            var recipe = Recipe(.lowest(.av1), width: width, height: height)
            (recipe.config.bitDepth, recipe.config.chroma) = (depth, chroma)
            #expect(try recipe.validated().values.codec == .exact(expected))
        }
    }

    @Test(
        "Color, range and sample aspect ratio of AV1 are read by FFmpeg as they were written"
    )
    func color() throws {
        var recipe = Recipe("av01.0.00M.10", frames: 2)
        recipe.config.bitDepth = 10
        recipe.config.colorSpace = VideoColorSpace(
            primaries: .bt2020,
            transfer: .pq,
            matrix: .bt2020NCL,
            fullRange: true
        )
        recipe.config.chromaLocation = .topLeft
        recipe.config.pixelAspectRatio = PixelAspectRatio(width: 4, height: 3)
        let chunks = try recipe.encode()
        let output = try Oracle(chunks, recipe.layout.size).firstFrame(
            "frame=color_primaries,color_transfer,color_space,color_range,chroma_location,sample_aspect_ratio"
        )
        for line in [
            "color_primaries=bt2020", "color_transfer=smpte2084", "color_space=bt2020nc", "color_range=pc",
            "chroma_location=topleft", "sample_aspect_ratio=4:3",
        ] {
            #expect(output.contains(line), "\(output)")
        }
        #expect(chunks[0].decoderConfig?.pixelAspectRatio == PixelAspectRatio(width: 4, height: 3))
    }

    @Test("HDR metadata of AV1 is on every key frame, as ffprobe reads it")
    func metadata() throws {
        var recipe = Recipe("av01.0.00M.10", frames: 4)
        recipe.config.bitDepth = 10
        recipe.config.contentLightLevel = ContentLightLevel(maxCLL: 1000, maxFALL: 400)
        recipe.config.masteringDisplay = MasteringDisplay(
            "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
        )
        recipe.options[2] = EncodeOptions(keyFrame: true)
        let chunks = try recipe.encode()
        for start in chunks.keys {
            let oracle = try Oracle(Array(chunks[start...]), recipe.layout.size)
            let output = try oracle.firstFrame("frame=side_data_list")
            for line in [
                "max_content=1000", "max_average=400", "red_x=44564/65536", "green_y=45220/65536",
                "white_point_x=20493/65536", "max_luminance=256000/256", "min_luminance=82/16384",
            ] {
                #expect(output.contains(line), "\(output)")
            }
        }
        #expect(chunks.keys == [0, 2])
    }

    @Test("An AV1 codec string that is not supported is refused with the reason")
    func refusals() throws {
        var recipe = Recipe("av01.1.00M.08", frames: 1)
        recipe.config.chroma = .yuv444
        recipe.config.colorSpace = VideoColorSpace(primaries: .bt709, transfer: .srgb, matrix: .rgb, fullRange: false)
        #expect(recipe.refusal().contains("sRGB in limited range"))
        recipe = Recipe("av01.0.00M.08.0.112.01.01.01.0", frames: 1)
        #expect(recipe.refusal().contains("chroma location"))
        #expect(Recipe("av01.0.20M.08").refusal().contains("has level 20, which AV1 does not define"))
    }
}

@Suite("Sizes that libaom takes")
struct SizeTests {
    static let sizes: [PictureSize] = [
        (1, 1), (2, 1), (1, 3), (2, 2), (7, 5), (8, 8), (15, 16), (16, 16), (17, 16), (16, 15), (33, 31), (67, 35),
        (64, 1),
        (1, 64), (127, 129),
    ].map { PictureSize(width: $0, height: $1) }

    @Test("Sizes that libaom takes are coded as they are", arguments: sizes, LatencyMode.allCases)
    func coded(size: PictureSize, latency: LatencyMode) throws {
        var recipe = Recipe(.lowest(.av1), width: size.width, height: size.height, frames: 4)
        recipe.config.latencyMode = latency
        recipe.config.constantQuality = 10
        let chunks = try recipe.encode()
        #expect(chunks.count == 4)
        #expect(try recipe.psnr(of: chunks) > 28)
    }
}
