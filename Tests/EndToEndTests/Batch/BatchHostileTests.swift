import Foundation
import Testing

@Suite("A batch with hostile files", .mustEnd)
struct BatchHostileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 3 > a.yuv")
    }

    private let raw = "size: 96x64, framerate: 30, pixel-format: i420"

    private func manifest(_ jobs: String) throws {
        try folder.write(Array("defaults: {\(raw)}\njobs:\n\(jobs)\n".utf8), to: "m.yaml")
    }

    @Test("A batch ends by a signal while it checks a manifest of 9,000 jobs (fault I3)")
    func signalDuringCheck() throws {
        let jobs = (0..<9_000).map { "  - {input: a.yuv, output: 'out/\($0).mp4', crf: \(Double($0) / 200)}" }
        try manifest(jobs.joined(separator: "\n"))
        let running = try Running("batch m.yaml --dry-run", in: folder)
        usleep(300_000)
        running.child.send(SIGTERM)
        #expect(running.child.wait(atMost: 5) == .signaled(SIGTERM))
    }

    @Test(
        "A batch does not report a lack of descriptors as an error of the manifest, or as a folder without files (fault O4)"
    )
    func fewDescriptors() throws {
        try folder.succeed("mkdir -p d/e && cp a.yuv d && cp a.yuv d/e && cp a.yuv d/e/b.yuv")
        try manifest("  - {input: 'd/**/*.yuv', output: 'out/${folder}/${stem}.mp4'}")
        for count in 4...24 {
            let outcome = try folder.run("ulimit -n \(count); exec sluice batch m.yaml --dry-run")
            let isWhole = outcome.ending == .exited(0) && outcome.text.contains("3 jobs")
            let isTold = [.exited(69), .exited(74), .exited(75)].contains(outcome.ending)
            #expect(isWhole || isTold, "\(count) descriptors: \(outcome.ending) \(outcome.errors)")
        }
    }

    @Test(
        "A batch encodes again an output whose receipt has impossible numbers, and shows no such number (fault N2)"
    )
    func numbers() throws {
        try manifest("  - {input: a.yuv, output: a.h264}")
        _ = try folder.batch("m.yaml")
        let good = try folder.text("a.h264.receipt.json")
        let changes = [
            ("\"chunks\":3", "\"chunks\":9223372036854775807"), ("\"chunks\":3", "\"chunks\":-9223372036854775808"),
            ("\"bytes\":", "\"bytes\":1e300, \"x\":"), ("\"wallSeconds\":", "\"wallSeconds\":-1,\"x\":"),
            ("\"wallSeconds\":", "\"wallSeconds\":1e-320,\"x\":"),
            ("\"peakMemoryBytes\":", "\"peakMemoryBytes\":-5,\"x\":"),
            ("\"framerate\":\"30\"", "\"framerate\":\"1/0\""), ("\"width\":96", "\"width\":9223372036854775807"),
        ]
        for (from, to) in changes {
            try #require(good.contains(from), "\(from)")
            let text = good.replacing(from, with: to)
            try folder.write(Array(text.utf8), to: "a.h264.receipt.json")
            let outcome = try folder.run("sluice batch m.yaml --overwrite --html p.html --report r.json")
            #expect(outcome.ending == .exited(0), "\(to): \(outcome.errors)")
            #expect(try !folder.text("p.html").contains("inf fps") && !outcome.errors.contains("inf fps"), "\(to)")
        }
    }

    @Test(
        "A batch with hostile files reads frame options line by line, and refuses a plan of nothing but numbers, within little memory (fault N5)"
    )
    func longFiles() throws {
        try folder.succeed(
            "head -c 8000000 /dev/zero | tr '\\0' '\\n' > options; printf '{\"frame\":1,\"keyFrame\":true}' >> options"
        )
        let encode = "sluice a.yuv -s 96x64 -r 30 -p i420 --frame-options options -o o.h264"
        let time =
            "/usr/bin/env python3 -c 'import resource, subprocess, sys; r = subprocess.run(sys.argv[1:]).returncode; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(r)'"
        func kilobytes(_ outcome: Outcome) -> Int {
            outcome.errors.split(separator: "\n").last.flatMap { Int($0) } ?? .max
        }
        let options = try folder.run("\(time) \(encode) --quiet")
        #expect(options.ending == .exited(0) && kilobytes(options) < 200_000, "\(options.errors)")
        try folder.succeed(
            "(printf '{\"version\":[0'; head -c 30000000 /dev/zero | tr '\\0' ','; printf '0]}') > p.json"
        )
        let plan = try folder.run("\(time) sluice shard p.json --index 0")
        #expect(plan.ending == .exited(78) && kilobytes(plan) < 300_000, "\(plan.errors)")
    }

    @Test(
        "A batch that is killed ends the processes that its commands have started, in any process group or session (fault I7)"
    )
    func grandchildren() throws {
        let mark = "3\(Int.random(in: 100_000...999_999))"
        let script =
            "sleep \(mark).1 & setsid sleep \(mark).2 & timeout 1000 sleep \(mark).3 & (setsid sh -c 'sleep \(mark).4; true' &) ; wait"
        try manifest("  - {command: [sh, -c, \"\(script)\"], output: c.h264}")
        let running = try Running("batch m.yaml", in: folder)
        func alive() -> Int {
            let found = try? folder.run("pgrep -f -c '^sleep \(mark)'").text
            return Int(found?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "") ?? -1
        }
        try #require(running.wait(until: { alive() == 4 }))
        running.child.send(SIGKILL)
        _ = running.child.wait(atMost: 10)
        #expect(running.wait(until: { alive() == 0 }, atMost: 10), "\(alive()) are left")
        #expect(running.wait(until: { (try? folder.processes()) == 0 }, atMost: 10))
        #expect(!folder.exists("c.h264"))
    }
}
