import Foundation
import Testing

@Suite("A batch that is run again", .mustEnd)
struct BatchResumeTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a", "b"] { try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 12 > \(name).yuv") }
        try write(crf: 30)
    }

    private func write(crf: Int, more: String = "") throws {
        let text = """
            defaults: {size: 96x64, framerate: 30, pixel-format: i420}
            jobs:
              - {input: a.yuv, output: a.h264, crf: \(crf), chunks: a.jsonl}
              - {input: b.yuv, output: b.h264\(more)}
            """
        try folder.write(Array(text.utf8), to: "m.yaml")
    }

    @Test(
        "A batch that is run again skips outputs that match their receipts, and encodes the others again",
        arguments: ["digest", "mtime"]
    )
    func again(trust: String) throws {
        let flags = "m.yaml --trust \(trust)"
        func statuses() throws -> [String] { try folder.batch(flags).statuses }
        #expect(try statuses() == ["done", "done"])
        #expect(try statuses() == ["up to date", "up to date"])
        // Another configuration.
        try write(crf: 31)
        #expect(try statuses() == ["done", "up to date"])
        // Another input, of the same size.
        try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 13 | tail -c +9217 > b.yuv")
        #expect(try statuses() == ["up to date", "done"])
        // An output that is damaged, truncated, or missing, or whose additional files are.
        for damage in [
            "printf x | dd of=a.h264 bs=1 seek=100 conv=notrunc", "truncate -s -1 a.h264", "rm a.h264", "rm a.jsonl",
        ] {
            try folder.succeed("\(damage) 2>&1")
            #expect(try statuses() == ["done", "up to date"], "\(damage)")
            #expect(try folder.frameCount("a.h264") == 12)
        }
        try folder.succeed("rm b.h264.receipt.json")
        try folder.fail("sluice batch \(flags)", status: 73, saying: "b.h264 exists")
    }

    @Test("A batch that is run again compares bytes, not times, except with --trust mtime")
    func trust() throws {
        try folder.batch("m.yaml")
        try folder.succeed("touch a.yuv b.h264")
        #expect(try folder.batch("m.yaml").statuses == ["up to date", "up to date"])
        #expect(try folder.batch("m.yaml --trust mtime").statuses == ["done", "done"])
    }

    @Test("A batch that is run again encodes again after a change of a command's input or of frame options")
    func otherInputs() throws {
        let text = """
            defaults: {size: 96x64, framerate: 30, pixel-format: i420}
            jobs:
              - {command: [cat, a.yuv], inputs: [a.yuv], output: a.h264}
              - {input: b.yuv, output: b.h264, quantizer: 30, frame-options: b.jsonl}
            """
        try folder.write(Array(text.utf8), to: "m.yaml")
        try folder.write(Array("{\"frame\":3,\"keyFrame\":true}\n".utf8), to: "b.jsonl")
        #expect(try folder.batch("m.yaml").statuses == ["done", "done"])
        #expect(try folder.batch("m.yaml").statuses == ["up to date", "up to date"])
        try folder.write(Array("{\"frame\":4,\"keyFrame\":true}\n".utf8), to: "b.jsonl")
        try folder.succeed("cp b.yuv c.yuv; tail -c +9217 c.yuv > a.yuv")
        #expect(try folder.batch("m.yaml").statuses == ["done", "done"])
        #expect(try folder.frameCount("a.h264") == 11)
    }

    @Test("A batch that is run again encodes again only the jobs after one whose output has changed")
    func chain() throws {
        func write(crf: Int) throws {
            let text = """
                jobs:
                  - {name: one, input: a.yuv, size: 96x64, framerate: 30, pixel-format: i420, output: one.mp4, crf: \(crf)}
                  - {name: two, input: one.mp4, output: two.webm, codec: vp8, after: [one]}
                """
            try folder.write(Array(text.utf8), to: "m.yaml")
        }
        try write(crf: 20)
        #expect(try folder.batch("m.yaml").statuses == ["done", "done"])
        #expect(try folder.batch("m.yaml").statuses == ["up to date", "up to date"])
        try write(crf: 40)
        #expect(try folder.batch("m.yaml").statuses == ["done", "done"])
        #expect(try folder.frameCount("two.webm") == 12)
    }

    @Test("A batch that is run again while it runs is reported so, and changes nothing")
    func locked() throws {
        try folder.write(
            Array(
                "jobs: [{command: [sleep, '60'], output: c.h264, size: 96x64, framerate: 30, pixel-format: i420}]".utf8
            ),
            to: "m.yaml"
        )
        let running = try Running("batch m.yaml", in: folder)
        try #require(running.wait(until: { folder.exists(".c.h264.batch") }))
        try folder.fail("sluice batch m.yaml", status: 75, saying: "another batch")
        // Another manifest for the same output is another batch as well.
        try folder.succeed("cp m.yaml other.yaml")
        try folder.fail("sluice batch other.yaml", status: 75, saying: "c.h264 is being written by another batch")
        #expect(running.abortBatch(SIGTERM))
        #expect(running.child.wait(atMost: 25) == .signaled(SIGTERM))
    }

    @Test("A batch that is run again keeps the target of a link in the output's place")
    func link() throws {
        _ = try folder.batch("m.yaml")
        try folder.succeed("echo precious > kept; rm a.h264; ln -s kept a.h264")
        let outcome = try folder.fail(
            "sluice batch m.yaml",
            status: 73,
            saying: "a.h264 exists, and no receipt"
        )
        #expect(outcome.errors.contains("b.h264: up to date"))
        #expect(try folder.text("kept") == "precious\n")
        #expect(try folder.batch("m.yaml --overwrite").statuses == ["done", "up to date"])
    }

    @Test(
        "A batch that is run again after two signals gives the same outputs as without them",
        arguments: [SIGINT, SIGTERM]
    )
    func signal(signal: Int32) throws {
        let text = """
            defaults: {size: 96x64, framerate: 30, pixel-format: i420}
            jobs:
              - {command: [sh, -c, "cat a.yuv; [ -e go ] || sleep 60"], output: c.h264}
              - {input: b.yuv, output: d.h264, after: [c.h264]}
            """
        try folder.write(Array(text.utf8), to: "m.yaml")
        let running = try Running("batch m.yaml --progress json", in: folder)
        var said = ""
        while !said.contains("\"frames\":12"), running.child.isRunning {
            said += String(decoding: running.errors.read(atLeast: 1), as: UTF8.self)
            if said.count > 1 << 20 { break }
            // x264 keeps frames; that the encode has begun is enough.
            if said.contains("\"running\":[{") { break }
        }
        #expect(running.abortBatch(signal))
        #expect(running.child.wait(atMost: 25) == .signaled(signal))
        #expect(!folder.exists("c.h264") && !folder.exists("d.h264"))
        #expect(try folder.processes() == 0)
        try folder.succeed("touch go")
        #expect(try folder.batch("m.yaml").statuses == ["done", "done"])
        #expect(try folder.frameCount("c.h264") == 12)
        let names = [
            "a.yuv", "b.yuv", "c.h264", "c.h264.receipt.json", "d.h264", "d.h264.receipt.json", "go", "m.yaml",
            "report.json",
        ]
        #expect(folder.names == names)
    }
}
