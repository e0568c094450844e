import Foundation
import Testing

/// The JSON of the program as it was when the files of `Tests/Golden` were kept: its keys, their order, and how values are written.
@Suite("The JSON that the program writes", .mustEnd)
struct GoldenRecordTests {
    let folder: TemporaryFolder
    private let raw = "-s 64x48 -r 30 -p i420"
    private let rawJob = "size: 64x48, framerate: 30, pixel-format: i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 6 > a.yuv; head -c 27000 a.yuv > short.yuv")
    }

    private static let goldenFiles = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden")

    /// Numbers that differ from run to run, or from one library's version to the next.
    private static let numbers = [
        "wallSeconds", "cpuSeconds", "seconds", "peakMemoryBytes", "peakBytes", "estimatedBytes", "amount", "encode",
        "ingest",
        "output", "queue", "bytes", "bytesOut", "bitrate", "device", "inode", "born", "modified", "size", "threads",
        "average",
        "lowest", "lowestFrame", "psnr", "packets", "fps", "speed",
    ]
    /// Texts that do.
    private static let texts = ["sha256", "configuration", "source", "bottleneck"]

    /// The text without what differs from run to run; three digits after a point are still three.
    private func masked(_ text: String) throws -> String {
        let numbers = try NSRegularExpression(
            pattern: #""(\#(Self.numbers.joined(separator: "|")))":-?[0-9.]+(e-?[0-9]+)?(?=[,}])"#
        )
        let texts = try NSRegularExpression(pattern: #""(\#(Self.texts.joined(separator: "|")))":"[^"]*""#)
        let objects = try NSRegularExpression(pattern: #""(libraries|sandbox)":\{[^}]*\}"#)
        let lists = try NSRegularExpression(pattern: #""(planes)":\[[^\]]*\]"#)
        var text = text.replacing("\(folder.url.path)/", with: "").replacing("/tmp/golden/", with: "")
        for (expression, value) in [(numbers, "0"), (texts, "\"\""), (objects, "{}"), (lists, "[]")] {
            let whole = NSRange(text.startIndex..., in: text)
            text = expression.stringByReplacingMatches(in: text, range: whole, withTemplate: "\"$1\":\(value)")
        }
        return text
    }

    private func golden(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: Self.goldenFiles.appending(path: name)), as: UTF8.self)
    }

    private func check(_ text: String, is name: String) throws {
        #expect(try masked(text) == masked(golden(name)), "\(name)")
    }

    @Test(
        "The JSON that the program writes as a receipt of audio, HDR, segments, verification and several outputs is as it was"
    )
    func everything() throws {
        let inputs = "-f lavfi -i testsrc=s=64x48:r=24000/1001:d=1 -f lavfi -i sine=d=1"
        let codecs = "-pix_fmt yuv420p10le -c:v libx265 -x265-params log-level=none -c:a aac"
        try folder.succeed("ffmpeg -v error \(inputs) \(codecs) -metadata:s:a language=eng t.mp4")
        let job = #"""
            jobs:
              - input: t.mp4
                output: "d/o\"é.mp4"
                chunks: d/c.jsonl
                codec: hevc
                bitrate: 150k
                preset: ultrafast
                key-frame-interval: 12
                encoder-option: [aq-mode=0]
                parallel: 2
                segment-frames: 12
                copy-audio: true
                verify: true
                mastering-display: "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
                max-cll: "1000,400"
                color-primaries: bt2020
                color-transfer: pq
                color-matrix: bt2020-ncl
                color-range: limited
            """#
        try folder.write(Array(job.utf8), to: "m.yaml")
        try folder.succeed("sluice batch m.yaml --quiet")
        try check(folder.text("d/o\"é.mp4.receipt.json"), is: "receipt-everything.json")
    }

    @Test(
        "The JSON that the program writes on standard output is its receipt, a partial one too, or its failure, as it was"
    )
    func results() throws {
        let whole = try folder.succeed("sluice a.yuv \(raw) -o x.h264 --quiet --json --receipt r.json")
        try check(whole.text, is: "receipt.json")
        #expect(try folder.text("r.json") == whole.text)
        let partial = "sluice short.yuv \(raw) -o y.h264 --quiet --json"
        #expect(try folder.run(partial).text == golden("failure.json"))
        try check(folder.succeed("\(partial) --digest --accept-partial").text, is: "receipt-partial.json")
    }

    @Test("The JSON that the program writes as its progress is as it was, three digits after each point")
    func progress() throws {
        let encode = "sluice a.yuv \(raw) -o x.h264 --quiet --progress json"
        let last = try #require(folder.succeed(encode).errors.split(separator: "\n").last)
        func digits(_ text: String) -> String { text.replacing(/[0-9]+\.[0-9]{3}(?=[,}])/, with: "\"three digits\"") }
        #expect(try masked(digits("\(last)\n")) == masked(digits(golden("progress.jsonl"))))
    }

    @Test("The JSON that a batch writes as its report and as what becomes of its jobs is as it was")
    func batch() throws {
        let manifest = """
            jobs:
              - {input: a.yuv, output: j.h264, \(rawJob), verify: true}
              - {input: short.yuv, output: k.h264, \(rawJob)}
              - {command: [sh, -c, "exit 75"], output: l.h264, \(rawJob)}
            """
        try folder.write(Array(manifest.utf8), to: "m.yaml")
        let outcome = try folder.run("sluice batch m.yaml --json --progress json --retries 1")
        try check(outcome.text, is: "batch-report.json")
        try check(folder.text("j.h264.receipt.json"), is: "receipt-batch.json")
        let events = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("{\"progress\"") }.sorted()
        let known = try golden("batch-events.jsonl").split(separator: "\n").sorted()
        try #require(events.count == known.count)
        for (event, known) in zip(events, known) { #expect(try masked(String(event)) == masked(String(known))) }
    }
}
