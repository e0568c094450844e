import Testing

@Suite("Samples of more than 8 bits")
struct DepthTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Deep: CustomTestStringConvertible, Sendable {
        let name: String
        let ffmpeg: String
        let chroma: String
        var testDescription: String { name }

        static let all = [
            Deep(name: "i420p10", ffmpeg: "yuv420p10le", chroma: "420"),
            Deep(name: "i422p10", ffmpeg: "yuv422p10le", chroma: "422"),
            Deep(name: "i444p10", ffmpeg: "yuv444p10le", chroma: "444"),
            Deep(name: "p010", ffmpeg: "p010le", chroma: "420"),
            Deep(name: "i420p12", ffmpeg: "yuv420p12le", chroma: "420"),
            Deep(name: "i422p12", ffmpeg: "yuv422p12le", chroma: "422"),
            Deep(name: "i444p12", ffmpeg: "yuv444p12le", chroma: "444"),
        ]
    }

    @Test(
        "Samples of 12 bits are coded with 10 by default, and a warning says so and what keeps them (fault G6)",
        .mustEnd,
        arguments: ["hevc", "av1", "vp9"]
    )
    func twelveBits(codec: String) throws {
        try folder.succeed("sluice testsrc -s 64x48 -p i420p12 --frames 2 -o in.raw")
        let encode = "sluice in.raw -s 64x48 -r 25 -p i420p12 --codec \(codec)"
        let warning = try folder.succeed("\(encode) -o out.mkv").errors
        #expect(warning.contains("input of 12 bits is coded with 10"), "\(warning)")
        #expect(warning.contains("--bit-depth 12 to keep them"), "\(warning)")
        #expect(try folder.succeed("\(encode) --bit-depth 12 -o kept.mkv").errors.contains("is coded with") == false)
        #expect(try folder.probe("kept.mkv", "pix_fmt") == "yuv420p12le")
    }

    @Test(
        "Samples that have more bits from some frame on are coded with those of the first, and a warning says so",
        .mustEnd
    )
    func laterDepth() throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -c:v libx264"
        try folder.succeed(
            "\(source) -pix_fmt yuv420p a.ts && \(source) -pix_fmt yuv420p10le -output_ts_offset 0.4 b.ts"
        )
        try folder.succeed("cat a.ts b.ts >in.ts")
        let warning = try folder.succeed("sluice encode in.ts --scale 96x64 -o out.mp4").errors
        #expect(warning.contains("frame 10 has 10 bits, of which 8 are coded"), "\(warning)")
        try folder.fail("sluice decode in.ts -o x.raw", status: 69, saying: "--pixel-format i420 to convert")
        try folder.succeed("sluice decode in.ts --pixel-format i420 -o x.raw")
    }

    private static let natural = Content.natural(size: "96x64", seconds: 1)

    /// The PSNR of a stream against its raw source, both in `format`.
    private func psnr(_ stream: String, _ source: String, _ input: String, in format: String) throws -> Double {
        let raw = "-f rawvideo -r 30 -s 96x64"
        try folder.succeed("ffmpeg -v error -y -i \(stream) -fps_mode passthrough -f rawvideo -pix_fmt \(format) a.raw")
        let inputs = "\(raw) -pix_fmt \(format) -i a.raw \(raw) -pix_fmt \(input) -i \(source)"
        let graph = "[1]format=\(format)[b];[0][b]psnr"
        let words = try folder.succeed("ffmpeg -hide_banner -nostats \(inputs) -lavfi '\(graph)' -f null -").errors
        let average = try #require(words.split(separator: " ").last { $0.hasPrefix("average:") }?.dropFirst(8))
        return average == "inf" ? .infinity : try #require(Double(average))
    }

    private func make(_ format: String) throws {
        try folder.succeed("\(Self.natural) -frames:v 6 -f rawvideo -pix_fmt \(format) in.raw")
    }

    @Test(
        "Samples of more than 8 bits are read from every format and coded with their depth",
        .mustEnd,
        arguments: Deep.all
    )
    func formats(input: Deep) throws {
        try make(input.ffmpeg)
        let depth = input.name.hasSuffix("12") ? 12 : 10
        let flags = "--codec vp9 --preset 5 --quantizer 4 --chroma \(input.chroma) --bit-depth \(depth)"
        try folder.succeed("sluice -s 96x64 -r 30 -p \(input.name) \(flags) -o out.webm in.raw")
        let planar = "yuv\(input.chroma)p\(depth)le"
        #expect(try folder.probe("out.webm", "pix_fmt") == planar)
        #expect(try folder.frameCount("out.webm") == 6)
        // 8 bits alone would end at about 59 dB in 10; a shift or a swapped byte at less than 30.
        #expect(try psnr("out.webm", "in.raw", input.ffmpeg, in: planar) > 44)
    }

    @Test(
        "Samples of more than 8 bits are kept to the bit by a lossless encoder",
        .mustEnd,
        arguments: Deep.all.filter { $0.name.hasSuffix("10") }
    )
    func lossless(input: Deep) throws {
        try make(input.ffmpeg)
        try folder.succeed("sluice -s 96x64 -r 30 -p \(input.name) --codec vp9 --lossless -o out.webm in.raw")
        #expect(try psnr("out.webm", "in.raw", input.ffmpeg, in: "yuv\(input.chroma)p10le") == .infinity)
    }

    @Test(
        "Samples of more than 8 bits are coded by every codec that can, in every chroma it has",
        .mustEnd,
        arguments: ["h264", "hevc", "vp9", "av1"],
        Deep.all.filter { $0.name.hasPrefix("i") && $0.name.hasSuffix("10") }
    )
    func codecs(codec: String, input: Deep) throws {
        try make(input.ffmpeg)
        let flags = "\(Quick.flags(codec)) --crf 8 --bit-depth 10 --chroma \(input.chroma)"
        try folder.succeed("sluice -s 96x64 -r 30 -p \(input.name) \(flags) -o out.mkv in.raw")
        #expect(try folder.probe("out.mkv", "pix_fmt") == input.ffmpeg)
        #expect(try psnr("out.mkv", "in.raw", input.ffmpeg, in: input.ffmpeg) > 42)
    }

    @Test(
        "Samples of more than 8 bits become those of the coded picture, up and down",
        .mustEnd,
        arguments: [
            ("yuv420p", "i420", "vp9", 10), ("yuv420p", "i420", "av1", 10), ("yuv420p", "i420", "hevc", 10),
            ("yuv420p10le", "i420p10", "vp8", 8), ("yuv420p10le", "i420p10", "h264", 8), ("p010le", "p010", "av1", 8),
            ("yuv420p12le", "i420p12", "hevc", 10), ("yuv420p10le", "i420p10", "vp9", 12),
        ]
    )
    func conversion(ffmpeg: String, input: String, codec: String, depth: Int) throws {
        try make(ffmpeg)
        let flags = "\(Quick.flags(codec)) --crf 6 --bit-depth \(depth)"
        try folder.succeed("sluice -s 96x64 -r 30 -p \(input) \(flags) -o out.mkv in.raw")
        let coded = depth == 8 ? "yuv420p" : "yuv420p\(depth)le"
        #expect(try folder.probe("out.mkv", "pix_fmt") == coded)
        #expect(try psnr("out.mkv", "in.raw", ffmpeg, in: coded) > 40)
    }

    @Test(
        "Samples of more than 8 bits are by default coded with 10",
        .mustEnd,
        arguments: [("i420p10", 10), ("i420p12", 10)]
    )
    func byDefault(input: String, depth: Int) throws {
        let source = try folder.source(input, frames: 3)
        try folder.succeed("sluice -s 64x48 -r 30 -p \(input) --codec vp9 --preset 5 -o out.mkv \(source)")
        #expect(try folder.probe("out.mkv", "pix_fmt") == "yuv420p\(depth)le")
    }

    @Test("Samples of more than 8 bits come in Y4M too", .mustEnd, arguments: Deep.all.filter { $0.name != "p010" })
    func y4m(input: Deep) throws {
        let pixels = "-strict -1 -pix_fmt \(input.ffmpeg) -f yuv4mpegpipe"
        try folder.succeed("\(Self.natural) -frames:v 6 \(pixels) in.y4m")
        try make(input.ffmpeg)
        let depth = input.name.hasSuffix("12") ? 12 : 10
        let flags = "--codec vp9 --preset 5 --quantizer 4 --chroma \(input.chroma) --bit-depth \(depth)"
        try folder.succeed("sluice \(flags) -o out.webm in.y4m")
        let planar = "yuv\(input.chroma)p\(depth)le"
        #expect(try folder.probe("out.webm", "pix_fmt") == planar)
        #expect(try psnr("out.webm", "in.raw", input.ffmpeg, in: planar) > 44)
    }

    @Test("Samples of more than 8 bits of testsrc are those of its format", .mustEnd, arguments: Deep.all)
    func testSource(input: Deep) throws {
        let source = try folder.source(input.name, frames: 3)
        let raw = "-f rawvideo -s 64x48 -pix_fmt \(input.ffmpeg) -i \(source)"
        let luma = Array(try folder.succeed("ffmpeg -v error \(raw) -f rawvideo -pix_fmt gray -").output)
        try #require(luma.count == 3 * 64 * 48)
        let numbers = (0..<3).map { TestPicture.number(inLuma: luma, frame: $0, width: 64, height: 48) }
        #expect(numbers == [0, 1, 2])
    }

    @Test(
        "Samples of more than 8 bits of testsrc's Y4M are read by ffmpeg",
        .mustEnd,
        arguments: Deep.all.filter { $0.name != "p010" }
    )
    func testSourceY4M(input: Deep) throws {
        try folder.succeed("sluice testsrc -s 64x48 -p \(input.name) --frames 3 -o in.y4m")
        #expect(try folder.probe("in.y4m", "width,height,pix_fmt") == "64,48,\(input.ffmpeg)")
        #expect(try folder.frameCount("in.y4m") == 3)
    }

    @Test(
        "Samples of more than 8 bits are not for VP8, and 12 not for H.264",
        .mustEnd,
        arguments: [("vp8", 10), ("vp8", 12), ("h264", 12)]
    )
    func refused(codec: String, depth: Int) throws {
        let encode = "sluice -s 64x48 -r 30 -p i420p10 --codec \(codec) --bit-depth \(depth) -o out.mkv"
        try folder.fail("\(encode) \(try folder.source("i420p10"))", status: 69, saying: "\(depth)")
    }
}
