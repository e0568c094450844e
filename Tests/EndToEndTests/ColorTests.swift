import Testing

@Suite("Color")
struct ColorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A matrix by sluice's name, by ffprobe's and by that of ffmpeg's scale filter.
    struct Matrix: CustomTestStringConvertible, Sendable {
        let (name, tag, scale): (String, String, String)
        var testDescription: String { name }

        static let all = [
            Matrix(name: "bt601", tag: "smpte170m", scale: "bt601"),
            Matrix(name: "bt709", tag: "bt709", scale: "bt709"),
            Matrix(name: "bt2020-ncl", tag: "bt2020nc", scale: "bt2020"),
        ]
    }

    private static let exact = "flags=accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"

    /// RGB as ffmpeg makes it of the stream, with the tagged matrix or another.
    private func decodedError(matrix: String, range: String) throws -> Int {
        let filter = "scale=in_color_matrix=\(matrix):in_range=\(range):\(Self.exact)"
        return Patches.largestError(try folder.decode("out.h264", "rgb24", filter: filter))
    }

    @Test(
        "Color is within 3 of the source with the tagged matrix and range, and not with another",
        .mustEnd,
        arguments: Matrix.all,
        ["limited", "full"]
    )
    func tagged(matrix: Matrix, range: String) throws {
        let flags = "--color-matrix \(matrix.name) --color-range \(range)"
        try folder.succeed("sluice -s 128x64 -r 30 -p rgb24 \(flags) --crf 3 -o out.h264", input: Patches.rgb24)
        let (tag, other) = range == "limited" ? ("tv", "full") : ("pc", "limited")
        #expect(try folder.probe("out.h264", "color_range,color_space") == "\(tag),\(matrix.tag)")
        #expect(try decodedError(matrix: "auto", range: "auto") <= 3)
        #expect(try decodedError(matrix: "auto", range: other) > 3)
        for wrong in Matrix.all where wrong.name != matrix.name {
            #expect(try decodedError(matrix: wrong.scale, range: "auto") > 3, "\(wrong.name)")
        }
    }

    @Test(
        "Color of RGB is BT.709 limited and tagged so, in every packed format",
        .mustEnd,
        arguments: RawFormat.rgb
    )
    func standard(format: RawFormat) throws {
        let source = "ffmpeg -v error -f rawvideo -pix_fmt rgb24 -s 128x64 -i - -f rawvideo -pix_fmt \(format.ffmpeg) -"
        try folder.succeed(
            "\(source) | sluice -s 128x64 -r 30 -p \(format.name) --crf 3 -o out.h264",
            input: Patches.rgb24
        )
        let fields = "color_range,color_space,color_transfer,color_primaries"
        #expect(try folder.probe("out.h264", fields) == "tv,bt709,bt709,bt709")
        #expect(try decodedError(matrix: "auto", range: "auto") <= 3)
        #expect(try decodedError(matrix: "bt601", range: "auto") > 3)
    }

    @Test(
        "Color of YUV goes through as it is",
        .mustEnd,
        arguments: [
            ("i420", "yuv420p", "420"), ("nv12", "nv12", "420"), ("i422", "yuv422p", "422"), ("i444", "yuv444p", "444"),
        ]
    )
    func planes(format: String, ffmpeg: String, chroma: String) throws {
        let source = "ffmpeg -v error -f rawvideo -pix_fmt rgb24 -s 128x64 -i - -f rawvideo -pix_fmt \(ffmpeg)"
        try folder.succeed("\(source) in.raw", input: Patches.rgb24)
        let flags = "--chroma \(chroma) --color-matrix smpte170m"
        try folder.succeed("sluice -s 128x64 -r 30 -p \(format) \(flags) --quantizer 2 -o out.h264 in.raw")
        let (before, after) = (try folder.bytes("in.raw"), try folder.decode("out.h264", ffmpeg))
        #expect(before.count == after.count)
        #expect(zip(before, after).filter { abs(Int($0) - Int($1)) > 3 }.count <= before.count / 100)
        #expect(try folder.probe("out.h264", "color_space") == "smpte170m")
    }

    @Test("Color of YUV is not tagged unless it is specified", .mustEnd)
    func unspecified() throws {
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 1 | sluice -s 64x48 -r 30 -p i420 -o out.h264")
        let fields = "color_space,color_transfer,color_primaries"
        #expect(try folder.probe("out.h264", fields) == "unknown,unknown,unknown")
    }

    @Test("Color of gray is gray", .mustEnd)
    func gray() throws {
        let levels: [UInt8] = (0..<(128 * 64)).map { place in UInt8(place % 128 / 16 * 36) }
        try folder.succeed("sluice -s 128x64 -r 30 -p gray8 --quantizer 2 -o out.h264", input: levels)
        let rgb = try folder.decode("out.h264", "rgb24", filter: "scale=\(Self.exact)")
        var largest = 0
        for place in levels.indices where place % 16 == 8 {
            for channel in 0..<3 {
                largest = max(largest, abs(Int(rgb[place * 3 + channel]) - Int(levels[place])))
            }
        }
        #expect(largest <= 3)
    }

    @Test("Color names and numbers are written and read back", .mustEnd)
    func names() throws {
        let flags = "--color-primaries bt2020 --color-transfer pq --color-matrix bt2020-ncl --color-range full"
        let source = "sluice testsrc -s 64x48 -p i420 --frames 1"
        try folder.succeed("\(source) | sluice -s 64x48 -r 30 -p i420 \(flags) -o out.h264 --chunks out.jsonl")
        let fields = "color_range,color_space,color_transfer,color_primaries"
        #expect(try folder.probe("out.h264", fields) == "pc,bt2020nc,smpte2084,bt2020")
        let config = try folder.chunks("out.jsonl").first?.decoderConfig
        let said = ChunkLine.ColorSpace(primaries: "bt2020", transfer: "pq", matrix: "bt2020-ncl", fullRange: true)
        #expect(config?.colorSpace == said)
    }

    @Test(
        "Color numbers without a name in WebCodecs are in the stream, and not in the chunk lines, which a browser would refuse",
        .mustEnd
    )
    func unnamed() throws {
        let flags = "--color-primaries 4 --color-transfer 4 --color-matrix 4"
        let source = "sluice testsrc -s 64x48 -p i420 --frames 1"
        try folder.succeed("\(source) | sluice -s 64x48 -r 30 -p i420 \(flags) -o out.h264 --chunks out.jsonl")
        let fields = "color_space,color_transfer,color_primaries"
        #expect(try folder.probe("out.h264", fields) == "fcc,bt470m,bt470m")
        let config = try folder.chunks("out.jsonl").first?.decoderConfig
        let said = ChunkLine.ColorSpace(primaries: nil, transfer: nil, matrix: nil, fullRange: false)
        #expect(config?.colorSpace == said)
    }

    @Test("Color that RGB cannot be converted with is refused", .mustEnd)
    func unknownMatrix() throws {
        let command = "sluice -s 128x64 -r 30 -p rgb24 --color-matrix 8 -o out.h264"
        try folder.fail(command, status: 69, saying: "matrix", input: Patches.rgb24)
    }
}
