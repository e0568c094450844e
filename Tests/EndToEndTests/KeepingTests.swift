import Foundation
import Testing

@Suite("What an encode keeps of its input's file", .mustEnd)
struct KeepingTests {
    let folder: TemporaryFolder

    /// A file of raw frames, and one of video that is larger when it is encoded without loss.
    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 12 > a.yuv")
        try folder.succeed("sluice a.yuv \(raw) --crf 40 -o small.mp4")
    }

    private let raw = "-s 96x64 -r 30 -p i420"
    private let larger = "small.mp4 --codec h264 --lossless --keep-smaller"

    private func time(_ name: String) throws -> String { try folder.succeed("stat -Lc %.9Y \(name)").text }

    @Test(
        "An output has the modification time of its input, to the nanosecond, with --keep-modification-time",
        arguments: ["2001-02-03 04:05:06.123456789Z", "1965-02-03 04:05:06.000000001Z", "2100-01-01 00:00:00Z"]
    )
    func time(date: String) throws {
        try folder.succeed("touch -d '\(date)' a.yuv small.mp4; ln -s small.mp4 link.mp4; echo old > k.webm")
        let encodes = [
            "a.yuv \(raw) --chunks c.jsonl --receipt r.json -o o.mp4", "a.yuv \(raw) --verify -o o.h264",
            "a.yuv \(raw) --parallel 2 --segment-frames 4 -o o.mkv", "link.mp4 --codec vp9 --filter hflip -o l.webm",
            "small.mp4 --codec vp9 --overwrite -o k.webm",
        ]
        for encode in encodes {
            try folder.succeed("sluice \(encode) --keep-modification-time")
            let (input, output) = (encode.split(separator: " ")[0], encode.split(separator: " ").last ?? "")
            #expect(try time("\(output)") == time("\(input)"), "\(encode)")
            #expect(try folder.frameCount("\(output)") == 12)
        }
        // What describes the output, and an output without the flag, are of the time when they were written.
        try folder.succeed("sluice a.yuv \(raw) -o without.mp4")
        for name in ["c.jsonl", "r.json", "without.mp4"] { #expect(try time(name) != time("a.yuv"), "\(name)") }
    }

    @Test("A joined output has the modification time of the plan's input with --keep-modification-time")
    func join() throws {
        try folder.succeed("touch -d '2001-02-03 04:05:06.123456789Z' a.yuv")
        try folder.succeed("sluice plan a.yuv \(raw) --format mp4 -o plan.json && sluice shard plan.json --index 0")
        try folder.succeed("sluice join plan.json -o o.mp4 --keep-modification-time --keep-smaller")
        #expect(try time("o.mp4") == time("a.yuv") && folder.frameCount("o.mp4") == 12)
        try folder.fail(
            "sluice plan a.yuv \(raw) --format mp4 -o q.json --keep-smaller",
            status: 64,
            saying: "--keep-smaller applies to the joined output"
        )
        try folder.succeed("mv a.yuv b.yuv")
        let join = "sluice join plan.json -o p.mp4 --keep-modification-time"
        try folder.fail(join, status: 66, saying: "a.yuv")
        try folder.succeed("\(join) --input b.yuv")
        #expect(try time("p.mp4") == time("b.yuv"))
    }

    @Test(
        "What has no file's time or size is refused before the first frame",
        arguments: [
            ("- RAW --keep-modification-time -o o.mp4 < a.yuv", "standard input has no modification time"),
            ("fifo RAW --keep-modification-time -o o.mp4", "fifo is not a regular file"),
            ("<(cat a.yuv) RAW --keep-modification-time -o o.mp4", "is not a regular file"),
            ("'f%d.png' --keep-modification-time -r 30 -o o.mp4", "f%d.png is a sequence of pictures"),
            ("a.yuv RAW --keep-modification-time --format mp4 -o - > /dev/null", "standard output is not one"),
            ("a.yuv RAW --keep-smaller --format mp4 -o - > /dev/null", "standard output is not one"),
            ("a.yuv RAW --keep-smaller --format mp4 -o /dev/null", "/dev/null is not one"),
        ]
    )
    func refused(arguments: String, reason: String) throws {
        try folder.succeed("mkfifo fifo; ffmpeg -v error -i small.mp4 f%d.png")
        let before = folder.names
        try folder.fail("sluice \(arguments.replacing("RAW", with: raw))", status: 64, saying: reason)
        #expect(folder.names == before)
    }

    @Test("An output that is not smaller than its input is not kept with --keep-smaller, which is not a failure")
    func notKept() throws {
        let before = folder.names
        let outcome = try folder.succeed("sluice \(larger) -o o.mp4 --chunks o.jsonl --receipt r.json --verify")
        #expect(folder.names == (before + ["r.json"]).sorted())
        let receipt = try folder.receipt("r.json")
        let size = try folder.bytes("small.mp4").count
        #expect(receipt.status == "notKept" && receipt.output.limit == size && receipt.output.bytes >= size)
        let words = "o.mp4 is not kept: its \(receipt.output.bytes) bytes are not less than the \(size) of the input"
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        let object = try folder.succeed("sluice \(larger) -o o.mp4 --json")
        #expect(try JSONDecoder().decode(Receipt.self, from: object.output).status == "notKept")
        #expect(folder.names == (before + ["r.json"]).sorted())
    }

    @Test("With --keep-smaller, an output of exactly the input's size is not kept, and one that is a byte smaller is")
    func limits() throws {
        // Bytes of a partial frame make files of any size that give the same output.
        let encode = "small.yuv -s 16x16 -r 30 -p i420 --accept-partial --overwrite -o o.mp4"
        try folder.succeed("head -c 384 a.yuv > small.yuv; sluice \(encode)")
        let size = try folder.bytes("o.mp4").count
        let frames = size / 384
        for (added, status) in [(0, "notKept"), (1, "partial"), (-1, "notKept")] {
            try folder.succeed("head -c \(frames * 384) /dev/zero > small.yuv; sluice \(encode) --receipt r.json")
            let bytes = try folder.bytes("o.mp4").count
            try #require(bytes > frames * 384 && bytes + 1 < (frames + 1) * 384, "the size of another encoder's output")
            try folder.succeed(
                "truncate -s \(bytes + added) small.yuv; sluice \(encode) --receipt r.json --keep-smaller"
            )
            #expect(try folder.receipt("r.json").status == status)
            #expect(folder.exists("o.mp4") == (status != "notKept"))
        }
    }

    @Test("An output that is smaller than its input is kept with --keep-smaller, with the size in its receipt")
    func kept() throws {
        try folder.succeed("sluice a.yuv \(raw) -o o.mp4 --keep-smaller --receipt r.json")
        let receipt = try folder.receipt("r.json")
        #expect(receipt.status == "complete" && receipt.output.limit == 12 * 96 * 64 * 3 / 2)
        #expect(try folder.frameCount("o.mp4") == 12)
        try folder.succeed("cat a.yuv | sluice - \(raw) -o p.mp4 --keep-smaller --receipt p.json")
        #expect(try folder.receipt("p.json").output.limit == 12 * 96 * 64 * 3 / 2)
        try folder.succeed("ffmpeg -v error -i small.mp4 f%d.png")
        try folder.succeed("sluice 'f%d.png' -r 30 -o q.mp4 --keep-smaller --receipt q.json")
        let pictures = Int(
            try folder.succeed("cat f*.png | wc -c").text.trimmingCharacters(in: .whitespacesAndNewlines)
        )
        #expect(try folder.receipt("q.json").output.limit == pictures)
    }

    @Test("An older file at the name of an output that is not kept stays without --overwrite, and is removed with it")
    func older() throws {
        try folder.succeed("echo old > o.mp4")
        try folder.fail("sluice \(larger) -o o.mp4", status: 73, saying: "o.mp4 exists")
        #expect(try folder.text("o.mp4") == "old\n")
        // A receipt that cannot be written leaves the older file as well.
        try folder.succeed("mkdir r.json")
        let failed = try folder.run("sluice \(larger) -o o.mp4 --overwrite --receipt r.json")
        #expect(failed.ending != .exited(0))
        #expect(try folder.text("o.mp4") == "old\n")
        try folder.succeed("rmdir r.json; echo lines > o.jsonl")
        try folder.succeed("sluice \(larger) -o o.mp4 --overwrite --receipt r.json --chunks o.jsonl")
        #expect(folder.names == ["a.yuv", "r.json", "small.mp4"])
    }
}
