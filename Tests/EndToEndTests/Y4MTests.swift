import Testing

@Suite("Y4M")
struct Y4MTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Kind: CustomTestStringConvertible, Sendable {
        let header: String
        let ffmpeg: String
        var testDescription: String { header }

        static let all = [
            Kind(header: "C420jpeg", ffmpeg: "yuv420p -chroma_sample_location center"),
            Kind(header: "C420mpeg2", ffmpeg: "yuv420p -chroma_sample_location left"),
            Kind(header: "C422", ffmpeg: "yuv422p"),
            Kind(header: "C444", ffmpeg: "yuv444p"),
            Kind(header: "Cmono", ffmpeg: "gray"),
        ]
    }

    /// A Y4M file with this chroma in its header, of frames numbered in their luma.
    private func write(_ kind: Kind, size: String, frames: Int) throws {
        let pixels = kind.header.hasPrefix("C42") && kind.header != "C422" ? "i420" : "i444"
        let numbered = "sluice testsrc -s \(size) -p \(pixels) --frames \(frames) --format y4m -r 24000/1001"
        let convert = "ffmpeg -v error -i - -pix_fmt \(kind.ffmpeg) -f yuv4mpegpipe -strict -1 in.y4m"
        try folder.succeed("\(numbered) | \(convert)")
        let header = try folder.bytes("in.y4m").prefix { $0 != 10 }
        try #require(String(decoding: header, as: UTF8.self).contains(" \(kind.header)"))
    }

    @Test(
        "Y4M has its own size, rate and format",
        .mustEnd,
        arguments: Kind.all,
        ["- < in.y4m", "in.y4m"]
    )
    func header(kind: Kind, input: String) throws {
        try write(kind, size: "96x64", frames: 6)
        try folder.succeed("sluice --quantizer 8 -o out.h264 \(input)")
        #expect(try folder.probe("out.h264", "width,height,r_frame_rate") == "96,64,24000/1001")
        let luma = try folder.decode("out.h264", "gray", filter: "extractplanes=y")
        let numbers = (0..<6).map { TestPicture.number(inLuma: luma, frame: $0, width: 96, height: 64) }
        #expect(numbers == Array(0..<6))
    }

    @Test(
        "Y4M of odd size is made even",
        .mustEnd,
        arguments: Kind.all,
        [("pad", "36,22"), ("crop", "34,20")]
    )
    func odd(kind: Kind, policy: (name: String, size: String)) throws {
        try write(kind, size: "35x21", frames: 3)
        try folder.fail("sluice -o out.h264 in.y4m", status: 69, saying: "35x21", "--odd-size")
        try folder.succeed("sluice --odd-size \(policy.name) -o out.h264 < in.y4m")
        #expect(try folder.probe("out.h264", "width,height") == policy.size)
        #expect(try folder.frameCount("out.h264") == 3)
    }

    @Test("Y4M stores the location of its chroma", .mustEnd, arguments: [("C420jpeg", 1), ("C420mpeg2", 0)])
    func siting(header: String, location: Int) throws {
        let kind = try #require(Kind.all.first { $0.header == header })
        try write(kind, size: "64x48", frames: 1)
        try folder.succeed("sluice -o out.h264 in.y4m")
        let values = try folder.headers("out.h264").sequenceParameters?.values ?? [:]
        #expect(values["chroma_sample_loc_type_top_field"] ?? 0 == location)
    }

    @Test("Y4M has its range and sample aspect ratio kept", .mustEnd)
    func rangeAndAspect() throws {
        let header = "YUV4MPEG2 W64 H48 F25:1 Ip A64:45 C420mpeg2 XCOLORRANGE=FULL\nFRAME\n"
        let frame = Array(header.utf8) + [UInt8](repeating: 128, count: 64 * 48 * 3 / 2)
        try folder.succeed("sluice -o out.h264", input: frame)
        #expect(try folder.probe("out.h264", "sample_aspect_ratio,color_range") == "64:45,pc")
    }

    private func header(of name: String) throws -> String {
        String(decoding: try folder.bytes(name).prefix { $0 != 10 }, as: UTF8.self)
    }

    @Test(
        "Y4M has the order of the fields that an interlaced stream has",
        .mustEnd,
        arguments: [("tff", "t"), ("bff", "b")]
    )
    func fields(order: String, letter: String) throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -pix_fmt yuv420p"
        let flags = "-vf setfield=\(order) -flags +ildct+ilme -x264opts \(order)=1"
        try folder.succeed("\(source) \(flags) -c:v libx264 in.mp4")
        try folder.succeed("sluice decode in.mp4 -o out.y4m")
        #expect(try header(of: "out.y4m").contains(" I\(letter) "))
        try folder.succeed("\(source) -c:v libx264 progressive.mp4")
        try folder.succeed("sluice decode progressive.mp4 -o progressive.y4m")
        #expect(try header(of: "progressive.y4m").contains(" Ip "))
    }

    @Test("Y4M that is damaged or contradicted is refused", .mustEnd)
    func damaged() throws {
        func fail(_ text: String, _ status: Int32, saying words: String, flags: String = "") throws {
            try folder.fail("sluice \(flags) -o out.h264", status: status, saying: words, input: Array(text.utf8))
            #expect(folder.names == [])
        }
        let good = "YUV4MPEG2 W16 H16 F30:1 C420jpeg\n"
        let frame = "FRAME\n" + String(repeating: "x", count: 384)
        try fail(good, 65, saying: "empty")
        try fail(good + frame + "FRAME\nxxx", 65, saying: "frame 1 is partial: 3 of 384 bytes")
        try fail(good + frame + "FRAM", 65, saying: "frame 1")
        try fail(good + frame + "JUNK!\n" + frame, 65, saying: "frame 1")
        try fail("YUV4MPEG2 W16\n" + frame, 65, saying: "H")
        try fail("YUV4MPEG2 W0 H16 F30:1\n" + frame, 65, saying: "W")
        try fail("YUV4MPEG2 W16 H16 F30:1 C420p14\n" + frame, 69, saying: "C420p14")
        try fail(good + frame, 64, saying: "contradicts", flags: "-s 32x32")
        try fail(good + frame, 64, saying: "contradicts", flags: "-p i444")
        try fail(good + frame, 64, saying: "--stride", flags: "--stride 64")
        try fail("not Y4M at all", 65, saying: "YUV4MPEG2", flags: "--input-format y4m")
        try fail("YUV4MPEG2 " + String(repeating: "X", count: 100_000), 65, saying: "more than")
    }
}
