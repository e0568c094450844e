import Foundation
import Testing

@Suite("Messages, results and receipts")
struct WordsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let source = "sluice testsrc -s 64x48 --frames 30"
    private let encode = "sluice -s 64x48 -r 30 -p rgba"

    @Test("The receipt describes the run, with the digests of input and output", .mustEnd)
    func receipt() throws {
        try folder.succeed("\(source) -o in.raw")
        try folder.succeed("\(encode) --crf 20 --preset fast --digest --receipt out.json -o out.h264 in.raw")
        let receipt = try folder.receipt("out.json")
        #expect(receipt.status == "complete" && receipt.program.hasPrefix("sluice "))
        #expect(receipt.input.name == "in.raw" && receipt.input.frames == 30)
        #expect(receipt.input.bytes == 30 * 64 * 48 * 4 && receipt.input.droppedBytes == 0)
        #expect(receipt.input.sha256 == (try folder.sha256("in.raw")))
        #expect(receipt.output.name == "out.h264" && receipt.output.format == "annexb")
        #expect(receipt.output.chunks == 30 && receipt.output.keyChunks == 1)
        #expect(receipt.output.bytes == (try folder.bytes("out.h264").count))
        #expect(receipt.output.sha256 == (try folder.sha256("out.h264")))
        #expect(receipt.config.codec == "avc1.\(try folder.headers("out.h264").codec)")
        #expect(receipt.config.preset == "fast" && receipt.config.constantQuality == 20)
        #expect((receipt.config.width, receipt.config.height) == (64, 48))
        #expect(receipt.libraries["libx264"]?.hasPrefix("0.") == true)
        #expect(receipt.wallSeconds > 0 && receipt.cpuSeconds > 0 && receipt.peakMemoryBytes > 1 << 20)
        #expect(Set(receipt.waiting.keys) == ["ingest", "queue", "encode", "output"])
        #expect(receipt.waiting.values.allSatisfy { (0...1).contains($0) })
    }

    @Test("The digest of a pipe or of Y4M in a receipt is that of the bytes read", .mustEnd)
    func digest() throws {
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --format y4m --frames 5 -o in.y4m")
        try folder.succeed("sluice --digest --receipt out.json -o out.h264 < in.y4m")
        #expect(try folder.receipt("out.json").input.sha256 == folder.sha256("in.y4m"))
        try folder.succeed("sluice --receipt none.json -o none.h264 < in.y4m")
        #expect(try folder.receipt("none.json").input.sha256 == nil)
    }

    @Test("Output with --json is only the receipt", .mustEnd)
    func json() throws {
        let free = try folder.succeed("\(source) | \(encode) --json -o out.h264")
        #expect(free.errors == "" && free.lines.count == 1)
        let receipt = try JSONDecoder().decode(Receipt.self, from: free.output)
        #expect(receipt.output.sha256 == (try folder.sha256("out.h264")))
        let data = try folder.succeed("\(source) | \(encode) --json --format annexb -o -")
        try folder.write(Array(data.output), to: "piped.h264")
        #expect(try folder.frameCount("piped.h264") == 30)
        let other = try JSONDecoder().decode(Receipt.self, from: Data(data.errors.utf8))
        #expect(other.output.sha256 == (try folder.sha256("piped.h264")))
    }

    @Test("Output with --json that cannot be written is an error", .mustEnd)
    func jsonNowhere() throws {
        let outcome = try folder.run("\(source) | \(encode) --json -o out.h264 > /dev/full")
        #expect(outcome.ending == .exited(74))
    }

    @Test("A result is one line, or nothing with --quiet", .mustEnd)
    func quiet() throws {
        let loud = try folder.succeed("\(source) | \(encode) -o out.h264")
        #expect(loud.errors.hasPrefix("sluice: 30 frames in out.h264") && loud.output.isEmpty)
        let quiet = try folder.succeed("\(source) | \(encode) --quiet -o quiet.h264")
        #expect(quiet.errors == "" && quiet.output.isEmpty)
        let error = try folder.fail("\(encode) --quiet -o empty.h264", status: 65, saying: "is empty")
        #expect(error.output.isEmpty)
    }

    @Test(
        "Output of --progress json is lines on the given descriptor, also for segments",
        .mustEnd,
        arguments: ["", "--parallel 2 --segment-frames 8"]
    )
    func progress(_ segments: String) throws {
        let flags = "\(segments) --receipt receipt.json --progress json --progress-fd 3 --quiet"
        let run = "\(source) | \(encode) \(flags) -o out.h264 3> progress.jsonl"
        let outcome = try folder.succeed(run)
        #expect(outcome.errors == "")
        let lines = try folder.text("progress.jsonl").split(separator: "\n")
        let last = try #require(lines.last)
        let object = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        let progress = try #require(object?["progress"] as? [String: Any])
        #expect(progress["frames"] as? Int == 30 && progress["framesIn"] as? Int == 30)
        #expect(progress["bytesIn"] as? Int == 30 * 64 * 48 * 4)
        #expect(progress["bytesOut"] as? Int == (try folder.bytes("out.h264").count))
        #expect(["producer", "ingest", "encode", "output"].contains(progress["bottleneck"] as? String))
        let receipt = try JSONSerialization.jsonObject(with: Data(folder.bytes("receipt.json"))) as? [String: Any]
        let waiting = try #require(receipt?["waiting"] as? [String: Double])
        #expect(waiting.count == 4 && waiting.values.allSatisfy { (0...1).contains($0) })
    }

    @Test("Progress to a descriptor that is not open does not stop the encode", .mustEnd)
    func progressToNowhere() throws {
        let outcome = try folder.run("\(source) | \(encode) --progress json --progress-fd 77 -o out.h264")
        // It may be refused or ignored, but it must not be half done.
        #expect([.exited(0), .exited(64)].contains(outcome.ending), "\(outcome)")
        #expect(folder.exists("out.h264") == (outcome.ending == .exited(0)))
    }

    @Test("Progress to a descriptor that is open only for reading is refused before the first frame", .mustEnd)
    func progressToReader() throws {
        try folder.write(Array("a file\n".utf8), to: "read.txt")
        for command in ["\(encode) -o out.h264", "batch jobs.yaml"] {
            let run = "\(command.hasPrefix("batch") ? "sluice " : "")\(command) --progress-fd 5 5<read.txt"
            try folder.fail(run, status: 64, saying: "--progress-fd 5", "open for writing")
        }
        #expect(!folder.exists("out.h264"))
        // A user who has closed standard error does not expect messages.
        try folder.succeed("\(source) | \(encode) -o out.h264 2>&-")
    }

    @Test("Messages that are never read do not block the encode", .mustEnd, arguments: ["plain", "json"])
    func unreadErrors(style: String) throws {
        let running = try Running(
            "-s 64x48 -r 30 -p rgba --log-level trace --progress \(style) -o out.h264",
            in: folder
        )
        // The pipe of stderr is not read.
        let frame = Array(try folder.succeed("sluice testsrc -s 64x48 --frames 1").output)
        for _ in 0..<200 { try #require(running.input.write(frame) == frame.count) }
        running.input.closeWriteEnd()
        #expect(running.child.wait(atMost: 20) == .exited(0))
        #expect(try folder.frameCount("out.h264") == 200)
    }

    @Test("Messages to a pipe that is full from the beginning do not block success or failure", .mustEnd)
    func fullErrors() throws {
        let fill = "dd if=/dev/zero bs=4096 count=100 oflag=nonblock of=/dev/fd/8 2> /dev/null"
        let full = "mkfifo words; exec 8<>words; \(fill)"
        let run = "\(full); \(source) | \(encode) --log-level trace -o out.h264 2>&8"
        let good = try folder.run(run, timeLimit: 20)
        #expect(good.ending == .exited(0))
        #expect(try folder.frameCount("out.h264") == 30)
        let bad = try folder.run("rm words; \(full); \(encode) -o bad.h264 2>&8", timeLimit: 20)
        #expect(bad.ending == .exited(65))
    }

    @Test("Messages to a closed stderr are lost, and the encode succeeds", .mustEnd)
    func closedErrors() throws {
        try folder.succeed("\(source) | \(encode) --log-level trace -o out.h264 2>&-")
        #expect(try folder.frameCount("out.h264") == 30)
        let outcome = try folder.run("\(encode) -o bad.h264 2>&-")
        #expect(outcome.ending == .exited(65))
        #expect(folder.names == ["out.h264"])
    }
}
