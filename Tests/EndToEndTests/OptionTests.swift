import Testing

@Suite("Encoder options and other settings")
struct OptionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func makeSource(_ format: String = "yuv420p", size: String = "96x64", seconds: String = "2.4") throws {
        let source = "-f lavfi -i testsrc2=s=\(size):r=25:d=\(seconds)"
        try folder.succeed("ffmpeg -v error -y \(source) -pix_fmt \(format) -f rawvideo in.raw")
    }

    /// Frames whose first slice has this quantizer, by their times.
    private func frames(_ name: String, quantizer: Int) throws -> [Int] {
        try folder.chunks(name).filter { $0.quantizer == quantizer }
            .map { Int(($0.timestamp * 25 + 500_000) / 1_000_000) }.sorted()
    }

    @Test(
        "A preset that an encoder replaces by another is a warning, and is in the receipt",
        .mustEnd,
        arguments: [("libaom", "9", "6"), ("libaom", "7", "6"), ("libsvtav1", "13", "12")]
    )
    func takenPresets(encoder: String, given: String, taken: String) throws {
        try makeSource(seconds: "0.4")
        let encode = "sluice in.raw -s 96x64 -r 25 -p i420 --codec av1 --encoder \(encoder) --crf 40 --receipt r.json"
        func notices(_ flags: String) throws -> String {
            let outcome = try folder.succeed("\(encode) \(flags) --overwrite")
            let text = try folder.text("r.json")
            #expect(text.contains("takes preset") == outcome.errors.contains("takes preset"))
            return text
        }
        #expect(try notices("--preset \(given) -o a.obu").contains("takes preset \(given) for preset \(taken)"))
        #expect(try !notices("--preset \(taken) -o b.obu").contains("takes preset"))
        #expect(try folder.bytes("a.obu") == folder.bytes("b.obu"))
        #expect(try !notices("-o b.obu").contains("takes preset"))
        guard encoder == "libaom" else { return }
        #expect(try !notices("--preset \(given) --latency-mode realtime -o c.obu").contains("takes preset"))
    }

    private static let zones = "--preset ultrafast --encoder-option zones=40,49,q=10"

    @Test("Zones count frames of the whole encode, also in segments (fault G1)", .mustEnd, arguments: ["h264", "hevc"])
    func zones(codec: String) throws {
        try makeSource()
        let encode = "sluice in.raw -s 96x64 -r 25 -p i420 --codec \(codec) --crf 40 \(Self.zones)"
        try folder.succeed("\(encode) -o whole.mp4 --chunks whole.jsonl")
        try folder.succeed("\(encode) --parallel 2 --segment-frames 30 -o parts.mp4 --chunks parts.jsonl")
        let sizes = try ["whole.jsonl", "parts.jsonl"].map { name in
            try folder.chunks(name).sorted { $0.timestamp < $1.timestamp }.map(\.size)
        }
        for sizes in sizes {
            try #require(sizes.count == 60)
            // libx265 counts frames as it finishes them, a few later than they are shown.
            let zone = sizes[45...48].reduce(0, +)
            #expect(zone > 4 * sizes[34...37].reduce(0, +), "\(sizes)")
            #expect(zone > 4 * sizes[10...13].reduce(0, +), "\(sizes)")
            #expect(zone > 4 * sizes[56...59].reduce(0, +), "\(sizes)")
        }
    }

    @Test("Zones count frames of the whole encode, also in shards (fault G1)", .mustEnd)
    func zonesInShards() throws {
        try makeSource()
        let flags = "in.raw -s 96x64 -r 25 -p i420 --codec h264 --crf 40 \(Self.zones)"
        try folder.succeed("sluice \(flags) --parallel 2 --segment-frames 30 -o parts.h264")
        try folder.succeed("sluice plan \(flags) --segment-frames 30 --format annexb -o p.json")
        try folder.succeed(
            "sluice shard p.json --index 0 && sluice shard p.json --index 1 && sluice join p.json -o joined.h264"
        )
        #expect(try folder.sha256("joined.h264") == folder.sha256("parts.h264"))
    }

    @Test("Encoder options that contradict the rate control are refused, in every encoder (fault G2)", .mustEnd)
    func contradictions() throws {
        try makeSource(seconds: "0.2")
        func encode(_ flags: String) -> String { "sluice in.raw -s 96x64 -r 25 -p i420 \(flags) -o out.mkv" }
        let option = "--encoder-option"
        for rate in ["--bitrate 300k", "--crf 20", "--bitrate 300k --bitrate-mode constant"] {
            let words = ["--quantizer 0", "--lossless"]
            let refused = try folder.fail(
                encode("--codec av1 \(rate) \(option) lossless=1"),
                status: 64,
                saying: "lossless"
            )
            for word in words { #expect(refused.errors.contains(word)) }
        }
        try folder.fail(encode("--codec av1 --crf 20 \(option) min-q=40"), status: 64, saying: "min-q")
        try folder.fail(encode("--codec vp9 --crf 20 \(option) lossless=1"), status: 64, saying: "--lossless")
        try folder.fail(encode("--codec hevc --crf 20 \(option) lossless=1"), status: 64, saying: "--lossless")
        try folder.fail(encode("--codec hevc --quantizer 30 \(option) qcomp=0.7"), status: 69, saying: "qcomp")
        try folder.fail(encode("--quantizer 30 \(option) ipratio=1.2"), status: 69, saying: "ipratio")
        try folder.fail(encode("--crf 30 \(option) ratetol=2"), status: 69, saying: "ratetol")
        try folder.fail(encode("\(option) ref=2 \(option) frameref=3"), status: 64, saying: "given twice")
        let svt = "--codec av1 --encoder libsvtav1 --quantizer 30"
        try folder.fail(encode("\(svt) \(option) enable-tpl-la=1"), status: 69, saying: "enable-tpl-la")
        try folder.fail(encode("\(option) zones=5,3,q=10"), status: 64, saying: "START,END")
        #expect(!folder.exists("out.mkv"))
    }

    @Test(
        "A fixed quantizer works with a level of HEVC (fault G3)",
        .mustEnd,
        arguments: ["ultrafast", "medium", "veryslow"]
    )
    func levelAndQuantizer(preset: String) throws {
        try makeSource(size: "640x360", seconds: "0.4")
        let codec = "--codec hvc1.1.6.L93.B0 --quantizer 30 --preset \(preset)"
        try folder.succeed("sluice in.raw -s 640x360 -r 25 -p i420 \(codec) -o out.mp4 --chunks c.jsonl")
        #expect(try folder.probe("out.mp4", "level") == "93")
        #expect(try Set(folder.chunks("c.jsonl").map(\.quantizer)) == [30])
        #expect(try folder.frameCount("out.mp4") == 10)
    }

    @Test("A low bit rate is supported if the encoder keeps it (fault G4)", .mustEnd)
    func probeOfLowRates() throws {
        try folder.succeed("sluice probe --require 'h264@640x360p30,bitrate=100000,bitrateMode=constant'")
        try folder.succeed("sluice probe --require 'vp9@640x360p30,bitrate=100000'")
        try folder.succeed("sluice probe --require 'h264@640x360p30,quantizer=51'")
    }

    @Test(
        "Codec strings of VP9 and AV1 have the registrations' defaults for missing fields (fault G5)",
        .mustEnd,
        arguments: [
            ("vp09.01.10.08.03", "i444"), ("vp09.00.10.08.00.09", "i420"), ("vp09.00.10.08.01.01.01.01", "i420"),
            ("av01.1.04M.08.0.000", "i444"), ("av01.0.04M.08.0", "i420"), ("av01.0.04M.08.0.110.01.01.01", "i420"),
        ]
    )
    func shortStrings(codec: String, format: String) throws {
        try makeSource(format == "i444" ? "yuv444p" : "yuv420p", seconds: "0.2")
        try folder.succeed("sluice in.raw -s 96x64 -r 25 -p \(format) --codec \(codec) -o out.mkv")
        #expect(try folder.probe("out.mkv", "pix_fmt").hasPrefix(format == "i444" ? "yuv444p" : "yuv420p"))
        #expect(try folder.probe("out.mkv", "color_space,color_range") == "tv,bt709")
        let primaries = try folder.probe("out.mkv", "color_primaries")
        #expect(primaries == (codec.hasSuffix(".09") ? "bt2020" : "bt709"))
    }

    @Test("Input of 10 bits is not coded with 8 without a message (fault G6)", .mustEnd)
    func depth() throws {
        try makeSource("yuv420p10le", seconds: "0.2")
        let encode = "sluice in.raw -s 96x64 -r 25 -p i420p10 -o out.mp4 --overwrite"
        let warned = try folder.succeed("\(encode) --receipt r.json")
        #expect(warned.errors.contains("--bit-depth 10"))
        #expect(try folder.text("r.json").contains("--bit-depth 10"))
        #expect(try folder.probe("out.mp4", "pix_fmt") == "yuv420p")
        #expect(try !folder.succeed("\(encode) --bit-depth 8").errors.contains("warning"))
        #expect(try !folder.succeed("\(encode) --bit-depth 10").errors.contains("warning"))
        #expect(try folder.probe("out.mp4", "pix_fmt") == "yuv420p10le")
        #expect(try !folder.succeed("\(encode) --codec hevc").errors.contains("warning"))
        #expect(try folder.succeed("sluice encode --help | tr -s ' \\n' ' '").text.contains("8 for H.264 and VP8"))
    }

    @Test(
        "PQ and HLG are not coded with 8 bits unless requested (fault G6)",
        .mustEnd,
        arguments: ["pq", "hlg"]
    )
    func hdrDepth(transfer: String) throws {
        try makeSource("yuv420p10le", seconds: "0.2")
        let color = "--color-primaries bt2020 --color-transfer \(transfer) --color-matrix bt2020-ncl"
        let encode = "sluice in.raw -s 96x64 -r 25 -p i420p10 \(color) -o out.mp4"
        try folder.fail(encode, status: 69, saying: "--bit-depth 8", "--bit-depth 10")
        try folder.fail("\(encode) --codec avc1.640028", status: 69, saying: "--bit-depth 8")
        #expect(!folder.exists("out.mp4"))
        try folder.succeed("\(encode) --bit-depth 8")
        try folder.succeed("\(encode) --codec hevc --overwrite")
        #expect(try folder.probe("out.mp4", "pix_fmt") == "yuv420p10le")
        try folder.fail("sluice out.mp4 -o again.mp4", status: 69, saying: "--bit-depth 8")
        #expect(!folder.exists("again.mp4"))
    }

    @Test("--expect-frames gives progress its total (fault G7)", .mustEnd)
    func progressTotal() throws {
        try makeSource(seconds: "0.4")
        let encode = "sluice -s 96x64 -r 25 -p i420 --expect-frames 10 --progress json -o out.mp4"
        // Progress comes once a second.
        let progress = try folder.succeed("(cat in.raw; sleep 1.5) | \(encode)").errors
        #expect(progress.contains("\"totalFrames\":10"), "\(progress)")
    }

    @Test("--qindex is in the receipt as it was given (fault L)", .mustEnd)
    func qindex() throws {
        try makeSource(seconds: "0.2")
        try folder.succeed("sluice in.raw -s 96x64 -r 25 -p i420 --codec av1 --qindex 101 -o out.mkv --receipt r.json")
        let receipt = try folder.text("r.json")
        #expect(receipt.contains("\"quantizerIndex\":101"), "\(receipt)")
        #expect(receipt.contains("\"quantizer\":25"), "\(receipt)")
    }

    @Test("--content-hint reaches the encoder, or is refused (fault H10)", .mustEnd)
    func contentHints() throws {
        let natural = Content.natural(size: "96x64", seconds: 1)
        try folder.succeed("\(natural) -y -frames:v 10 -f rawvideo -pix_fmt yuv420p in.raw")
        func encode(_ flags: String, _ output: String = "out.mkv") -> String {
            "sluice in.raw -s 96x64 -r 25 -p i420 \(flags) -o \(output) --overwrite"
        }
        for codec in ["av1", "vp9 --latency-mode realtime", "h264", "hevc", "vp8"] {
            try folder.succeed(encode("--codec \(codec)", "plain.mkv"))
            try folder.succeed(encode("--codec \(codec) --content-hint text --receipt r.json"))
            #expect(try folder.bytes("out.mkv") != folder.bytes("plain.mkv"), "\(codec)")
            #expect(try folder.text("r.json").contains("\"contentHint\":\"text\""))
            #expect(try folder.frameCount("out.mkv") == 10)
            try folder.succeed(encode("--codec \(codec) --content-hint motion"))
        }
        for codec in ["av1", "vp9", "h264", "hevc"] {
            try folder.succeed(encode("--codec \(codec)", "plain.mkv"))
            try folder.succeed(encode("--codec \(codec) --content-hint detail"))
            #expect(try folder.bytes("out.mkv") != folder.bytes("plain.mkv"), "\(codec)")
        }
        try folder.fail(encode("--codec vp9 --content-hint text"), status: 69, saying: "--content-hint text")
        try folder.fail(encode("--codec vp8 --content-hint detail"), status: 69, saying: "detail")
        let svt = "--codec av1 --encoder libsvtav1 --preset 12"
        try folder.succeed(encode("\(svt) --content-hint text"))
        try folder.fail(encode("\(svt) --content-hint detail"), status: 69, saying: "--content-hint detail")
        let twice = "--codec av1 --content-hint text --encoder-option tune-content=film"
        try folder.fail(encode(twice), status: 64, saying: "--content-hint text", "tune-content")
        try folder.fail(encode("--content-hint film"), status: 64, saying: "content-hint")
    }
}
