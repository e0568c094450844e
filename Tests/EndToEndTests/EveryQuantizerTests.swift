import Testing

@Suite("Quantizers of every codec")
struct EveryQuantizerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let frames = 12

    private func encode(_ codec: String, _ flags: String, to file: String) throws {
        let name = "natural.raw"
        if !folder.exists(name) {
            let natural = Content.natural(size: "96x64", seconds: 1)
            try folder.succeed("\(natural) -frames:v \(Self.frames) -f rawvideo -pix_fmt yuv420p \(name)")
        }
        let encode = "sluice -s 96x64 -r 30 -p i420 \(Quick.flags(codec)) \(flags)"
        try folder.succeed("\(encode) -o \(file) --chunks out.jsonl --overwrite \(name)")
    }

    /// The quantizer index of every shown frame, as it is in its header.
    private func indexes(_ codec: String, _ file: String) throws -> [Int] {
        if codec == "vp8" { return try folder.frames(ofIVF: file).compactMap(VP8Header.quantizerIndex) }
        return try folder.headers(file).sections.compactMap { $0.values["base_q_idx"] }
    }

    /// What 0 to 63 means in the bitstream: libvpx's table for VP8, and that of VP9 and AV1.
    private static func index(_ quantizer: Int, _ codec: String) -> Int {
        let vp8 = [
            0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 33, 35,
            37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 64, 67, 70, 73, 76, 79, 82, 85, 88, 91, 94, 97, 100,
            103, 106, 109, 112, 115, 118, 121, 124, 127,
        ]
        if codec == "vp8" { return vp8[quantizer] }
        return quantizer < 62 ? quantizer * 4 : quantizer == 62 ? 249 : 255
    }

    private static func file(_ codec: String) -> String { codec == "av1" ? "out.obu" : "out.ivf" }

    @Test(
        "Quantizers of every codec are exactly in every frame header",
        .mustEnd,
        arguments: ["vp8", "vp9", "av1"],
        [1, 20, 62, 63]
    )
    func fixed(codec: String, quantizer: Int) throws {
        try encode(codec, "--quantizer \(quantizer)", to: Self.file(codec))
        let expected = Array(repeating: Self.index(quantizer, codec), count: Self.frames)
        #expect(try indexes(codec, Self.file(codec)) == expected)
        let said = try folder.chunkDetails("out.jsonl")
        #expect(said.map(\.quantizer) == Array(repeating: quantizer, count: Self.frames))
        #expect(said.map(\.qindex) == expected)
        #expect(try folder.frameCount(Self.file(codec)) == Self.frames)
    }

    @Test("Quantizers of every codec are exactly in every slice header of HEVC", .mustEnd, arguments: [0, 20, 51])
    func hevc(quantizer: Int) throws {
        try encode("hevc", "--quantizer \(quantizer)", to: "out.hevc")
        let headers = try folder.headers("out.hevc")
        let initial = 26 + (headers.pictureParameters?.values["init_qp_minus26"] ?? -99)
        let slices = headers.sections.filter { $0.name == "Slice Segment Header" }
        #expect(
            slices.map { initial + ($0.values["slice_qp_delta"] ?? -99) }
                == Array(repeating: quantizer, count: Self.frames)
        )
    }

    @Test(
        "Quantizers of every codec are, frame by frame, those of --frame-options",
        .mustEnd,
        arguments: ["vp8", "vp9", "av1"],
        ["quality", "realtime"]
    )
    func perFrame(codec: String, latency: String) throws {
        let wanted = (0..<Self.frames).map { 1 + $0 * 23 % 63 }
        let lines = wanted.indices.map { "{\"frame\":\($0),\"quantizer\":\(wanted[$0])}\n" }.joined()
        try folder.write(Array(lines.utf8), to: "options.jsonl")
        let flags = "--quantizer 30 --latency-mode \(latency) --frame-options options.jsonl"
        try encode(codec, flags, to: Self.file(codec))
        #expect(try indexes(codec, Self.file(codec)) == wanted.map { Self.index($0, codec) })
        #expect(try folder.chunkDetails("out.jsonl").map(\.quantizer) == wanted)
    }

    @Test(
        "Quantizers of every codec are, with layers too, those of --frame-options",
        .mustEnd,
        arguments: ["vp8", "vp9", "av1"]
    )
    func layers(codec: String) throws {
        let wanted = (0..<Self.frames).map { 1 + $0 * 17 % 63 }
        let lines = wanted.indices.map { "{\"frame\":\($0),\"quantizer\":\(wanted[$0])}\n" }.joined()
        try folder.write(Array(lines.utf8), to: "options.jsonl")
        let flags = "--quantizer 30 --scalability-mode L1T3 --frame-options options.jsonl"
        try encode(codec, flags, to: Self.file(codec))
        #expect(try indexes(codec, Self.file(codec)) == wanted.map { Self.index($0, codec) })
    }

    @Test(
        "Quantizers of VP8 are those of every macroblock: no segment has its own",
        .mustEnd,
        arguments: ["L1T1", "L1T3"]
    )
    func segments(mode: String) throws {
        try encode("vp8", "--quantizer 30 --latency-mode realtime --scalability-mode \(mode)", to: "out.ivf")
        // A key frame's macroblocks are all in segment 0.
        let frames = try folder.frames(ofIVF: "out.ivf").dropFirst()
        #expect(frames.map(VP8Header.segmentQuantizers) == Array(repeating: [], count: Self.frames - 1))
    }

    @Test(
        "Quantizers in the bitstream's scale are the nearest available ones, and the one used is reported",
        .mustEnd,
        arguments: [
            ("vp8", 14, [13, 15]), ("vp8", 127, [127]), ("vp9", 100, [100]), ("vp9", 253, [255]), ("av1", 101, [100]),
            ("av1", 255, [255]),
        ]
    )
    func scale(codec: String, asked: Int, nearest: [Int]) throws {
        try encode(codec, "--qindex \(asked)", to: Self.file(codec))
        let found = try indexes(codec, Self.file(codec))
        #expect(found.count == Self.frames && Set(found).count == 1 && nearest.contains(found[0]), "\(found)")
        #expect(try folder.chunkDetails("out.jsonl").map(\.qindex) == found)
    }

    @Test("Quantizers for single frames are unsupported in HEVC", .mustEnd)
    func hevcPerFrame() throws {
        let source = try folder.source()
        try folder.write(Array("{\"frame\":3,\"quantizer\":20}".utf8), to: "options.jsonl")
        let encode = "sluice -s 64x48 -r 30 -p i420 --codec hevc --quantizer 30 --frame-options options.jsonl"
        try folder.fail("\(encode) -o out.mkv \(source)", status: 69, saying: "libx265", "frame 3")
        #expect(!folder.exists("out.mkv"))
    }

    @Test(
        "Quantizers out of range are usage errors that name the range",
        .mustEnd,
        arguments: [
            ("h264", "--quantizer 52", "0...51"), ("hevc", "--quantizer 52", "0...51"),
            ("vp8", "--quantizer 64", "0...63"),
            ("vp9", "--quantizer 64", "0...63"), ("av1", "--quantizer 64", "0...63"),
            ("av1", "--quantizer=-1", "0...63"),
            ("vp8", "--qindex 128", "0...127"), ("vp9", "--qindex 256", "0...255"), ("av1", "--qindex 256", "0...255"),
        ]
    )
    func range(codec: String, flags: String, words: String) throws {
        let encode = "sluice -s 64x48 -r 30 -p i420 --codec \(codec) \(flags) -o out.mkv"
        try folder.fail("\(encode) < /dev/null", status: 64, saying: words)
    }

    @Test(
        "Quantizers out of range for one frame are usage errors that name the line",
        .mustEnd,
        arguments: ["vp8", "av1"]
    )
    func rangeOfFrame(codec: String) throws {
        try folder.write(Array("{\"frame\":0,\"quantizer\":9}\n{\"frame\":3,\"quantizer\":64}".utf8), to: "o.jsonl")
        let encode = "sluice -s 64x48 -r 30 -p i420 --codec \(codec) --quantizer 30 --frame-options o.jsonl -o out.mkv"
        try folder.fail("\(encode) \(try folder.source())", status: 64, saying: "o.jsonl:2", "0...63")
    }

    @Test("Key frames of every codec are exactly where they were requested", .mustEnd, arguments: Carriage.mkv)
    func keyFrames(item: Carriage) throws {
        try folder.write(Array("{\"frame\":5,\"keyFrame\":true}\n{\"frame\":9,\"keyFrame\":true}".utf8), to: "o.jsonl")
        try encode(item.codec, "--frame-options o.jsonl --latency-mode realtime", to: item.file)
        let script = "ffprobe -v error -select_streams v:0 -show_entries packet=flags -of csv=p=0 \(item.file)"
        let flags = try folder.succeed(script).lines
        let keys = flags.indices.filter { flags[$0].hasPrefix("K") }
        #expect(keys == [0, 5, 9])
        #expect(try folder.frameCount(item.file) == Self.frames)
    }
}
