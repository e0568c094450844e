import Foundation
import Testing

@Suite("A batch that gets signals", .serialized, .mustEnd)
struct BatchSignalTests {
    let folder: TemporaryFolder

    /// One job that writes three frames, and three more when it is let go on; one after it, and one that waits to be tried again.
    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 96x64 --frames 3 --format y4m -o a.y4m && tail -n +2 a.y4m > more")
        let script = "cat a.y4m; touch begun; until [ -e go ]; do sleep 0.05; done; cat more"
        let text = """
            jobs:
              - {command: [sh, -c, "\(script)"], output: o.mp4}
              - {input: a.y4m, output: p.mp4, after: [o.mp4]}
            """
        try folder.write(Array(text.utf8), to: "m.yaml")
    }

    private static let stopping = "sluice: stopping after the current jobs; a second signal aborts them"
    private static let aborting = "sluice: aborting the current jobs"
    private let inputs = ["a.y4m", "begun", "m.yaml", "more"]

    private func start(_ flags: String = "") throws -> Running {
        let running = try Running("batch m.yaml --report report.json \(flags)", in: folder)
        try #require(running.wait(until: { folder.exists("begun") }))
        return running
    }

    private func report() throws -> BatchReport {
        try JSONDecoder().decode(BatchReport.self, from: Data(try folder.bytes("report.json")))
    }

    /// Runs the batch on a terminal, where Ctrl-C is a signal for the whole foreground process group, and gives what it showed.
    private func onTerminal(_ keys: String) throws -> String {
        let typing = "(until [ -e begun ]; do sleep 0.05; done; \(keys); sleep 2)"
        let outcome = try folder.run("\(typing) | script -qefc 'sluice batch m.yaml' shown > /dev/null")
        #expect(outcome.ending == .exited(130))
        let text = try folder.text("shown")
        try FileManager.default.removeItem(at: folder.file("shown"))
        return text
    }

    private static let untilStopping = "printf '\\003'; until grep -q 'second signal' shown; do sleep 0.05; done"

    @Test("The first Ctrl-C on a terminal lets the current jobs of a batch finish, and no others begin")
    func firstKey() throws {
        let text = try onTerminal("\(Self.untilStopping); touch go")
        #expect(text.contains(Self.stopping) && !text.contains(Self.aborting))
        #expect(text.contains("1 done, 1 not run"))
        #expect(try folder.frameCount("o.mp4") == 6)
        #expect(folder.exists("o.mp4.receipt.json") && !folder.exists("p.mp4"))
        #expect(try folder.batch("m.yaml").statuses == ["up to date", "done"])
    }

    @Test("The second Ctrl-C on a terminal aborts the jobs of a batch, and nothing half-written is left")
    func secondKey() throws {
        let text = try onTerminal("\(Self.untilStopping); printf '\\003'")
        #expect(text.contains(Self.stopping) && text.contains(Self.aborting))
        #expect(text.contains("1 interrupted, 1 not run"))
        #expect(folder.names == inputs)
        #expect(try folder.processes() == 0)
    }

    @Test(
        "A batch answers signals with a line where standard error is not a terminal",
        arguments: [SIGINT, SIGTERM],
        ["", "--quiet", "--progress none", "--json"]
    )
    func lines(signal: Int32, flags: String) throws {
        let running = try start(flags)
        running.child.send(signal)
        #expect(running.errors(until: "them\n").contains("\(Self.stopping)\n"))
        // It has not asked the jobs to end.
        usleep(300_000)
        #expect(running.child.isRunning)
        try folder.succeed("touch go")
        #expect(running.child.wait(atMost: 25) == .signaled(signal))
        let report = try report()
        #expect(report.statuses == ["done", "not run"] && report.jobs[1].error?.retryable == true)
        #expect(try folder.frameCount("o.mp4") == 6)
        if flags == "--json" {
            let object = try JSONDecoder().decode(BatchReport.self, from: Data(running.output.read(patience: 1)))
            #expect(object.statuses == report.statuses)
        }
    }

    @Test("A batch reports signals as JSON lines where its progress is JSON")
    func objects() throws {
        let running = try start("--progress json --kill-after 2")
        running.child.send(SIGTERM)
        #expect(running.errors(until: "stop").contains("{\"signal\":{\"action\":\"stop\",\"number\":15}}\n"))
        running.child.send(SIGTERM)
        #expect(running.errors(until: "abort").contains("{\"signal\":{\"action\":\"abort\",\"number\":15}}\n"))
        #expect(running.child.wait(atMost: 25) == .signaled(SIGTERM))
        #expect(try report().statuses == ["interrupted", "not run"])
        #expect(folder.names == (inputs + ["report.json"]).sorted())
    }

    @Test("A hangup aborts the jobs of a batch at once, because nobody is there for a second signal")
    func hangup() throws {
        let running = try start()
        running.child.send(SIGHUP)
        #expect(running.errors(until: Self.aborting).contains(Self.aborting))
        #expect(running.child.wait(atMost: 25) == .signaled(SIGHUP))
        #expect(folder.names == (inputs + ["report.json"]).sorted())
    }

    @Test("A third signal does not wait for a command of a batch that ignores signals")
    func third() throws {
        let script = "trap '' TERM; cat a.y4m; touch begun; sleep 64; sleep 64"
        try folder.write(Array("jobs:\n  - {command: [sh, -c, \"\(script)\"], output: o.mp4}\n".utf8), to: "m.yaml")
        let running = try start("--kill-after 60")
        #expect(running.abortBatch(SIGTERM))
        #expect(running.errors(until: Self.aborting).contains(Self.aborting))
        running.child.send(SIGTERM)
        #expect(running.child.wait(atMost: 10) == .signaled(SIGTERM))
        #expect(folder.names == (inputs + ["report.json"]).sorted())
    }

    @Test("A batch that stops does not try failed jobs again, and reports them as failed")
    func retries() throws {
        try folder.write(
            Array("jobs:\n  - {command: [sh, -c, \"touch begun; exit 75\"], output: o.mp4}\n".utf8),
            to: "m.yaml"
        )
        let running = try start("--retries 9")
        #expect(running.errors(until: "again in").contains("again in"))
        running.child.send(SIGTERM)
        #expect(running.child.wait(atMost: 10) == .signaled(SIGTERM))
        let report = try report()
        #expect(report.statuses == ["failed"] && report.jobs[0].error?.code == 75)
    }

    @Test("A job that a scheduler's signal ends together with its batch counts as interrupted")
    func everyProcess() throws {
        let running = try start()
        running.child.send(SIGTERM)
        #expect(running.errors(until: "them\n").contains(Self.stopping))
        try folder.succeed("pkill -TERM -f '[s]luice encode.*\(folder.url.lastPathComponent)'")
        #expect(running.child.wait(atMost: 25) == .signaled(SIGTERM))
        #expect(try report().statuses == ["interrupted", "not run"])
        #expect(folder.names == (inputs + ["report.json"]).sorted())
    }
}
