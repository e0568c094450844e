import Bitstream
import LibAV
import Testing
import VideoTypes

@Suite("HEVC by libx265")
struct HEVCEncodingTests {
    @Test("HEVC by libx265 is one chunk a frame, the first a key, each with its own times, decodable by FFmpeg")
    func chunks() throws {
        var recipe = Recipe("hvc1.1.6.L63.B0", frames: 30)
        recipe.timestamps = (0..<30).map { Int64($0 * 40000 + $0 * $0) }
        let chunks = try recipe.encode()
        #expect(chunks.count == 30)
        #expect(chunks[0].type == .key)
        #expect(chunks[0].decoderConfig?.codec == "hvc1.1.6.L63.B0")
        #expect(chunks.map(\.timestamp).sorted() == recipe.timestamps)
        #expect(chunks.map(\.timestamp) != recipe.timestamps, "there are B-frames")
        #expect(chunks.allSatisfy { $0.duration == $0.timestamp % 7 + 1 })
        let decoding = try chunks.map { try #require($0.decodeTimestamp) }
        #expect(zip(decoding, decoding.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(chunks, decoding).allSatisfy { $1 <= $0.timestamp })
        #expect(try Oracle(chunks.stream).pictures().count == 30)
    }

    @Test("HEVC by libx265 is the same bytes each time")
    func same() throws {
        let recipe = Recipe(.lowest(.hevc), frames: 20)
        #expect(try recipe.encode() == recipe.encode())
    }

    @Test(
        "HEVC by libx265 makes a forced key frame an IDR picture that decodes alone",
        arguments: [LatencyMode.quality, .realtime]
    )
    func forced(latency: LatencyMode) throws {
        var recipe = Recipe("hvc1.1.6.L63.B0", frames: 20)
        recipe.config.latencyMode = latency
        recipe.options[7] = EncodeOptions(keyFrame: true)
        let chunks = try recipe.encode()
        let keys = chunks.indices.filter { chunks[$0].type == .key }
        #expect(keys.map { chunks[$0].timestamp } == [0, 280_000])
        #expect(chunks[keys[1]...].allSatisfy { $0.timestamp >= 280_000 })
        let whole = try Oracle(chunks.stream).pictures()
        #expect(try Oracle(Array(chunks[keys[1]...]).stream).pictures() == Array(whole[7...]))
    }

    @Test("HEVC by libx265 gives each frame as soon as it is in, in realtime")
    func realtime() throws {
        var recipe = Recipe("hvc1.1.6.L63.B0")
        (recipe.config.latencyMode, recipe.config.bitrate) = (.realtime, 200_000)
        let chunks = try recipe.encode()
        #expect(chunks.map(\.timestamp) == recipe.timestamps)
        #expect(chunks.allSatisfy { $0.decodeTimestamp == nil })
    }

    @Test(
        "HEVC by libx265 has exactly the requested quantizer in every slice",
        arguments: [0, 1, 17, 30, 51],
        [8, 10]
    )
    func quantizer(quantizer: Int, bitDepth: Int) throws {
        var recipe = Recipe(.lowest(.hevc), frames: 16)
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, quantizer)
        recipe.config.bitDepth = bitDepth
        let chunks = try recipe.encode()
        #expect(chunks.map(\.quantizer) == Array(repeating: quantizer, count: 16))
        #expect(try Oracle(chunks.stream).pictures().count == 16)
    }

