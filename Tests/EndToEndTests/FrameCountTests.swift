import Testing

@Suite("Every input frame is in the output")
struct FrameCountTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "Every input frame is in the output by pipe, in every pixel format",
        .mustEnd,
        arguments: RawFormat.all
    )
    func pipe(format: RawFormat) throws {
        let source = "sluice testsrc -s 96x64 -p \(format.name) --frames 7"
        try folder.succeed("\(source) | sluice -s 96x64 -r 30 -p \(format.name) -o out.h264")
        #expect(try folder.frameCount("out.h264") == 7)
        #expect(try folder.probe("out.h264", "width,height") == "96,64")
    }

    @Test(
        "Every input frame is in the output from a file, in every pixel format, with the same bytes",
        .mustEnd,
        arguments: RawFormat.all
    )
    func file(format: RawFormat) throws {
        try folder.succeed("sluice testsrc -s 96x64 -p \(format.name) --frames 7 -o in.raw")
        #expect(try folder.bytes("in.raw").count == 7 * 96 * 64 / 16 * format.bytesOf16Pixels)
        try folder.succeed("sluice -s 96x64 -r 30 -p \(format.name) -o file.h264 in.raw")
        try folder.succeed("sluice -s 96x64 -r 30 -p \(format.name) -o pipe.h264 < in.raw")
        #expect(try folder.frameCount("file.h264") == 7)
        #expect(try folder.bytes("file.h264") == folder.bytes("pipe.h264"))
    }

    @Test("Every input frame is in the output from a FIFO", .mustEnd)
    func fifo() throws {
        let source = "mkfifo frames; sluice testsrc -s 64x48 --frames 5 > frames & "
        try folder.succeed("\(source) sluice -s 64x48 -r 30 -p rgba -o out.h264 frames; status=$?; wait; exit $status")
        #expect(try folder.frameCount("out.h264") == 5)
    }

    @Test("Every input frame is in the output from a pipe that gives a few bytes at a time", .mustEnd)
    func dribble() throws {
        let dribble = "dd bs=997 status=none"
        let encode = "sluice -s 66x50 -r 30 -p bgr24 -o out.h264"
        try folder.succeed("sluice testsrc -s 66x50 -p bgr24 --frames 6 | \(dribble) | \(encode)")
        #expect(try folder.frameCount("out.h264") == 6)
    }

    @Test(
        "Every input frame is in the output with padded rows, without the padding",
        .mustEnd
    )
    func stride() throws {
        try folder.succeed("sluice testsrc -s 64x48 -p rgb24 --frames 3 -o tight.raw")
        let tight = try folder.bytes("tight.raw")
        let rows = withGaps(tight, row: 192)
        try folder.write(rows, to: "gaps.raw")
        try folder.succeed("sluice -s 64x48 -r 30 -p rgb24 -o tight.h264 tight.raw")
        try folder.succeed("sluice -s 64x48 -r 30 -p rgb24 --stride 200 -o gaps.h264 gaps.raw")
        #expect(try folder.bytes("gaps.h264") == folder.bytes("tight.h264"))
    }

    private func withGaps(_ bytes: [UInt8], row: Int) -> [UInt8] {
        Swift.stride(from: 0, to: bytes.count, by: row).flatMap { start in
            bytes[start..<(start + row)] + [UInt8](repeating: 0xEE, count: 8)
        }
    }
}

@Suite("The requested frames")
struct SelectionTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 10 -o in.raw")
    }

    @Test(
        "The requested frames are those after --skip, as many as --frames",
        .mustEnd,
        arguments: ["in.raw", "- < in.raw"]
    )
    func skip(input: String) throws {
        try folder.succeed("sluice -s 64x48 -r 30 -p i420 --skip 3 --frames 4 --quantizer 10 -o out.h264 \(input)")
        let decoded = try folder.decode("out.h264", "gray")
        let numbers = (0..<4).map { TestPicture.number(inLuma: decoded, frame: $0, width: 64, height: 48) }
        #expect(numbers == [3, 4, 5, 6])
        #expect(decoded.count == 4 * 64 * 48)
    }

    @Test("The --frames option lets a producer with more frames end", .mustEnd)
    func more() throws {
        try folder.succeed(
            "{ yes | head -c 100000000 || true; } | sluice -s 64x48 -r 30 -p i420 --frames 2 -o out.h264"
        )
        #expect(try folder.frameCount("out.h264") == 2)
    }

    @Test("The requested frames are as many as --expect-frames", .mustEnd)
    func expected() throws {
        try folder.succeed("sluice -s 64x48 -r 30 -p i420 --expect-frames 10 -o a.h264 in.raw")
        try folder.succeed("sluice -s 64x48 -r 30 -p i420 --skip 4 --expect-frames 6 -o b.h264 < in.raw")
        #expect(try folder.frameCount("b.h264") == 6)
    }

    @Test("The requested number of frames is never 0", .mustEnd, arguments: ["in.raw", "- < in.raw"])
    func none(input: String) throws {
        let words = "the input has 10 frames"
        try folder.fail("sluice -s 64x48 -r 30 -p i420 --skip 10 -o out.h264 \(input)", status: 65, saying: words)
        try folder.fail("sluice -s 64x48 -r 30 -p i420 --skip 12 -o out.h264 \(input)", status: 65, saying: words)
        #expect(!folder.exists("out.h264"))
    }
}
