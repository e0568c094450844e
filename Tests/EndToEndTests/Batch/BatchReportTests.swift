import Foundation
import Testing

@Suite("The reports of a batch", .mustEnd)
struct BatchReportTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 12 > a.yuv")
    }

    private let raw = "size: 96x64, framerate: 30, pixel-format: i420"
    private let reports = "--report r.json --junit r.xml --html r.html"

    private func manifest(_ jobs: String) throws {
        try folder.write(Array("defaults: {\(raw)}\njobs:\n\(jobs)\n".utf8), to: "m.yaml")
    }

    /// Attributes of a suite of JUnit's, by a parser, and its cases' kinds.
    private func suite() throws -> String {
        let script = """
            import xml.etree.ElementTree as t
            s = t.parse('r.xml').getroot()
            print(s.get('tests'), s.get('failures'), s.get('errors'), s.get('skipped'), bool(s.get('timestamp')), bool(s.get('hostname')))
            for e in s.iter():
                if e.tag in ('failure', 'error', 'skipped'): print(e.tag, e.get('type'), e.text == e.get('message') and bool(e.text))
            """
        try folder.write(Array(script.utf8), to: "suite.py")
        return try folder.succeed("python3 suite.py").text
    }

    @Test("The report of a batch that does not start replaces an older one, as failed (fault O5)")
    func notBegun() throws {
        try manifest("  - {input: a.yuv, output: a.h264}")
        try folder.succeed("sluice batch m.yaml \(reports)")
        #expect(try suite().hasPrefix("1 0 0 0 True True"))
        try manifest("  - {input: none.yuv, output: a.h264}")
        try folder.fail("sluice batch m.yaml \(reports)", status: 78, saying: "none.yuv")
        #expect(try suite() == "1 0 1 0 True True\nerror invalidManifest True\n")
        #expect(try folder.text("r.json").contains("\"code\" : 78") && folder.text("r.html").contains("none.yuv"))
        // What is not a report is left, and so is everything by a dry run.
        try folder.succeed("echo precious > mine")
        let outcome = try folder.run("sluice batch m.yaml --report mine")
        #expect(outcome.ending != .exited(0))
        #expect(try folder.text("mine") == "precious\n")
    }

    @Test(
        "The report of a batch has an error for each job that a signal stopped, running or waiting (faults O6, O12)"
    )
    func signal() throws {
        try manifest(
            """
              - {name: runs, command: [sh, -c, 'cat a.yuv; sleep 63'], output: c.h264}
              - {name: waits, input: a.yuv, output: d.h264, after: [runs]}
              - {name: fails, input: a.yuv, output: e.h264, expect-frames: 1}
              - {name: later, input: a.yuv, output: f.h264, after: [fails]}
            """
        )
        let running = try Running("batch m.yaml \(reports) --kill-after 2 --threads 2", in: folder)
        try #require(running.wait(until: { (try? folder.processes()) == 1 && !folder.exists("e.h264") }))
        usleep(2_000_000)
        #expect(running.abortBatch(SIGTERM))
        #expect(running.child.wait(atMost: 25) == .signaled(SIGTERM))
        let found = try suite()
        #expect(found.hasPrefix("4 1 2 1 "), "\(found)")
        #expect(found.contains("error interrupted True\nerror interrupted True"), "\(found)")
        let data = Data(try folder.bytes("r.json"))
        let report = try JSONDecoder().decode(BatchReport.self, from: data)
        #expect(report.jobs.allSatisfy { $0.error != nil })
    }

    @Test(
        "The progress of a batch is only JSON lines on a separate descriptor, with retries (fault O9)"
    )
    func progressDescriptor() throws {
        try manifest(
            "  - {name: again, command: [sh, -c, 'echo complaint >&2; exit 75'], output: a.h264}\n  - {command: [sh, -c, 'cat a.yuv; sleep 3'], output: b.h264}"
        )
        let flags = "--progress json --progress-fd 5 --retries 1"
        let outcome = try folder.run("sluice batch m.yaml \(flags) 5>lines; exit $?")
        #expect(outcome.ending == .exited(75) && outcome.errors.contains("complaint"))
        #expect(!outcome.errors.contains("{\""), "\(outcome.errors)")
        let script = "import json; print([sorted(json.loads(l))[0] for l in open('lines')])"
        let kinds = try folder.succeed("python3 -c \"\(script)\"").text
        for kind in ["'retry'", "'job'", "'progress'"] { #expect(kinds.contains(kind), "\(kinds)") }
        // A command with an unknown number of frames has no known end (fault O10).
        #expect(try folder.text("lines").contains("\"secondsLeft\":null"))
        let quiet = try folder.run("sluice batch m.yaml \(flags) --quiet --retries 0 5>lines; exit $?")
        #expect(!quiet.errors.contains("complaint") && quiet.errors.contains("again: failed"), "\(quiet.errors)")
    }

    @Test("The report of a batch names a job without a name by its output, and its table fits the terminal")
    func names() throws {
        let long = String(repeating: "n", count: 150)
        try manifest("  - {input: a.yuv, output: a.h264}\n  - {name: \(long), input: a.yuv, output: b.h264}")
        let outcome = try folder.run(
            "script -qec 'stty cols 140; sluice batch m.yaml --progress none' /dev/null | tr -d '\\r'"
        )
        let rows = outcome.text.split(separator: "\n").filter { $0.contains("done") && $0.contains("fps") }
        #expect(rows.count == 2 && rows.allSatisfy { $0.count <= 140 }, "\(outcome.text)")
        #expect(rows.first?.hasPrefix("a.h264") == true && !outcome.text.contains("#1"))
    }

    @Test("A batch reads a manifest from standard input, in any of its forms (fault O14)")
    func standardInput() throws {
        let object = "\"size\": \"96x64\", \"framerate\": 30, \"pixelFormat\": \"i420\", \"input\": \"a.yuv\""
        let texts = [
            "jobs: [{size: 96x64, framerate: 30, pixel-format: i420, input: a.yuv, output: y.h264}]",
            "{\"jobs\": [{\(object), \"output\": \"j.h264\"}]}",
            "{\(object), \"output\": \"l.h264\"}\r\n{\(object), \"output\": \"m.h264\"}\r\n",
            "{\(object), \"output\": \"n.h264\"}",
        ]
        for text in texts {
            let outcome = try folder.run("sluice batch - --quiet", input: Array(text.utf8))
            #expect(outcome.ending == .exited(0), "\(text): \(outcome.errors)")
        }
        for name in ["y", "j", "l", "m", "n"] { #expect(try folder.frameCount("\(name).h264") == 12) }
        let wrong = try folder.run("sluice batch -", input: Array("jobs: 1".utf8))
        #expect(wrong.ending == .exited(78) && wrong.errors.contains("standard input:1:7: "), "\(wrong.errors)")
    }

    @Test(
        "A batch accepts the usual names of codecs, in either case (fault O14)",
        arguments: ["h265", "HEVC", "H264", "avc", "H.264"]
    )
    func codecNames(name: String) throws {
        let isHEVC = ["h265", "HEVC"].contains(name)
        try manifest("  - {input: a.yuv, output: a.mp4, codec: \(name)}")
        _ = try folder.batch("m.yaml")
        #expect(try folder.probe("a.mp4", "codec_name") == (isHEVC ? "hevc" : "h264"))
        try folder.succeed("sluice probe --require '\(name)@96x64p30'")
    }
}
