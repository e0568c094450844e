import Testing

@Suite("Requested quantizers and key frames")
struct QuantizerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let source = "\(Content.natural(size: "160x96", seconds: 1)) -f rawvideo -pix_fmt yuv420p -"

    @Test(
        "Quantizers are exactly the requested ones in every slice header, with B-frames",
        .mustEnd,
        arguments: [0, 20, 51],
        ["medium", "ultrafast", "veryslow"]
    )
    func fixed(quantizer: Int, preset: String) throws {
        let flags = "--quantizer \(quantizer) --preset \(preset)"
        try folder.succeed("\(Self.source) | sluice -s 160x96 -r 30 -p i420 \(flags) -o out.h264 --chunks out.jsonl")
        let headers = try folder.headers("out.h264")
        #expect(headers.slices.count == 30)
        #expect(Set(headers.quantizers) == [quantizer])
        #expect(try folder.chunks("out.jsonl").map(\.quantizer) == Array(repeating: quantizer, count: 30))
        #expect(try folder.frameCount("out.h264") == 30)
        guard preset != "ultrafast" else { return }
        #expect(headers.slices.contains { [1, 6].contains($0.values["slice_type"] ?? -1) }, "there are B-frames")
    }

    @Test("Quantizers of single frames are those of --frame-options", .mustEnd, arguments: ["quality", "realtime"])
    func perFrame(latency: String) throws {
        let wanted = (0..<30).map { $0 * 7 % 52 }
        let lines = wanted.indices.map { "{\"frame\":\($0),\"quantizer\":\(wanted[$0])}\n" }.joined()
        try folder.write(Array(lines.utf8), to: "options.jsonl")
        let flags = "--quantizer 30 --latency-mode \(latency) --frame-options options.jsonl --threads 1"
        try folder.succeed("\(Self.source) | sluice -s 160x96 -r 30 -p i420 \(flags) -o out.h264 --chunks out.jsonl")
        let chunks = try folder.chunks("out.jsonl")
        let coded = try folder.headers("out.h264").quantizers
        #expect(chunks.map(\.quantizer) == coded)
        // Coded order differs from the frames' own; the timestamps tell which is which.
        let byFrame = zip(chunks, coded).sorted { $0.0.timestamp < $1.0.timestamp }.map(\.1)
        #expect(byFrame == wanted)
    }

    @Test("Key frames are exactly where they were requested, and are IDR pictures", .mustEnd)
    func keyFrames() throws {
        let keys = [5, 6, 17, 29]
        let lines = keys.map { "{\"frame\":\($0),\"keyFrame\":true}" }.joined(separator: "\n\n")
        try folder.write(Array(lines.utf8), to: "options.jsonl")
        let flags = "--frame-options options.jsonl --encoder-option scenecut=0"
        let encode = "sluice -s 160x96 -r 30 -p i420 \(flags)"
        try folder.succeed("\(Self.source) | \(encode) -o out.h264 --chunks out.jsonl")
        let chunks = try folder.chunks("out.jsonl")
        let found = chunks.filter { $0.type == "key" }.map { ($0.timestamp * 30 + 500_000) / 1_000_000 }
        #expect(found == [0] + keys)
        let stream = AnnexB(try folder.bytes("out.h264"))
        #expect(stream.sliceTypes.map { $0 == 5 } == chunks.map { $0.type == "key" })
        #expect(stream.types.filter { $0 == 7 }.count == 1 + keys.count, "each key frame has its parameter sets")
        #expect(stream.types.filter { $0 == 8 }.count == 1 + keys.count)
        #expect(try folder.frameCount("out.h264") == 30)
    }

    @Test("Key frames come at least every --key-frame-interval", .mustEnd)
    func interval() throws {
        let flags = "--key-frame-interval 8 --encoder-option scenecut=0"
        try folder.succeed("\(Self.source) | sluice -s 160x96 -r 30 -p i420 \(flags) -o out.h264")
        let keys = AnnexB(try folder.bytes("out.h264")).sliceTypes.enumerated().filter { $0.element == 5 }.map(\.offset)
        #expect(keys == [0, 8, 16, 24])
    }

    @Test("Frame options that cannot be followed are refused", .mustEnd)
    func refused() throws {
        func options(_ text: String, _ status: Int32, saying words: String, flags: String = "") throws {
            try folder.write(Array(text.utf8), to: "options.jsonl")
            let command = "sluice -s 64x48 -r 30 -p i420 \(flags) --frame-options options.jsonl -o out.h264"
            let source = "sluice testsrc -s 64x48 -p i420 --frames 5"
            try folder.fail("\(source) | \(command)", status: status, saying: words)
            #expect(!folder.exists("out.h264"))
        }
        try options("{\"frame\":1,\"quantizer\":20}", 64, saying: "frame 1", flags: "--crf 20")
        try options("{\"frame\":1,\"quantizer\":52}", 64, saying: "options.jsonl:1", flags: "--quantizer 20")
        try options("{\"frame\":1}\n{\"frame\":1}", 64, saying: "options.jsonl:2")
        try options("{\"frame\":1,\"keyframe\":true}", 64, saying: "keyframe")
        try options("[]", 64, saying: "options.jsonl:1")
        try options("{\"frame\":9,\"keyFrame\":true}", 65, saying: "frame 9")
        try folder.fail("sluice -s 64x48 -r 30 -p i420 --frame-options none -o out.h264", status: 66, saying: "none")
    }
}
