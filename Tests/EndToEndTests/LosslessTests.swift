import Testing

@Suite("A lossless encode")
struct LosslessTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func makeSource(_ format: String, size: String = "96x64", seconds: String = "0.4") throws {
        let source = "-f lavfi -i testsrc2=s=\(size):r=25:d=\(seconds)"
        try folder.succeed("ffmpeg -v error -y \(source) -pix_fmt \(format) -f rawvideo in.raw")
    }

    /// Every frame that ffmpeg decodes has the bytes of the source's.
    private func checkExact(_ name: String, _ format: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        let (decoded, source) = (try folder.decode(name, format), try folder.bytes("in.raw"))
        #expect(decoded.count == source.count, sourceLocation: sourceLocation)
        #expect(decoded == source, "\(name) differs", sourceLocation: sourceLocation)
    }

    @Test(
        "A lossless encode gives back every sample, in every codec that can, chroma and depth (fault G8)",
        .mustEnd,
        arguments: ["h264", "hevc", "vp9", "av1"],
        [
            ("i420", "yuv420p"), ("i444", "yuv444p"), ("i422", "yuv422p"), ("i420p10", "yuv420p10le"),
            ("i444p10", "yuv444p10le"),
        ]
    )
    func exact(codec: String, formats: (ours: String, theirs: String)) throws {
        try makeSource(formats.theirs)
        let encode = "sluice in.raw -s 96x64 -r 25 -p \(formats.ours) --codec \(codec) --lossless"
        try folder.succeed("\(encode) --verify -o out.mkv --receipt r.json")
        try checkExact("out.mkv", formats.theirs)
        #expect(try folder.text("r.json").contains("\"lossless\":true"))
    }

    @Test(
        "A lossless encode codes RGB as RGB, exactly (fault G8)",
        .mustEnd,
        arguments: ["h264", "hevc", "vp9", "av1"]
    )
    func rgb(codec: String) throws {
        try makeSource("rgb24")
        let encode = "sluice in.raw -s 96x64 -r 25 -p rgb24 --codec \(codec)"
        try folder.succeed("\(encode) --lossless --verify -o out.mkv")
        try checkExact("out.mkv", "rgb24")
        try folder.succeed("\(encode) --color-matrix rgb --lossless -o said.mkv")
        try checkExact("said.mkv", "rgb24")
        #expect(["gbr", "gbrp"].contains(try folder.probe("said.mkv", "color_space")))
    }

    @Test("A lossless encode is the same in segments, shards and a batch (fault G8)", .mustEnd)
    func everywhere() throws {
        try makeSource("yuv420p", seconds: "2.4")
        let flags = "in.raw -s 96x64 -r 25 -p i420 --codec h264 --lossless"
        try folder.succeed("sluice \(flags) --parallel 2 --segment-frames 30 -o parallel.mp4")
        try checkExact("parallel.mp4", "yuv420p")
        try folder.succeed("sluice plan \(flags) --segment-frames 30 --format mp4 -o p.json")
        for index in 0...1 { try folder.succeed("sluice shard p.json --index \(index)") }
        try folder.succeed("sluice join p.json -o joined.mp4")
        try checkExact("joined.mp4", "yuv420p")
        let job = """
            jobs:
              - input: in.raw
                size: 96x64
                framerate: 25
                pixel-format: i420
                codec: hevc
                lossless: true
                output: batch.mp4
            """
        try folder.write(Array(job.utf8), to: "jobs.yaml")
        try folder.succeed("sluice batch jobs.yaml")
        try checkExact("batch.mp4", "yuv420p")
    }

    @Test("A lossless encode names the profile that has it (fault G8)", .mustEnd)
    func profile() throws {
        try makeSource("yuv420p")
        let encode = "sluice in.raw -s 96x64 -r 25 -p i420 --lossless -o out.mp4 --overwrite"
        try folder.succeed("\(encode) --codec avc1.F4000A")
        #expect(try folder.probe("out.mp4", "profile") == "High 4:4:4 Predictive")
        #expect(try folder.probe("out.mp4", "level") == "10")
        try checkExact("out.mp4", "yuv420p")
        try folder.fail("\(encode) --codec avc1.640028", status: 69, saying: "profile_idc 244")
    }

    @Test("A lossless encode is refused where something would be lost, naming what can (fault G8)", .mustEnd)
    func refusals() throws {
        try makeSource("yuv420p")
        let encode = "sluice in.raw -s 96x64 -r 25 -p i420 --lossless -o out.mkv"
        try folder.fail("\(encode) --codec vp8", status: 69, saying: "VP9")
        try folder.fail("\(encode) --codec av1 --encoder libsvtav1", status: 69, saying: "libaom")
        try folder.fail("\(encode) --encoder h264_v4l2m2m", status: 69, saying: "h264_v4l2m2m")
        try folder.fail("\(encode) --bitrate 1M", status: 64, saying: "lossless excludes a bitrate")
        try folder.fail("\(encode) --crf 0", status: 64, saying: "lossless")
        try folder.fail("\(encode) --quantizer 0", status: 64, saying: "lossless")
        try folder.fail("\(encode) --scale 48x32", status: 64, saying: "--scale")
        try folder.fail("\(encode) --codec av1 --encoder-option film-grain-test=3", status: 69, saying: "lossless")
        try makeSource("yuv420p10le")
        let deep = "sluice in.raw -s 96x64 -r 25 -p i420p10 --lossless -o out.mkv"
        try folder.fail("\(deep) --bit-depth 8", status: 69, saying: "--bit-depth")
        try makeSource("rgb24")
        let rgb = "sluice in.raw -s 96x64 -r 25 -p rgb24 --lossless -o out.mkv"
        try folder.fail("\(rgb) --color-matrix bt709", status: 69, saying: "--color-matrix rgb")
        #expect(!folder.exists("out.mkv"))
    }
}
