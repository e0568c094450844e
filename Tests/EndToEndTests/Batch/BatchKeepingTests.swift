import Foundation
import Testing

@Suite("A batch whose jobs keep times, or only smaller outputs", .mustEnd)
struct BatchKeepingTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("mkdir in; sluice testsrc -s 96x64 -p i420 --frames 12 > a.yuv")
        for name in ["a", "b"] { try folder.succeed("sluice a.yuv -s 96x64 -r 30 -p i420 --crf 40 -o in/\(name).mp4") }
        try folder.succeed("sluice a.yuv -s 96x64 -r 30 -p i420 --crf 1 --key-frame-interval 1 -o in/big.mp4; rm a.yuv")
    }

    private func manifest(_ jobs: String) throws { try folder.write(Array("jobs:\n\(jobs)\n".utf8), to: "m.yaml") }

    private func time(_ name: String) throws -> String { try folder.succeed("stat -c %.9Y \(name)").text }

    @Test(
        "A job with keep-smaller whose output is not smaller is done without it, and is not done again",
        arguments: ["digest", "mtime"]
    )
    func smaller(trust: String) throws {
        try manifest("  - {input: \"in/*.mp4\", output: \"out/${stem}.mp4\", codec: h264, crf: 1, keep-smaller: true}")
        let flags = "m.yaml --trust \(trust)"
        let outcome = try folder.succeed("sluice batch \(flags) --report report.json --junit r.xml --html r.html")
        var report = try JSONDecoder().decode(BatchReport.self, from: Data(try folder.bytes("report.json")))
        #expect(report.statuses == ["done", "done", "done"])
        #expect(report.jobs.map { $0.encoded?.kept } == [false, false, true])
        #expect(report.jobs[0].encoded?.limit == (try folder.bytes("in/a.mp4").count))
        for words in ["out/a.mp4: done, not kept: ", "done, not kept  ", "; 2 outputs not kept"] {
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
        #expect(try folder.text("r.html").contains("without 2 that would not be smaller than the input"))
        let names = ["a.mp4.receipt.json", "b.mp4.receipt.json", "big.mp4", "big.mp4.receipt.json"]
        #expect(try folder.succeed("ls -A out").lines.map(String.init) == names)
        #expect(try folder.receipt("out/a.mp4.receipt.json").status == "notKept")

        let stamp = folder.stamp("out/a.mp4.receipt.json")
        let dry = try folder.succeed("sluice batch \(flags) --dry-run").text
        #expect(dry.contains("out/a.mp4: up to date, not kept") && !dry.contains("would run"))
        report = try folder.batch(flags)
        #expect(Set(report.statuses) == ["up to date"] && folder.stamp("out/a.mp4.receipt.json") == stamp)
        #expect(report.jobs.map { $0.encoded?.kept } == [false, false, true])

        // A changed input is encoded again; a file that somebody has put there is not replaced.
        try folder.succeed("cp in/big.mp4 in/a.mp4; echo mine > out/b.mp4")
        report = try folder.batch(flags, status: 73)
        #expect(report.statuses == ["done", "failed", "up to date"])
        #expect(try folder.frameCount("out/a.mp4") == 12 && folder.text("out/b.mp4") == "mine\n")
    }

    @Test("A job with keep-smaller removes the output of an earlier batch that it does not keep anew")
    func former() throws {
        try manifest("  - {input: in/a.mp4, output: a.mp4, codec: h264, crf: 50, keep-smaller: true}")
        #expect(try folder.batch("m.yaml").jobs[0].encoded?.kept == true)
        try manifest("  - {input: in/a.mp4, output: a.mp4, codec: h264, crf: 1, keep-smaller: true}")
        #expect(try folder.batch("m.yaml").jobs[0].encoded?.kept == false)
        #expect(!folder.exists("a.mp4") && folder.exists("a.mp4.receipt.json"))
        #expect(try folder.batch("m.yaml").statuses == ["up to date"])
    }

    @Test("The output of a job with keep-smaller cannot be another job's input")
    func reader() throws {
        try manifest(
            "  - {name: a, input: in/a.mp4, output: a.mp4, keep-smaller: true}\n  - {input: a.mp4, output: b.webm, codec: vp9, after: [a]}"
        )
        try folder.fail(
            "sluice batch m.yaml",
            status: 78,
            saying: "m.yaml:3:13: a.mp4 may not be there: the job a, which writes it, has keep-smaller"
        )
    }

    @Test(
        "A job with keep-modification-time is up to date in the next run, also where its input is of the future",
        arguments: ["digest", "mtime"],
        ["2001-02-03 04:05:06.123456789Z", "2100-01-01 00:00:00.5Z"]
    )
    func times(trust: String, date: String) throws {
        try folder.succeed("touch -d '\(date)' in/*.mp4")
        try manifest(
            "  - {input: \"in/?.mp4\", output: \"${stem}.webm\", codec: vp9, keepModificationTime: true, parallel: auto}"
        )
        let flags = "m.yaml --trust \(trust)"
        #expect(try folder.batch(flags).statuses == ["done", "done"])
        for name in ["a", "b"] { #expect(try time("\(name).webm") == time("in/\(name).mp4")) }
        #expect(try folder.batch(flags).statuses == ["up to date", "up to date"])
        #expect(try folder.succeed("sluice batch \(flags) --dry-run").text.contains("a.webm: up to date"))

        // The same bytes of another time are the same input, and the output follows.
        try folder.succeed("touch -d '2010-01-01 00:00:00.000000007Z' in/a.mp4")
        let again = try folder.batch(flags).statuses
        #expect(again == [trust == "digest" ? "up to date" : "done", "up to date"])
        #expect(try time("a.webm") == time("in/a.mp4") && folder.frameCount("a.webm") == 12)
        // An output that was written to since is not up to date.
        try folder.succeed(
            "printf x | dd of=b.webm bs=1 seek=100 conv=notrunc status=none; touch -d '2110-01-01' b.webm"
        )
        #expect(try folder.run("sluice batch \(flags) --dry-run").text.contains("b.webm: would"))
    }

    @Test("A command, pictures and a pipe have no modification time that a job could keep")
    func refused() throws {
        try folder.succeed("ffmpeg -v error -i in/a.mp4 f%d.png")
        try manifest(
            """
              - {command: [cat, in/a.mp4], output: a.webm, codec: vp9, keep-modification-time: true}
              - {pictures: "f*.png", framerate: 30, output: b.webm, codec: vp9, keep-modification-time: true}
            """
        )
        try folder.fail(
            "sluice batch m.yaml",
            status: 78,
            saying: "m.yaml:2:",
            "has no modification time",
            "m.yaml:3:",
            "is a sequence of pictures"
        )
    }

    @Test(
        "A batch leaves out the files that exclude: names by name, pattern or folder, and reports one without an effect"
    )
    func excludes() throws {
        try folder.succeed(
            "mkdir -p in/old/deep; cp in/a.mp4 in/old/x.mp4; cp in/a.mp4 in/old/deep/y.mp4; cp in/a.mp4 $'in/\\xff.mp4'; cp in/a.mp4 $'in/e\\xcc\\x81.mp4'"
        )
        try manifest(
            """
              - input: "in/**/*.mp4"
                output: "out/${stem}.mp4"
                exclude: [in/old/, ./in/a.mp4, "in/bi[g].*", "in/\u{E9}.mp4", "*.mp4"]
            """
        )
        let outcome = try folder.succeed("sluice batch m.yaml --report report.json")
        let report = try JSONDecoder().decode(BatchReport.self, from: Data(try folder.bytes("report.json")))
        // The excluded name is another one in bytes.
        #expect(report.jobs.count == 3 && report.jobs.contains { $0.output == "out/b.mp4" })
        let notices = report.notices ?? []
        #expect(
            notices.count == 2 && notices[1].hasPrefix("m.yaml:4:62: exclude: *.mp4 excludes no file"),
            "\(notices)"
        )
        #expect(notices.first?.contains("exclude: in/\u{E9}.mp4 excludes no file") == true)
        for notice in notices { #expect(outcome.errors.contains("sluice: warning: \(notice)")) }
        let dry = try folder.succeed("sluice batch m.yaml --dry-run")
        #expect(dry.errors.contains("*.mp4 excludes no file") && dry.text.hasPrefix("3 jobs"))
    }

    @Test("An exclude: of defaults: is for the patterns of all jobs, and for the files that a command reads")
    func defaults() throws {
        let text = """
            defaults: {exclude: ["in/b*"], codec: vp9}
            jobs:
              - {input: "in/*.mp4", output: "${stem}.webm"}
              - {input: in/b.mp4, output: c.webm}
              - {command: [sluice, testsrc, -s, 96x64, --frames, "3", --format, y4m], inputs: ["in/*"], output: d.webm}
            """
        try folder.write(Array(text.utf8), to: "m.yaml")
        let report = try folder.batch("m.yaml")
        #expect(report.jobs.map(\.output) == ["a.webm", "c.webm", "d.webm"] && report.notices == nil)
        // The command's inputs are only those that are not excluded.
        try folder.succeed("touch in/big.mp4; rm in/b.mp4; cp in/a.mp4 in/b.mp4")
        #expect(try folder.batch("m.yaml").statuses[2] == "up to date")
        try folder.succeed("cp in/big.mp4 in/a.mp4")
        #expect(try folder.batch("m.yaml").statuses[2] == "done")
    }
}
