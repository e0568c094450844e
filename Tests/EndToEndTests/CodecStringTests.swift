import Testing

@Suite("A codec string is a promise")
struct CodecStringTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Promise: CustomTestStringConvertible, Sendable {
        var codec: String
        var input = "rgba"
        var flags = ""
        var pixels = "yuv420p"
        var testDescription: String { "\(codec) \(input) \(flags)" }
    }

    static let promises = [
        Promise(codec: "42001E"),
        Promise(codec: "42E01E"),
        Promise(codec: "4D401F"),
        Promise(codec: "640028"),
        Promise(codec: "640028", input: "i420", flags: "--preset ultrafast"),
        Promise(codec: "640C1F"),
        Promise(codec: "7A001F", input: "i422", pixels: "yuv422p"),
        Promise(codec: "F4001F", input: "i444", pixels: "yuv444p"),
        Promise(codec: "4D401F", flags: "--preset placebo"),
        Promise(codec: "42E01E", flags: "--latency-mode realtime"),
    ]

    @Test(
        "A codec string is a promise that the SPS keeps: profile, level and constraints",
        .mustEnd,
        arguments: promises
    )
    func kept(promise: Promise) throws {
        let source = "sluice testsrc -s 320x240 -p \(promise.input) --frames 12"
        let settings = "--codec avc1.\(promise.codec) \(promise.flags) --chunks out.jsonl"
        try folder.succeed("\(source) | sluice -s 320x240 -r 30 -p \(promise.input) \(settings) -o out.h264")
        let headers = try folder.headers("out.h264")
        let (asked, got) = (Self.bytes(promise.codec), Self.bytes(headers.codec))
        try #require(got.count == 3)
        #expect(got[0] == asked[0], "\(headers.codec)")
        #expect(got[1] & asked[1] == asked[1], "\(headers.codec)")
        #expect(got[2] == asked[2], "\(headers.codec)")
        #expect(try folder.probe("out.h264", "pix_fmt") == promise.pixels)
        #expect(try folder.frameCount("out.h264") == 12)
        let said = try folder.chunks("out.jsonl").first?.decoderConfig?.codec
        #expect(said?.uppercased() == "AVC1.\(headers.codec)", "the chunk says what the bitstream says")
    }

    private static func bytes(_ text: String) -> [Int] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { Int(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    @Test(
        "A codec string of Baseline gives no B-frames and no CABAC",
        .mustEnd,
        arguments: ["42001E", "42E01E"]
    )
    func baseline(codec: String) throws {
        let source = "sluice testsrc -s 320x240 --frames 12"
        try folder.succeed("\(source) | sluice -s 320x240 -r 30 -p rgba --codec avc1.\(codec) -o out.h264")
        let headers = try folder.headers("out.h264")
        #expect(headers.pictureParameters?.values["entropy_coding_mode_flag"] == 0)
        #expect(headers.slices.allSatisfy { [0, 2, 5, 7].contains($0.values["slice_type"] ?? -1) })
        #expect(try folder.probe("out.h264", "has_b_frames") == "0")
    }

    @Test("The short name h264 gives the lowest codec string that fits", .mustEnd)
    func lowest() throws {
        try folder.succeed("sluice testsrc -s 1280x720 --frames 2 | sluice -s 1280x720 -r 30 -p rgba -o out.h264")
        #expect(try folder.headers("out.h264").sequenceParameters?.values["level_idc"] == 31)
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let flags: String
        let words: String
        var testDescription: String { flags }
    }

    static let refusals = [
        Refusal(
            flags: "-s 1280x720 -r 30 --codec avc1.42001E",
            words: "sluice: error: size 1280x720 exceeds avc1.42001E "
                + "(level 3.0 allows 1620 macroblocks of a frame, this has 3600; use level 3.1)\n"
        ),
        Refusal(
            flags: "-s 640x480 -r 60 --codec avc1.42001E",
            words: "sluice: error: size 640x480 at 60 frames a second exceeds avc1.42001E "
                + "(level 3.0 allows 40500 macroblocks a second, this has 72000; use level 3.1)\n"
        ),
        Refusal(
            flags: "-s 1920x1080 -r 30 --codec avc1.640028 --encoder-option ref=16",
            words: "sluice: error: a decoded picture buffer of 16 frames exceeds avc1.640028 "
                + "(level 4.0 allows 4 frames of the decoded picture buffer, this has 16; use level 5.1)\n"
        ),
        Refusal(
            flags: "-s 640x480 -r 30 --codec avc1.42001E --bitrate 20M",
            words: "sluice: error: a bit rate of 20000000 exceeds avc1.42001E "
                + "(level 3.0 allows 10000000 bits a second, this has 20000000; use level 3.2)\n"
        ),
        Refusal(
            flags: "-s 320x240 -r 30 --codec avc1.42E01E --encoder-option bframes=2",
            words: "sluice: error: encoder option bframes=2 contradicts avc1.42E01E\n"
        ),
    ]

    @Test(
        "A codec string that cannot be kept is refused before a frame is read, with a level that works",
        arguments: refusals
    )
    func refused(refusal: Refusal) throws {
        // This pipe never gets data: a program that waits for a frame hangs.
        let outcome = try folder.run(
            "mkfifo frames; exec 9<>frames; sluice -p rgba \(refusal.flags) -o out.h264 frames",
            timeLimit: 10
        )
        #expect(outcome.ending == .exited(69))
        #expect(outcome.errors == refusal.words)
        #expect(folder.names == ["frames"])
    }

    @Test(
        "A codec string that is not supported is refused, and a malformed one is a usage error",
        .mustEnd,
        arguments: [
            ("vp09.00.10.08", 64), ("mp4v.20.9", 69), ("av01.0.04M.08", 64), ("avc1.58001E", 69),
            ("avc1.640029a", 64),
            ("avc1.6400", 64), ("avc1.64001F ", 64), ("''", 64), ("avc1.6400FF", 69), ("avc1.64011F", 64), ("h265", 64),
        ] as [(String, Int32)]
    )
    func meaningless(codec: String, status: Int32) throws {
        let quoted = codec == "''" ? codec : "'\(codec)'"
        try folder.fail("sluice -s 64x48 -r 30 -p rgba --codec \(quoted) -o out.h264", status: status, saying: "sluice")
        #expect(folder.names == [])
    }
}
