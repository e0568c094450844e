import TestSupport
import Testing

/// Settings that an input or an output does not have, and that were ignored or failed late.
@Suite("Settings that have no effect are refused")
struct IgnoredSettingTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=24,format=yuv420p -frames:v 6"
        try folder.succeed("\(source) -f rawvideo a.yuv && \(source) a.y4m && \(source) -c:v libx264 a.mp4")
    }

    private static let raw = "-s 64x48 -r 24 -p i420 a.yuv"

    @Test("--start-number needs pictures, for every kind of input", arguments: [raw, "a.y4m", "a.mp4"])
    func startNumber(input: String) throws {
        let words = "--start-number needs a pattern"
        try folder.fail("sluice \(input) --start-number 3 -o o.mp4", status: 64, saying: words)
        guard input != "a.mp4" else { return }
        try folder.fail("sluice plan \(input) --start-number 3 --format mp4 -o p.json", status: 64, saying: words)
        #expect(!folder.exists("o.mp4") && !folder.exists("p.json"))
    }

    @Test("A plan refuses what an encode of raw frames does", arguments: [raw, "a.y4m"])
    func plan(input: String) throws {
        let plan = "sluice plan \(input) --format mp4 -o p.json"
        try folder.fail("\(plan) --reference-white 100", status: 64, saying: "--reference-white")
        try folder.fail("\(plan) --keep-start-time", status: 64, saying: "--keep-start-time")
        #expect(!folder.exists("p.json"))
        try folder.succeed(plan)
    }

    @Test("A rate whose frames are longer than MP4 can store is refused before the first frame")
    func rate() throws {
        let encode = "sluice \(Self.raw)"
        try folder.fail(
            "\(encode) --framerate-of-output 0.000001 -o o.mp4",
            status: 69,
            saying: "--framerate-of-output",
            "mkv"
        )
        let slow = encode.replacing("-r 24", with: "-r 0.000001")
        try folder.fail("\(slow) --frames 1 -o o.mov", status: 69, saying: "--framerate", "mkv")
        try folder.succeed("\(encode) --framerate-of-output 0.000001 -o o.mkv")
        try folder.succeed("\(encode) --framerate-of-output 0.001 -o o.mp4")
    }

    @Test("Frame options count encoded frames, with --skip as well, and messages count the same")
    func skipped() throws {
        try folder.succeed(#"echo '{"frame":3,"keyFrame":true}' > key.jsonl"#)
        for input in [Self.raw, "a.y4m", "a.mp4", "a.mp4 --filter hflip"] {
            try folder.succeed("sluice \(input) --skip 2 --frame-options key.jsonl --overwrite -o o.h264")
            let frames = try folder.succeed(
                "ffprobe -v error -show_entries frame=pict_type -of csv=p=0 o.h264 | tr -d ',\\n'"
            )
            #expect(String(decoding: frames.output, as: UTF8.self).last == "I", "\(input)")
            let lines = (0..<6).map { #"{"frame":\#($0),"timestamp":\#($0 * 50_000)}"# }.joined(separator: "\n")
            try folder.write(Array(lines.utf8), to: "times.jsonl")
            let encode =
                "sluice \(input.replacing("-r 24 ", with: "")) --frame-options times.jsonl --overwrite -o o.mkv"
            try folder.fail("\(encode) --skip 2", status: 65, saying: "2 skipped frames", "4 frames", "6 times")
            try folder.succeed(encode)
        }
    }

    @Test(
        "Times out of order that a filter gives are its fault, not damage of the input",
        arguments: ["setpts=-N", "setpts=5"]
    )
    func filterTimes(graph: String) throws {
        for input in [Self.raw, "a.mp4"] {
            let encode = "sluice \(input) --variable-rate --filter '\(graph)' -o o.mkv"
            let outcome = try folder.fail(encode, status: 64, saying: "--filter", graph, "order of their times")
            #expect(!outcome.errors.contains("damaged"))
        }
    }

    @Test("--pad does not cut the last column of what a graph gives out, if its chroma is shared with the border")
    func padding() throws {
        let encode = "sluice \(Self.raw) --overwrite --codec vp9 -o o.webm"
        try folder.fail("\(encode) --filter crop=63:48:exact=1 --pad 80x64", status: 64, saying: "--pad")
        try folder.fail("\(encode) --filter crop=63:48:exact=1 --pad 80x64+2+2", status: 64, saying: "--pad")
        try folder.succeed("\(encode) --filter format=yuv444p,crop=63:48:exact=1 --pad 80x64")
        try folder.succeed("\(encode) --filter crop=62:48 --pad 80x64")
        try folder.succeed("\(encode) --filter crop=64:47:exact=1 --pad 64x64")
    }

    @Test(
        "Another size within MPEG-1, MPEG-2 and MPEG-4 is refused with both sizes",
        arguments: ["mpeg1video", "mpeg2video", "mpeg4"]
    )
    func sizes(codec: String) throws {
        let suffix = codec == "mpeg4" ? "m4v" : "m2v"
        for (name, size) in [("a", "64x48"), ("b", "96x64")] {
            let source = "testsrc2=s=\(size):r=25"
            try folder.succeed(
                "ffmpeg -v error -f lavfi -i \(source) -frames:v 6 -c:v \(codec) \(codec == "mpeg4" ? "-f m4v" : "") \(name).\(suffix)"
            )
        }
        try folder.succeed("cat a.\(suffix) b.\(suffix) > c.\(suffix)")
        let words = "the size changes from 64x48 to 96x64"
        try folder.fail("sluice decode c.\(suffix) -o o.raw", status: 69, saying: words, "one by one")
        #expect(!folder.exists("o.raw"))
    }
}