    @Test(
        "HEVC by libx265 has the chroma and depth that the codec string names, in its parameter sets",
        arguments: [
            (ChromaSubsampling.yuv420, 8, "hvc1.1.6.L30.B0", "yuv420p"),
            (.yuv420, 10, "hvc1.2.4.L30.B0", "yuv420p10le"),
            (.yuv420, 12, "hvc1.4.10.L30.B9.88", "yuv420p12le"),
            (.yuv422, 8, "hvc1.4.10.L30.BD.8", "yuv422p"),
            (.yuv422, 10, "hvc1.4.10.L30.BD.8", "yuv422p10le"),
            (.yuv444, 8, "hvc1.4.10.L30.BE.8", "yuv444p"),
            (.yuv444, 10, "hvc1.4.10.L30.BC.8", "yuv444p10le"),
        ]
    )
    func formats(chroma: ChromaSubsampling, depth: Int, codec: String, ffmpeg: String) throws {
        for selection in [CodecSelection.lowest(.hevc), .exact(codec)] {
            var recipe = Recipe(selection, frames: 4)
            (recipe.config.chroma, recipe.config.bitDepth) = (chroma, depth)
            recipe.config.framerate = FrameRate(10)
            let chunks = try recipe.encode()
            #expect(chunks[0].decoderConfig?.codec == codec)
            #expect(try Oracle(chunks.stream).probe("pix_fmt") == ffmpeg)
            #expect(try Oracle(chunks.stream).pictures().count == 4)
        }
    }

    @Test("HEVC by libx265 writes another profile and the High tier where they are promised")
    func promises() throws {
        let chunks = try Recipe("hev1.2.4.H120.90", frames: 2).encode()
        #expect(chunks[0].decoderConfig?.codec == "hev1.2.4.H120.90")
        let oracle = try Oracle(chunks.stream)
        #expect(try oracle.probe("profile") == "Main 10")
        #expect(try oracle.probe("level") == "120")
    }

