import Testing

@Suite("A picture's size")
struct GeometryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let oddSizes = ["33x32", "32x33", "35x21"]

    @Test("A picture's size that is odd is refused, with both alternatives", .mustEnd, arguments: oddSizes)
    func refused(size: String) throws {
        let source = "sluice testsrc -s \(size) --frames 2"
        try folder.fail(
            "\(source) | sluice -s \(size) -r 30 -p rgba -o out.h264",
            status: 69,
            saying: "odd size \(size)",
            "--odd-size pad",
            "--odd-size crop"
        )
        #expect(folder.names == [])
    }

    @Test(
        "A picture's size that is odd is made even in every format",
        .mustEnd,
        arguments: RawFormat.all,
        [("pad", "36,22"), ("crop", "34,20")]
    )
    func madeEven(format: RawFormat, policy: (name: String, size: String)) throws {
        let source = "sluice testsrc -s 35x21 -p \(format.name) --frames 3"
        let encode = "sluice -s 35x21 -r 30 -p \(format.name) --odd-size \(policy.name) --quantizer 4 -o out.h264"
        try folder.succeed("\(source) | \(encode)")
        #expect(try folder.frameCount("out.h264") == 3)
        #expect(try folder.probe("out.h264", "width,height") == policy.size)
        try folder.succeed("\(source) -o in.raw")
        let luma = "ffmpeg -v error -f rawvideo -pix_fmt \(format.ffmpeg) -s 35x21 -i in.raw"
        guard !format.isRGB, format.name != "gray8" else { return }
        let before = Array(try folder.succeed("\(luma) -vf extractplanes=y -f rawvideo -").output)
        let after = try folder.decode("out.h264", "gray", filter: "extractplanes=y")
        let width = policy.name == "pad" ? 36 : 34
        let errors = (0..<20).flatMap { y in
            (0..<34).map { abs(Int(before[y * 35 + $0]) - Int(after[y * width + $0])) }
        }
        #expect(errors.max() ?? 255 <= 4)
    }

    @Test("A picture's size that is odd is accepted in 4:4:4", .mustEnd)
    func oddIn444() throws {
        let source = "sluice testsrc -s 35x21 -p i444 --frames 3"
        try folder.succeed("\(source) | sluice -s 35x21 -r 30 -p i444 --chroma 444 -o out.h264")
        #expect(try folder.frameCount("out.h264") == 3)
        #expect(try folder.probe("out.h264", "width,height,pix_fmt") == "35,21,yuv444p")
    }

    @Test("A picture's size is scaled", .mustEnd, arguments: ["rgba", "i420", "gray8", "nv12"])
    func scaled(format: String) throws {
        let source = "sluice testsrc -s 256x144 -p \(format) --frames 3"
        try folder.succeed("\(source) | sluice -s 256x144 -r 30 -p \(format) --scale 128x72 --crf 12 -o out.h264")
        #expect(try folder.probe("out.h264", "width,height") == "128,72")
        let luma = try folder.decode("out.h264", "gray")
        let numbers = (0..<3).map { TestPicture.number(inLuma: luma, frame: $0, width: 128, height: 72) }
        #expect(numbers == [0, 1, 2])
    }

    @Test(
        "A picture's size to be shown has its exact shape in AV1, whose display size is the least that is no smaller",
        .mustEnd,
        arguments: ["361x240", "719x575", "353x241"]
    )
    func displaySizeOfAV1(size: String) throws {
        let source = "sluice testsrc -s \(size) --frames 1"
        try folder.succeed(
            "\(source) | sluice -s \(size) -r 25 -p rgba --codec av1 --display-size 1280x720 --odd-size pad -o out.mkv"
        )
        #expect(try folder.probe("out.mkv", "display_aspect_ratio") == "16:9")
    }

    @Test("A picture's size to be shown becomes the sample aspect ratio", .mustEnd)
    func displaySize() throws {
        let source = "sluice testsrc -s 720x576 --frames 1"
        let encode = "sluice -s 720x576 -r 25 -p rgba --display-size 1024x576 -o out.h264 --chunks out.jsonl"
        try folder.succeed("\(source) | \(encode)")
        #expect(try folder.probe("out.h264", "sample_aspect_ratio,display_aspect_ratio") == "64:45,16:9")
        let config = try #require(try folder.chunks("out.jsonl").first?.decoderConfig)
        let (width, height) = (config.displayAspectWidth ?? 0, config.displayAspectHeight ?? 1)
        #expect(width * 9 == height * 16, "\(width):\(height)")
    }

    @Test(
        "A picture's size and chroma follow --chroma",
        .mustEnd,
        arguments: [
            ("i444", "420", "yuv420p"), ("i444", "422", "yuv422p"), ("i444", "444", "yuv444p"),
            ("i422", "422", "yuv422p"),
            ("i420", "444", "yuv444p"), ("rgba", "444", "yuv444p"), ("rgba", "422", "yuv422p"),
        ]
    )
    func chroma(input: String, chroma: String, output: String) throws {
        let source = "sluice testsrc -s 96x64 -p \(input) --frames 3"
        try folder.succeed("\(source) | sluice -s 96x64 -r 30 -p \(input) --chroma \(chroma) -o out.h264")
        #expect(try folder.probe("out.h264", "pix_fmt") == output)
        #expect(try folder.frameCount("out.h264") == 3)
    }

    @Test(
        "A picture in i422 or i444 is coded in 4:2:0 unless more is requested",
        .mustEnd,
        arguments: ["i422", "i444"]
    )
    func lessChroma(format: String) throws {
        try folder.succeed(
            "sluice testsrc -s 96x64 -p \(format) --frames 1 | sluice -s 96x64 -r 30 -p \(format) -o out.h264"
        )
        #expect(try folder.probe("out.h264", "pix_fmt") == "yuv420p")
    }
}
