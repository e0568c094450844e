import Testing

/// Samples of two bytes that are larger than their depth allows.
@Suite("A sample out of range")
struct SampleRangeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let size = "-s 64x64 -r 25"
    private static let formats = ["i420p10", "i420p12", "i422p10", "i444p10", "i444p12"]

    /// Eight frames; one sample in the last plane of frame 5 is one too large.
    private func source(_ format: String) throws -> String {
        try folder.succeed("sluice testsrc -s 64x64 -p \(format) --frames 8 -o good.raw --overwrite")
        var bytes = try folder.bytes("good.raw")
        let (frame, excess) = (bytes.count / 8, format.hasSuffix("10") ? 1024 : 4096)
        let place = 6 * frame - 2
        (bytes[place], bytes[place + 1]) = (UInt8(excess & 255), UInt8(excess >> 8))
        try folder.write(bytes, to: "bad.raw")
        return "frame 5 has a sample of \(excess); \(format.suffix(2)) bits hold 0 to \(excess - 1)"
    }

    @Test(
        "A sample out of range is 65 with every codec, and never ends the process (faults C1 and C2)",
        .mustEnd,
        arguments: formats,
        ["h264", "hevc", "vp9", "av1"]
    )
    func everyCodec(format: String, codec: String) throws {
        for verify in ["", "--verify"] {
            let encode = "sluice \(Self.size) -p \(format) --codec \(codec) \(verify) -o x.mp4"
            let most = format.hasSuffix("10") ? 1023 : 4095
            try folder.fail(
                "head -c 98304 /dev/zero | tr '\\0' '\\377' | \(encode)",
                status: 65,
                saying: "frame 0 has a sample of 65535; \(format.suffix(2)) bits hold 0 to \(most)"
            )
            #expect(folder.names.isEmpty)
        }
    }

    @Test(
        "A sample out of range is found in files, pipes, Y4M, segments, scaled and narrowed pictures (fault C1)",
        .mustEnd
    )
    func everyWay() throws {
        let words = try source("i420p10")
        let frame = 64 * 64 * 3
        let bytes = try folder.bytes("bad.raw")
        let frames = (0..<8).flatMap { Array("FRAME\n".utf8) + bytes[($0 * frame)..<(($0 + 1) * frame)] }
        try folder.write(Array("YUV4MPEG2 W64 H64 F25:1 C420p10\n".utf8) + frames, to: "bad.y4m")
        let raw = "\(Self.size) -p i420p10"
        for input in [
            "sluice bad.raw \(raw)", "cat bad.raw | sluice \(raw)", "sluice bad.y4m", "cat bad.y4m | sluice",
            "sluice bad.raw \(raw) --parallel 2 --segment-frames 2", "sluice bad.raw \(raw) --scale 32x32",
            "sluice bad.raw \(raw) --bit-depth 8", "sluice bad.raw \(raw) --skip 2 --frames 4",
        ] {
            try folder.fail("\(input) --codec h264 --preset ultrafast -o x.mp4", status: 65, saying: words)
            #expect(!folder.exists("x.mp4"), "\(input)")
        }
        try folder.succeed("sluice good.raw \(raw) --codec hevc -o good.mp4")
        try folder.fail("sluice compare -s 64x64 -p i420p10 bad.raw good.mp4", status: 65, saying: words)
    }

    @Test("A sample out of range in a shard's frames fails the shard with 65 (fault C1)", .mustEnd)
    func shard() throws {
        let words = try source("i444p10")
        let encode = "\(Self.size) -p i444p10 --codec h264 --preset ultrafast --segment-frames 4 --format mp4"
        try folder.succeed("sluice plan bad.raw \(encode) -o p.json")
        try folder.succeed("sluice shard p.json --index 0")
        try folder.fail("sluice shard p.json --index 1", status: 65, saying: words)
    }

    @Test(
        "A sample out of range is ignored in skipped frames and in the low bits of p010",
        .mustEnd
    )
    func unused() throws {
        _ = try source("i420p10")
        let flags = "--codec h264 --preset ultrafast --verify --overwrite -o x.mp4"
        try folder.succeed("sluice bad.raw \(Self.size) -p i420p10 --skip 6 \(flags)")
        try folder.succeed("cat bad.raw | sluice \(Self.size) -p i420p10 --skip 6 \(flags)")
        try folder.succeed("head -c 98304 /dev/zero | tr '\\0' '\\377' | sluice \(Self.size) -p p010 \(flags)")
    }

    @Test(
        "A sample with low bits in p010 is 65 with --lossless, in files, pipes and segments",
        .mustEnd
    )
    func lossless() throws {
        try folder.succeed("sluice testsrc -s 64x64 -p p010 --frames 8 -o good.raw")
        var bytes = try folder.bytes("good.raw")
        bytes[5 * bytes.count / 8 + 10] |= 1
        try folder.write(bytes, to: "bad.raw")
        let flags = "\(Self.size) -p p010 --codec hevc --preset ultrafast --lossless --overwrite -o x.mp4"
        let words = "frame 5 has a sample of"
        for input in ["sluice bad.raw", "cat bad.raw | sluice", "sluice bad.raw --parallel 2 --segment-frames 2"] {
            try folder.fail("\(input) \(flags)", status: 65, saying: words, "low 6 bits are not 0")
        }
        try folder.succeed("sluice good.raw \(flags) --verify && sluice decode x.mp4 -p p010 --format raw -o back.raw")
        #expect(try folder.sha256("back.raw") == folder.sha256("good.raw"))
    }
}