    @Test("HEVC by libx265 is framed as an MP4 sample with its record, or as hev1 with its parameter sets in band")
    func lengthPrefixed() throws {
        for (codec, isInBand) in [("hvc1.1.6.L63.B0", false), ("hev1.1.6.L63.B0", true)] {
            var recipe = Recipe(.exact(codec), frames: 8)
            recipe.config.hevcFormat = .hevc
            let chunks = try recipe.encode()
            let record = try HEVCDecoderConfigurationRecord(parsing: #require(chunks[0].decoderConfig?.description))
            #expect(record.arrays.allSatisfy { $0.isComplete == !isInBand })
            var stream: [UInt8] = []
            for unit in record.arrays.flatMap(\.nalUnits) { stream += [0, 0, 0, 1] + unit }
            for chunk in chunks {
                let units = try LengthPrefixed.split(chunk.data)
                let sets = try units.filter { try HEVCNALUnitHeader(parsing: $0).type.isParameterSet }
                #expect(sets.count == (isInBand && chunk.type == .key ? 3 : 0))
                for unit in units { stream += [0, 0, 0, 1] + unit }
            }
            #expect(try Oracle(stream).pictures().count == 8)
        }
    }

    @Test("HEVC by libx265 stores color, sample aspect ratio and HDR as they were given")
    func color() throws {
        var recipe = Recipe(.lowest(.hevc), frames: 2)
        recipe.config.bitDepth = 10
        recipe.config.colorSpace = VideoColorSpace(
            primaries: .bt2020,
            transfer: .pq,
            matrix: .bt2020NCL,
            fullRange: false
        )
        recipe.config.chromaLocation = .topLeft
        recipe.config.pixelAspectRatio = PixelAspectRatio(width: 4, height: 3)
        let display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
        recipe.config.masteringDisplay = MasteringDisplay(display)
        recipe.config.contentLightLevel = ContentLightLevel(maxCLL: 1000, maxFALL: 400)
        let chunks = try recipe.encode()
        let config = try #require(chunks[0].decoderConfig)
        #expect(config.colorSpace == recipe.config.colorSpace)
        #expect(config.pixelAspectRatio == PixelAspectRatio(width: 4, height: 3))
        let oracle = try Oracle(chunks.stream)
        #expect(try oracle.probe("color_transfer") == "smpte2084")
        #expect(try oracle.probe("color_space") == "bt2020nc")
        #expect(try oracle.probe("chroma_location") == "topleft")
        #expect(try oracle.probe("sample_aspect_ratio") == "4:3")
        let frame = ["-v", "error", "-show_frames", "-read_intervals", "%+#1", "a.hevc"]
        let shown = try oracle.folder.run("ffprobe", frame).output
        #expect(shown.contains("max_content=1000") && shown.contains("max_average=400"))
        #expect(shown.contains("max_luminance=10000000/10000") && shown.contains("green_x=13250/50000"))
    }

    @Test(
        "HEVC by libx265 is refused with a reason that names what works instead",
        arguments: [
            ("hvc1.1.6.L30.B0", 640, 480, "36864 luma samples of a picture, this has 307200; use level 3"),
            ("hvc1.1.6.L63.B0", 97, 64, "use a multiple of 2x2"), ("hvc1.1.6.L63.B0", 62, 64, "at least 64x16"),
            ("hvc1.5.20.L63.B0", 96, 64, "use 1 to 4"), ("hvc1.1.6.H63.B0", 96, 64, "tier L below level 4"),
            ("hvc1.1.6.L64.B0", 96, 64, "which H.265 does not define"),
            ("hvc1.1.4.L63.B0", 96, 64, "compatibility flag"),
            ("hvc1.1.6.L63.F0", 96, 64, "interlaced"), ("hvc1.4.10.L63.90", 96, 64, "9D.8 Main 4:2:2 10"),
            ("hvc1.1.46.L63.B0", 96, 64, "also claims profile 6"),
        ]
    )
    func refusals(codec: String, width: Int, height: Int, words: String) {
        let refusal = Recipe(.exact(codec), width: width, height: height).refusal()
        #expect(refusal.contains(words), "\(refusal)")
    }

    @Test("HEVC by libx265 is refused where the picture exceeds the profile, or the rate the level")
    func excess() {
        var recipe = Recipe("hvc1.1.6.L63.B0")
        recipe.config.bitDepth = 10
        #expect(recipe.refusal().contains("4:2:0 with 10 bits exceeds the profile of hvc1.1.6.L63.B0"))
        recipe = Recipe("hvc1.1.6.L63.B0")
        recipe.config.bitrate = 4_000_000
        #expect(recipe.refusal().contains("a bit rate of 4000000 exceeds"), "\(recipe.refusal())")
        recipe = Recipe("hvc1.1.6.L63.B0", width: 352, height: 288)
        recipe.config.framerate = FrameRate(120)
        #expect(recipe.refusal().contains("luma samples a second"), "\(recipe.refusal())")
        recipe = Recipe("hvc1.1.6.L63.B0")
        recipe.config.scalabilityMode = .l1t2
        #expect(recipe.refusal().contains("use scalabilityMode L1T1"))
    }

    @Test(
        "HEVC by libx265 refuses options that x265 does not know, does not take, or that undo a promise",
        arguments: [
            ("bogus", "1", "libx265 has no option \"bogus\""), ("me", "bogus", "invalid encoder option me \"bogus\""),
            ("crf", "20", "use constantQuality"), ("lossless", "1", "lossless"), ("no-open-gop", "1", "IDR"),
            ("repeat_headers", "0", "not passed on"), ("tune", "bogus", "psnr, ssim"),
        ]
    )
    func options(key: String, value: String, words: String) {
        var recipe = Recipe(.lowest(.hevc))
        recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
        #expect(recipe.refusal().contains(words), "\(recipe.refusal())")
    }

    private func refusal(_ options: String, change: (inout Recipe) -> Void = { _ in }) -> String {
        var recipe = Recipe(.lowest(.hevc))
        recipe.config.encoderOptions = options.split(separator: " ").map { option in
            let parts = option.split(separator: "=").map(String.init)
            return EncoderOption(key: parts[0], value: parts[1])
        }
        change(&recipe)
        return recipe.refusal()
    }

    @Test(
        "HEVC by libx265 refuses a number that x265 would not open with, and reports the range",
        arguments: [
            ("aq-strength=3.5", "0...3"), ("merange=32768", "0...32767"), ("rd=7", "1...6"), ("bframes=17", "0...16"),
            ("psy-rd=5.5", "0...5"), ("rdoq-level=3", "0...2"), ("ref=17", "1...16"), ("deblock=-7:0", "-6...6"),
            ("qcomp=0.4", "0.5...1"), ("subme=8", "0...7"), ("ctu=128", "16...64"), ("max-merge=x", "1...5"),
        ]
    )
    func outOfRange(option: String, range: String) {
        let parts = option.split(separator: "=")
        let expected = "invalid encoder option \(parts[0]) \"\(parts[1])\" (expected a number in \(range))"
        #expect(refusal(option) == expected)
    }

    @Test(
        "HEVC by libx265 takes the numbers at the ends of the ranges",
        arguments: [
            "aq-strength=3", "merange=32767", "rd=6", "rd=1", "bframes=16 rc-lookahead=20", "psy-rd=5", "rdoq-level=2",
            "deblock=-6:6", "qcomp=0.5", "qcomp=1", "subme=7", "ctu=64", "max-merge=5", "rc-lookahead=250",
            "nr-intra=2000",
            "tu-intra-depth=4", "limit-tu=4 tu-inter-depth=2", "selective-sao=4", "cbqpoffs=-12", "bframe-bias=100",
            "rskip=2 rskip-edge-threshold=100", "rdoq-level=1 psy-rdoq=50", "aq-mode=4", "b-adapt=2", "qpmax=69",
        ]
    )
    func inRange(options: String) { #expect(refusal(options) == "") }

    @Test(
        "HEVC by libx265 refuses options without an effect, and names what they need",
        arguments: [
            ("psy-rdoq=2", "rdoq-level=1"), ("aq-strength=2 aq-mode=0", "aq-mode=1"),
            ("rskip-edge-threshold=9", "rskip=2"), ("hme-search=1,1,1", "hme=1"), ("limit-sao=1 no-sao=1", "sao=1"),
            ("rd-refine=1", "rd=5 or more"), ("vbv-init=0.5", "both vbv-maxrate and vbv-bufsize"),
            ("strict-cbr=1", "bitrateMode constant"), ("dynamic-rd=2", "vbv-maxrate"),
        ]
    )
    func ineffective(options: String, need: String) {
        let words = refusal(options)
        #expect(words.contains("has no effect without") && words.contains(need), "\(words)")
    }

    @Test("HEVC by libx265 accepts the same options if they have an effect")
    func effective() {
        #expect(refusal("psy-rdoq=2 rdoq-level=1") == "")
        #expect(refusal("psy-rdoq=2") { $0.config.preset = "slow" } == "")
        #expect(refusal("aq-strength=2") == "")
        #expect(refusal("aq-strength=2") { $0.config.preset = "ultrafast" }.contains("aq-mode=1"))
        #expect(refusal("bframe-bias=9 bframes=0").hasSuffix("has no effect with bframes=0"))
        let fixed = refusal("aq-strength=2") { ($0.config.bitrateMode, $0.config.quantizer) = (.quantizer, 30) }
        #expect(fixed.contains("has no effect without aq-mode=1"))
        #expect(refusal("ctu-info=1").contains("forever"))
    }

    @Test("HEVC by libx265 takes an option that x265 knows")
    func knownOption() throws {
        var recipe = Recipe(.lowest(.hevc), frames: 12)
        recipe.config.encoderOptions = [EncoderOption(key: "bframes", value: "0")]
        #expect(try recipe.encode().map(\.timestamp) == recipe.timestamps)
    }

    @Test("HEVC by libx265 refuses a frame whose quantizer is not that of all")
    func frameQuantizer() {
        var recipe = Recipe(.lowest(.hevc))
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
        recipe.options[3] = EncodeOptions(quantizer: 31)
        #expect(throws: EncoderError.self) { try recipe.encode() }
        recipe.options[3] = EncodeOptions(quantizer: 30)
        #expect(throws: Never.self) { try recipe.encode() }
    }
}
