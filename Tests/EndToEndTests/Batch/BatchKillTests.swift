import Foundation
import Testing

@Suite("A batch that is killed", .serialized, .mustEnd)
struct BatchKillTests {
    private static let codecs = ["h264", "hevc", "vp8", "vp9", "av1"]

    private func prepare() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, frames) in [("a", 24), ("b", 36)] {
            try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames \(frames) > \(name).yuv")
        }
        let text = """
            defaults: {size: 96x64, framerate: 30, pixel-format: i420}
            jobs:
              - input: "?.yuv"
                output: out/${stem}-${codec}-${crf}.mkv
                matrix: {codec: [\(Self.codecs.joined(separator: ", "))], crf: [20, 28, 36, 44]}
                chunks: out/${stem}-${codec}-${crf}.jsonl
            """
        try folder.write(Array(text.utf8), to: "m.yaml")
        return folder
    }

    /// The outputs whose receipts are there, and which files they are.
    private func finished(_ folder: TemporaryFolder, _ outputs: [String]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: outputs.compactMap { output in
                guard let receipt = folder.stamp("\(output).receipt.json") else { return nil }
                return (output, "\(receipt), \(folder.stamp(output) ?? "gone")")
            }
        )
    }

    @Test(
        "A batch that is killed at ten random moments and run again gives the same outputs, and encodes no finished output twice"
    )
    func resumes() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of BatchKillTests.resumes: \(seed)")
        var random = SplitMix64(state: seed)
        let (undisturbed, killed) = (try prepare(), try prepare())
        let start = Date()
        let report = try undisturbed.batch("m.yaml", timeLimit: 300)
        let duration = Date().timeIntervalSince(start)
        let outputs = report.jobs.map(\.output)
        try #require(outputs.count == 40 && Set(report.statuses) == ["done"])

        var (known, doneBefore): ([String: String], [Int]) = ([:], [])
        for _ in 0..<10 {
            let running = try Running("batch m.yaml --progress none", in: killed)
            usleep(useconds_t(Double.random(in: 0...(duration / 5), using: &random) * 1e6))
            running.child.send(SIGKILL)
            _ = running.child.wait(atMost: 30)
            // No process continues without the batch.
            #expect(running.wait(until: { (try? killed.processes()) == 0 }, atMost: 10))
            let now = finished(killed, outputs)
            for (output, stamp) in known { #expect(now[output] == stamp, "\(output) was encoded again") }
            known = now
            doneBefore.append(now.count)
        }
        print("finished after each kill: \(doneBefore)")
        let last = try killed.batch("m.yaml", timeLimit: 300)
        #expect(last.jobs.count { $0.status == "up to date" } == known.count)
        let now = finished(killed, outputs)
        for (output, stamp) in known { #expect(now[output] == stamp, "\(output) was encoded again") }
        for output in outputs {
            #expect(try killed.bytes(output) == undisturbed.bytes(output), "\(output)")
            let lines = String(output.dropLast(3)) + "jsonl"
            #expect(try killed.bytes(lines) == undisturbed.bytes(lines), "\(lines)")
        }
        let listing = "find out -mindepth 1 | sort"
        #expect(try killed.succeed(listing).text == undisturbed.succeed(listing).text, "something was left behind")
    }

    @Test("A batch that is killed ends its jobs and their commands")
    func children() throws {
        let folder = try prepare()
        try folder.write(
            Array(
                "jobs: [{command: [sleep, '61'], output: c.h264, size: 96x64, framerate: 30, pixel-format: i420}]".utf8
            ),
            to: "c.yaml"
        )
        let running = try Running("batch c.yaml", in: folder)
        try #require(running.wait(until: { (try? folder.processes()) == 1 }))
        // Between the batch and each program is the process that watches over it.
        let list = "for p in $(pgrep -P \(running.child.pid)); do echo $p; pgrep -P $p; done"
        let children = try folder.run(list).lines.compactMap { Int32($0) }
        try #require(children.count == 4)
        running.child.send(SIGKILL)
        _ = running.child.wait(atMost: 10)
        #expect(running.wait(until: { children.allSatisfy { kill($0, 0) != 0 } }, atMost: 10))
        #expect(!folder.exists("c.h264"))
    }

    @Test(
        "Processes that a command left running end with the job's time limit, and when the batch is killed"
    )
    func leftBehind() throws {
        let folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x64 --frames 10 --format y4m -o a.y4m")
        try folder.write(
            Array("jobs:\n- {command: [sh, -c, \"sleep 3077 & cat a.y4m\"], output: o.mp4}\n".utf8),
            to: "m.yaml"
        )
        let found = "pgrep -f 'sleep 307[7]' > left; test ! -s left"
        try folder.fail("sluice batch m.yaml --timeout 1 --kill-after 1", status: 75, saying: "longer than --timeout")
        try folder.succeed(found)
        try folder.succeed("sluice batch m.yaml & sleep 1; kill -KILL $!; wait $! || true; sleep 1; \(found)")
    }
}

/// Random numbers that a printed seed repeats.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
