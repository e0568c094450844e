import Foundation
import Testing

@Suite("A batch whose jobs fail", .mustEnd)
struct BatchFailureTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 12 > a.yuv")
    }

    private let raw = "size: 96x64, framerate: 30, pixel-format: i420"

    private func manifest(_ jobs: String, name: String = "m.yaml") throws {
        try folder.write(Array("defaults: {\(raw)}\njobs:\n\(jobs)\n".utf8), to: name)
    }

    @Test(
        "A batch retries a command that a signal has ended, even after it has written frames (fault O4)"
    )
    func killedCommands() throws {
        let scripts = [
            "kill -9 $$$$", "kill -11 $$$$", "cat a.yuv; kill -9 $$$$", "head -c 5000 a.yuv; kill -6 $$$$", "exit 137",
        ]
        let jobs = scripts.enumerated().map { "  - {command: [sh, -c, '\($1)'], output: k\($0).h264}" }
        try manifest(jobs.joined(separator: "\n"))
        let report = try folder.batch("m.yaml --retries 1", status: 75)
        #expect(report.jobs.map(\.attempts) == Array(repeating: 2, count: scripts.count))
        for job in report.jobs {
            #expect(job.error?.code == 75 && job.error?.retryable == true, "\(job)")
            #expect(job.error?.message.contains("signal") == true, "\(job)")
        }
        #expect(!folder.names.contains { $0.hasPrefix("k") }, "\(folder.names)")
    }

    @Test(
        "A batch reports that a command wrote nothing, or its exit status, which is not that of a full disk (fault O4)"
    )
    func silentCommands() throws {
        try manifest(
            "  - {command: ['true'], output: n.h264}\n  - {command: [sh, -c, 'exit 3'], output: e.h264}"
        )
        let report = try folder.batch("m.yaml --retries 1", status: 65)
        #expect(report.jobs[0].error?.message == "the command true wrote nothing to its standard output")
        #expect(report.jobs[1].error?.message.contains("exited with status 3") == true)
        #expect(report.jobs.map { $0.error?.code } == [65, 65] && report.jobs.map(\.attempts) == [1, 1])
    }

    @Test(
        "A batch gives a job after one that failed permanently a status that is not retryable either (fault O13)"
    )
    func followers() throws {
        try manifest(
            """
              - {name: first, input: a.yuv, output: a.h264, expect-frames: 13}
              - {name: second, input: a.h264, output: b.mp4, input-format: media, after: [first]}
              - {name: third, input: a.yuv, output: c.h264, after: [second]}
              - {name: killed, command: [sh, -c, 'kill -9 $$$$'], output: d.h264}
              - {name: fourth, input: a.yuv, output: e.h264, after: [killed]}
            """
        )
        let report = try folder.batch("m.yaml", status: 65)
        #expect(report.statuses == ["failed", "not run", "not run", "failed", "not run"])
        #expect(report.jobs.map { $0.error?.code } == [65, 65, 65, 75, 75])
        #expect(report.jobs.map { $0.error?.retryable } == [false, false, false, true, true])
    }

    @Test("A batch kills processes that ignore SIGTERM, after the time of --kill-after (fault O11)")
    func killAfter() throws {
        try manifest("  - {command: [sh, -c, 'trap \"\" TERM; cat a.yuv; sleep 62; sleep 62'], output: a.h264}")
        let start = Date()
        let report = try folder.batch("m.yaml --timeout 1 --kill-after 1", status: 75)
        #expect(report.jobs[0].error?.name == "timedOut")
        #expect(Date().timeIntervalSince(start) < 15)
        #expect(try folder.succeed("sluice batch --help").text.contains("--kill-after"))
    }

    @Test(
        "A batch lets only the job fail whose matched file is damaged, empty or foreign, and names it (fault I5)"
    )
    func matches() throws {
        try folder.succeed("mkdir in; for i in 1 2; do sluice testsrc -s 96x64 --frames 3 -o in/$i.y4m; done")
        try folder.succeed(
            "cd in; : > empty.y4m; head -c 3000 1.y4m > cut.y4m; echo hello > note.txt; mkfifo pipe.y4m; ln -s nowhere gone.y4m"
        )
        try folder.succeed(
            "cd in; (printf '\\0\\0\\0\\030ftypisom'; head -c 500 /dev/urandom) > broken.mp4; echo x > skip.y4m; echo x > skip2.bin"
        )
        try folder.write(
            Array("jobs: [{input: 'in/*', exclude: [in/skip.y4m, 'in/*.bin'], output: 'out/${stem}.mp4'}]".utf8),
            to: "m.yaml"
        )
        let report = try folder.batch("m.yaml", status: 65)
        let found = Dictionary(uniqueKeysWithValues: report.jobs.map { ($0.output, $0) })
        #expect(found.count == 8 && found["out/skip.mp4"] == nil)
        for name in ["1", "2"] { #expect(found["out/\(name).mp4"]?.status == "done") }
        let codes = [
            "empty": 65, "cut": 65, "note": 65, "pipe": 66, "gone": 66,
            "broken": report.jobs.first { $0.output == "out/broken.mp4" }?.error?.code == 69 ? 69 : 65,
        ]
        for (name, code) in codes {
            let error = found["out/\(name).mp4"]?.error
            #expect(error?.code == code && error?.message.contains("in/\(name)") == true, "\(name): \(error as Any)")
        }
    }

    @Test(
        "A batch lets only the job fail whose receipt is empty, truncated or missing, and keeps its output (fault O8)"
    )
    func receipts() throws {
        try manifest((0..<5).map { "  - {input: a.yuv, output: \($0).h264}" }.joined(separator: "\n"))
        _ = try folder.batch("m.yaml")
        try folder.succeed(
            ": > 0.h264.receipt.json; truncate -s 100 1.h264.receipt.json; rm 2.h264.receipt.json; rm 3.h264"
        )
        let before = try folder.bytes("0.h264")
        let report = try folder.batch("m.yaml", status: 73)
        #expect(report.statuses == ["failed", "failed", "failed", "done", "up to date"])
        #expect(report.jobs.prefix(3).map { $0.error?.code } == [73, 73, 73])
        #expect(try folder.bytes("0.h264") == before)
        #expect(try folder.batch("m.yaml --overwrite").jobs.allSatisfy { $0.error == nil })
    }
}
