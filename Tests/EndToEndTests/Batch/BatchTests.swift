import Foundation
import Testing

@Suite("A batch", .mustEnd)
struct BatchTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for (name, frames) in [("a", 12), ("b", 20)] {
            try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames \(frames) > \(name).yuv")
        }
    }

    private let raw = "size: 96x64, framerate: 30, pixel-format: i420"

    private func manifest(_ jobs: String, name: String = "m.yaml") throws {
        try folder.write(Array("defaults: {\(raw)}\njobs:\n\(jobs)\n".utf8), to: name)
    }

    @Test(
        "A batch gives the outputs of encode, each with its receipt, and reports estimated and used memory"
    )
    func outputs() throws {
        try manifest(
            """
              - input: "?.yuv"
                output: out/${stem}-${codec}.mkv
                matrix: {codec: [h264, hevc, vp8, vp9, av1]}
                threads: 1
                verify: true
                min-psnr: 10
            """
        )
        let report = try folder.batch("m.yaml")
        #expect(report.jobs.count == 10 && report.statuses.allSatisfy { $0 == "done" })
        for job in report.jobs {
            let parts = job.output.dropFirst(4).dropLast(4).split(separator: "-")
            let flags = "-s 96x64 -r 30 -p i420 --codec \(parts[1]) --threads 1 --quiet --overwrite"
            try folder.succeed("sluice \(parts[0]).yuv \(flags) -o single.mkv")
            #expect(try folder.sha256(job.output) == folder.sha256("single.mkv"), "\(job.output)")
            #expect(try folder.frameCount(job.output) == (parts[0] == "a" ? 12 : 20))
            #expect(try folder.receipt("\(job.output).receipt.json").output.sha256 == job.encoded?.sha256)
            let used = try #require(job.memory.peakBytes)
            #expect(used > 10 << 20 && used < job.memory.estimatedBytes, "\(job.output)")
            #expect((job.encoded?.psnr ?? 0) > 10)
        }
    }

    @Test("A batch reports all mistakes at once, with file, line and column, and runs nothing")
    func wrong() throws {
        try manifest(
            """
              - {input: a.yuv, output: a.mp4}
              - {input: a.yuv, output: b.mp4, crf: 99, bitrate: 5Q}
              - {input: none.yuv, output: c.mp4, codec: avc1.42001E, bit-depth: 10}
              - {input: a.yuv, output: d.xyz}
              - {input: a.yuv, output: e.webm, codec: vp9, segment-frames: 5, parallel: 2, preset: 9}
            """
        )
        let outcome = try folder.fail(
            "sluice batch m.yaml",
            status: 78,
            saying: "m.yaml:4:40: invalid --crf \"99.0\" (expected a number in 0...51)",
            "m.yaml:4:53: The value '5Q' is invalid for '--bitrate",
            "m.yaml:5:13: no such file: none.yuv",
            "m.yaml:5:5: 10 bits a sample exceed avc1.42001E",
            "m.yaml:6:28: d.xyz has no known extension"
        )
        #expect(!outcome.errors.contains("m.yaml:3"))
        let last = outcome.errors.split(separator: "\n").filter { $0.contains("m.yaml:7") }
        #expect(last.count == 1 && last[0].contains("--preset"), "segment-frames has the parallel that it needs")
        #expect(folder.names == ["a.yuv", "b.yuv", "m.yaml"])
        let object = try folder.run("sluice batch m.yaml --json")
        let failure = try JSONDecoder().decode(FailureObject.self, from: object.output)
        #expect(failure.error.code == 78 && failure.error.message.contains("m.yaml:5:13"))
    }

    @Test("A batch examines its inputs before the first frame, and refuses impossible jobs")
    func inputs() throws {
        try folder.succeed(
            "sluice a.yuv -s 96x64 -r 30 -p i420 -o coded.mp4; mkfifo pipe; : > empty.yuv; head -c 100 a.yuv > part.yuv"
        )
        try folder.succeed("sluice testsrc -s 96x64 --frames 3 -o odd.y4m; sed -i '1s/W96/W97/' odd.y4m")
        let text = """
            jobs:
              - {input: coded.mp4, output: a.webm, codec: vp9, min-psnr: 30}
              - {input: coded.mp4, output: b.webm, codec: vp9}
              - {input: pipe, output: c.webm, codec: vp9}
              - {input: empty.yuv, output: d.webm, codec: vp9}
              - {input: odd.y4m, output: e.mp4}
              - {input: a.yuv, output: f.mp4, frame-options: pipe}
            """
        try folder.write(Array(text.utf8), to: "m.yaml")
        let outcome = try folder.fail(
            "sluice batch m.yaml",
            status: 78,
            saying: "m.yaml:2:62: --min-psnr reads the source again",
            "m.yaml:4:13: pipe is not a regular file",
            "m.yaml:5:13: empty.yuv",
            "m.yaml:6:",
            "odd size 97x64",
            "m.yaml:7:50: no such file: pipe"
        )
        #expect(!outcome.errors.contains("m.yaml:3"))
    }

    @Test("A batch prints its commands in shell syntax with --dry-run, and runs nothing")
    func dryRun() throws {
        try manifest("  - {input: a.yuv, output: \"o/it's.h264\", crf: 30}")
        let text = try folder.succeed("sluice batch m.yaml --dry-run").text
        #expect(text.contains("would run") && text.contains("12 frames") && text.contains("MiB"))
        #expect(folder.names == ["a.yuv", "b.yuv", "m.yaml"])
        let line = try #require(text.split(separator: "\n").last)
        try folder.succeed("mkdir o; \(line)")
        try folder.succeed("sluice a.yuv -s 96x64 -r 30 -p i420 --crf 30 --threads 2 -o again.h264")
        #expect(try folder.frameCount("o/it\\'s.h264") == 12)
    }

    @Test("A batch gives a job in segments as many encoders as its threads allow, and counts their memory")
    func parallel() throws {
        func estimate(_ keys: String, threads: Int) throws -> (text: String, mebibytes: Double) {
            try manifest("  - {input: b.yuv, output: b.webm, codec: vp9, segment-frames: 5, \(keys)}")
            let text = try folder.succeed("sluice batch m.yaml --dry-run --threads \(threads)").text
            let words = try #require(text.firstMatch(of: /about ([0-9.]+) MiB/))
            return (text, try #require(Double(words.output.1)))
        }
        let three = try estimate("parallel: auto", threads: 3)
        #expect(three.text.contains("3 encoders, 3 threads") && three.text.contains("--parallel=3"))
        #expect(!three.text.contains("--threads="))
        #expect(try estimate("parallel: auto", threads: 9).text.contains("4 encoders, 4 threads"))
        #expect(try estimate("parallel: auto, threads: 2", threads: 5).text.contains("2 encoders, 4 threads"))
        let one = try estimate("parallel: 1", threads: 3)
        #expect(one.text.contains("1 encoder, 1 thread") && one.mebibytes < three.mebibytes)
        try manifest("  - {input: b.yuv, output: b.webm, codec: vp9, segment-frames: 20, parallel: auto}")
        let whole = try folder.succeed("sluice batch m.yaml --dry-run --threads 3").text
        #expect(whole.contains("(96x64, 20 frames, 1 thread,"), "the input has one segment")
        try manifest("  - {input: b.yuv, output: b.webm, codec: vp9, segment-frames: 5, parallel: 2, threads: 2}")
        try folder.fail(
            "sluice batch m.yaml --threads 3",
            status: 78,
            saying: "threads 4 are more than the budget of 3"
        )

        try manifest("  - {input: b.yuv, output: b.webm, codec: vp9, segment-frames: 5, parallel: auto, preset: 5}")
        _ = try folder.batch("m.yaml --threads 3")
        let flags = "-s 96x64 -r 30 -p i420 --codec vp9 --preset 5 --quiet --segment-frames 5 --parallel 1"
        try folder.succeed("sluice b.yuv \(flags) -o here.webm")
        #expect(try folder.sha256("b.webm") == folder.sha256("here.webm"))
    }

    @Test("A batch retries jobs that lacked descriptors, and never hangs")
    func descriptors() throws {
        try manifest("  - {input: a.yuv, output: \"${crf}.mp4\", matrix: {crf: [20, 21, 22, 23, 24, 25, 26, 27]}}")
        let run = "sluice batch m.yaml --threads 8 --jobs 8 --retries 6"
        // Each try that fails doubles the wait for the next, up to a minute and more on a busy machine.
        try folder.succeed("ulimit -n 80; \(run)", timeLimit: 240)
        for crf in 20...27 { #expect(try folder.frameCount("\(crf).mp4") == 12) }
        try folder.fail("ulimit -n 10; \(run)", status: 69, saying: "Too many open files")
    }

    @Test("A batch continues when a job fails, drops the jobs after it, and ends with its status")
    func failure() throws {
        try manifest(
            """
              - {name: short, input: a.yuv, output: a.h264, expect-frames: 13}
              - {name: later, input: a.h264, output: b.mp4, after: [short], size: 96x64, input-format: raw}
              - {name: fine, input: b.yuv, output: c.h264}
            """
        )
        let report = try folder.batch("m.yaml", status: 65)
        #expect(report.statuses == ["failed", "not run", "done"])
        #expect(report.jobs[0].error?.name == "tooFewFrames" && report.jobs[0].line == 3)
        #expect(!folder.exists("a.h264") && folder.exists("c.h264"))
    }

    @Test("A batch ends with the first failure if asked to")
    func failFast() throws {
        try manifest(
            """
              - {input: a.yuv, output: a.h264, expect-frames: 13}
              - {command: [sh, -c, "exec sleep 60"], output: b.h264}
              - {input: b.yuv, output: c.h264}
            """
        )
        let report = try folder.batch("m.yaml --fail-fast --jobs 2 --threads 2", status: 65)
        #expect(report.statuses == ["failed", "interrupted", "not run"])
        #expect(!folder.exists("c.h264"))
    }

    @Test("A batch takes frames from a command, without a shell, and its exit status is the job's")
    func command() throws {
        try manifest(
            """
              - {name: good, command: [cat, a.yuv], inputs: [a.yuv], output: good.h264}
              - {name: bad, command: [sh, -c, "cat a.yuv; exit 3"], output: bad.h264}
              - {name: words, command: [echo, "$$(touch oops)", "; touch oops"], output: words.h264}
              - {name: enough, command: [sh, -c, "while cat a.yuv; do :; done"], output: enough.h264, frames: 30}
            """
        )
        let report = try folder.batch("m.yaml", status: 65)
        #expect(report.statuses == ["done", "failed", "failed", "done"])
        #expect(report.jobs[1].error?.name == "producerFailed" && report.jobs[1].error?.message.contains("3") == true)
        #expect(try folder.frameCount("good.h264") == 12)
        #expect(try folder.frameCount("enough.h264") == 30)
        // Every frame had arrived, but no output looks finished.
        #expect(!folder.exists("bad.h264") && !folder.exists("bad.h264.receipt.json"))
        #expect(!folder.exists("oops"))
        #expect(try folder.batch("m.yaml", status: 65).statuses == ["up to date", "failed", "failed", "up to date"])
    }

    @Test("A batch retries temporary failures, and ends jobs over their time limit")
    func retries() throws {
        // Written by another process: one of ours that is just being started would hold it open, and it could not be run.
        let script = "[ -e once ] || { touch once; exit 75; }; cat a.yuv"
        try folder.succeed("echo '#!/bin/sh' > flaky.sh; echo '\(script)' >> flaky.sh; chmod +x flaky.sh")
        try manifest("  - {command: [./flaky.sh], output: a.h264}")
        #expect(try folder.batch("m.yaml", status: 75).jobs[0].attempts == 1)
        try folder.succeed("rm once")
        let report = try folder.batch("m.yaml --retries 2")
        #expect(report.jobs[0].attempts == 2 && report.statuses == ["done"])

        try manifest(
            "  - {command: [sleep, \"60\"], output: b.h264}\n  - {input: a.yuv, output: c.h264, expect-frames: 1}"
        )
        let start = Date()
        let slow = try folder.batch("m.yaml --timeout 1 --retries 1", status: 65)
        #expect(slow.jobs.map(\.error?.name) == ["timedOut", "tooManyFrames"])
        #expect(slow.jobs.map(\.attempts) == [2, 1], "only a failure that another try may mend")
        #expect(Date().timeIntervalSince(start) < 30)
    }

    @Test("A batch keeps to its threads and its memory, and refuses a job that would not fit alone")
    func budget() throws {
        try manifest("  - {input: a.yuv, output: a.h264}\n  - {input: b.yuv, output: b.h264, threads: 3}")
        try folder.fail(
            "sluice batch m.yaml --threads 2",
            status: 78,
            saying: "m.yaml:4:5: b.h264: threads 3 are more than the budget of 2"
        )
        try folder.fail(
            "sluice batch m.yaml --max-memory 1M --threads 4",
            status: 78,
            saying: "m.yaml:3:5: a.h264: the job needs about",
            "1.00 MiB"
        )
        let report = try folder.batch("m.yaml --threads 4 --jobs 1")
        #expect(report.jobs.map(\.threads) == [1, 3])
        try folder.succeed("rm *.h264*")
        let slurm = try folder.run("SLURM_MEM_PER_NODE=1 sluice batch m.yaml --threads 4")
        #expect(slurm.ending == .exited(78) && slurm.errors.contains("SLURM_MEM_PER_NODE"))
    }

    @Test("A batch uses no file outside of its folder unless allowed, and reads no standard input")
    func paths() throws {
        try manifest("  - {input: a.yuv, output: /tmp/sluice-batch-escape.h264}\n  - {input: \"-\", output: b.h264}")
        try folder.fail(
            "sluice batch m.yaml",
            status: 78,
            saying: "absolute path",
            "--allow-absolute-paths",
            "m.yaml:4:13: -:"
        )
        try manifest("  - {input: a.yuv, output: \(folder.file("x.h264").path)}")
        try folder.fail("sluice batch m.yaml", status: 78, saying: "absolute path")
        try folder.succeed("sluice batch m.yaml --allow-absolute-paths --quiet")
        #expect(try folder.frameCount("x.h264") == 12)
        try manifest("  - {input: a.yuv, output: y.h264}")
        try folder.succeed("sluice batch m.yaml --output-directory elsewhere --quiet")
        #expect(try folder.frameCount("elsewhere/y.h264") == 12)
    }

    @Test("A batch keeps files that no batch has written, unless --overwrite is given")
    func foreign() throws {
        try folder.write([1, 2, 3], to: "a.h264")
        try manifest("  - {input: a.yuv, output: a.h264}")
        try folder.fail("sluice batch m.yaml", status: 73, saying: "a.h264 exists")
        #expect(try folder.bytes("a.h264") == [1, 2, 3])
        try folder.batch("m.yaml --overwrite")
        #expect(try folder.frameCount("a.h264") == 12)
    }

    @Test(
        "A batch writes its report as JSON, as XML, and as a self-contained page with a picture of each output"
    )
    func reports() throws {
        try manifest(
            "  - {input: a.yuv, output: a.mp4, codec: av1}\n  - {name: <b>, input: b.yuv, output: b.h264, expect-frames: 1}"
        )
        _ = try folder.batch("m.yaml --junit junit.xml --html page.html", status: 65)
        #expect(try folder.text("junit.xml").contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""))
        let page = try folder.text("page.html")
        #expect(!page.contains("http") && !page.contains("<b>:") && page.contains("&lt;b&gt;"))
        let pictures = page.components(separatedBy: "data:image/jpeg;base64,").dropFirst()
        try #require(pictures.count == 1)
        let data = try #require(Data(base64Encoded: String(pictures[1].prefix { $0 != "\"" })))
        try folder.write(Array(data), to: "picture.jpg")
        #expect(try folder.probe("picture.jpg", "codec_name,width,height") == "mjpeg,96,64")
        // The same picture as ffmpeg makes of the stream, as far as eight bits and JPEG go.
        let (ours, theirs) = (try folder.decode("picture.jpg", "gray"), try folder.decode("a.mp4 -frames:v 1", "gray"))
        let difference = zip(ours, theirs).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(difference < ours.count * 4, "\(Double(difference) / Double(ours.count))")
    }

    @Test("A batch reads the requested frames, even if the command then fails to write more")
    func counted() throws {
        // A third of these failed before, by chance: the command could be seen to end before the encode was.
        let jobs = (0..<8).map { "  - {command: [cat, /dev/zero], output: c\($0).h264, frames: 3}" }
        try manifest(jobs.joined(separator: "\n"))
        let report = try folder.batch("m.yaml")
        #expect(report.statuses == Array(repeating: "done", count: 8))
        // More than there may be are the encode's own failure, however soon the command ends for want of a reader.
        let more = (0..<6).map { "  - {command: [cat, /dev/zero], output: e\($0).h264, expect-frames: 3}" }
        try manifest(more.joined(separator: "\n"))
        let refused = try folder.batch("m.yaml", status: 65)
        #expect(refused.jobs.map { $0.error?.code } == Array(repeating: 65, count: 6))
        // Fewer are a failure, and the command is the reason.
        try manifest("  - {command: [sh, -c, 'cat a.yuv; exit 3'], output: d.h264, frames: 30}")
        let failed = try folder.batch("m.yaml", status: 65)
        #expect(failed.jobs[0].error?.name == "producerFailed")
        #expect(!folder.names.contains { $0.hasPrefix("d.h264") })
    }

    @Test("A batch leaves no files of a failed job, for any kind of failure")
    func nothingLeft() throws {
        try manifest("  - {command: [sh, -c, 'cat a.yuv; exec >&-; sleep 1; exit 4'], output: c.h264, chunks: c.jsonl}")
        _ = try folder.batch("m.yaml", status: 65)
        #expect(!folder.names.contains { $0.hasPrefix("c.") }, "\(folder.names)")
        // What it is made of changes meanwhile.
        try manifest("  - {command: [sh, -c, 'cat a.yuv; echo >> b.yuv'], inputs: [b.yuv], output: c.h264}")
        let report = try folder.batch("m.yaml", status: 65)
        #expect(report.jobs[0].error?.name == "inputChanged")
        #expect(!folder.names.contains { $0.hasPrefix("c.") }, "\(folder.names)")
    }

    @Test("A batch reports its progress as text and as JSON, and never loses a failure")
    func progress() throws {
        try manifest(
            "  - {input: a.yuv, output: a.mp4, codec: av1}\n  - {input: b.yuv, output: b.h264, expect-frames: 1}"
        )
        let plain = try folder.run("sluice batch m.yaml")
        #expect(plain.errors.contains("a.mp4: done (12 frames") && plain.errors.contains("b.h264: failed"))
        #expect(plain.errors.contains("2 jobs: 1 done, 1 failed") && !plain.errors.contains("\u{1B}"))
        #expect(try folder.run("sluice batch m.yaml --quiet").errors.contains("failed"))
        try manifest("  - {command: [sh, -c, 'cat a.yuv; sleep 3'], output: c.h264}")
        let lines = try folder.succeed("sluice batch m.yaml --progress json").errors.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("{\"progress\":{") && $0.contains("\"jobs\":1") })
        #expect(lines.contains { $0.hasPrefix("{\"job\":{") && $0.contains("\"status\":\"done\"") })
    }
}
