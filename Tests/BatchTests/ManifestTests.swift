import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Batch

@Suite("A manifest", .timeLimit(.minutes(1)))
struct ManifestTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A manifest is the same in YAML, JSON and JSON lines, in kebab-case and camelCase")
    func forms() throws {
        let yaml = """
            jobs:
              - {input: a.yuv, output: a.h264, pixel-format: i420, crf: 020, verify: true}
              - input: b.yuv
                output: b.h264
                encoder-option: [x=1, "y=2"]
            """
        let json = """
            {"jobs": [{"input": "a.yuv", "output": "a.h264", "pixelFormat": "i420", "crf": "020", "verify": true},
                      {"input": "b.yuv", "output": "b.h264", "encoderOption": {"x": 1, "y": "2"}}]}
            """
        let lines = """
            {"input": "a.yuv", "output": "a.h264", "pixelFormat": "i420", "crf": "020", "verify": true}

            {"input": "b.yuv", "output": "b.h264", "encoderOption": ["x=1", "y=2"]}
            """
        let plans = try [
            folder.plan(yaml), folder.plan(json, name: "jobs.json"), folder.plan(lines, name: "jobs.jsonl"),
        ]
        for plan in plans {
            // Scalars stay as they are written, and are not octal numbers.
            #expect(plan.jobs[0].flags == ["--pixel-format=i420", "--crf=020", "--verify"])
            #expect(plan.jobs[1].flags == ["--encoder-option=x=1", "--encoder-option=y=2"])
            #expect(plan.jobs.map(\.receipt.name) == ["a.h264.receipt.json", "b.h264.receipt.json"])
        }
    }

    @Test("A manifest joins defaults, expands a matrix, and substitutes the job's variables")
    func expansion() throws {
        let plan = try folder.plan(
            """
            defaults: {crf: 30, output: "${stem}-${codec}-${scene}.h264"}
            jobs:
              - name: ${codec}${scene}
                input: a.yuv
                matrix: {codec: [h264, vp9], scene: [1, 2]}
              - input: b.yuv
                output: ${folder}/b-${crf}$$.h264
                crf: 20
                after: [h2641, vp92]
            """
        )
        let outputs = ["a-h264-1.h264", "a-h264-2.h264", "a-vp9-1.h264", "a-vp9-2.h264", "./b-20$.h264"]
        #expect(plan.jobs.map(\.output.name) == outputs)
        #expect(plan.jobs.map { $0.flags.contains("--crf=30") } == [true, true, true, true, false])
        #expect(plan.jobs[4].after == [0, 3])
    }

    @Test("A manifest makes a job of each file that a pattern matches, in order")
    func glob() throws {
        let plan = try folder.plan("jobs:\n  - {input: '[ab].y?v', output: 'out/${stem}.h264'}")
        #expect(plan.jobs.map(\.output.name) == ["out/a.h264", "out/b.h264"])
    }

    @Test("A manifest with mistakes is reported as a whole, each problem with its place")
    func problems() throws {
        let problems = folder.problems(
            """
            jobs:
              - input: a.yuv
                output: x.h264
                crf: many
                cordec: h264
                verify: perhaps
              - {input: none.yuv, output: y.h264}
              - {input: b.yuv, output: ../y.h264}
              - {input: /etc/passwd, output: z.h264}
              - {input: "*.png", output: "${stem}.h264", crf: few}
              - {output: w.h264, command: "cat a.yuv | tee b"}
            extra: 1
            """
        )
        let places = [
            ":4:10: --crf is a number, not many", ":5:5: unknown key cordec (did you mean codec?)",
            ":6:13: verify must be true or false", ":7:13: no such file: none.yuv",
            ":8:28: ../y.h264 is outside the folder of the outputs", ":9:13: /etc/passwd is an absolute path",
            ":10:13: *.png matches no file", ":10:51: --crf is a number, not few",
            ":11:31: command: must be a list of arguments, without a shell", ":12:1: unknown key extra",
        ]
        try #require(problems.count == places.count, "\(problems)")
        for (problem, place) in zip(problems, places) { #expect(problem.hasPrefix("jobs.yaml\(place)"), "\(problem)") }
    }

    @Test(
        "A manifest keeps the places of its values in every form",
        arguments: [
            ("jobs.json", "{\n \"jobs\": [\n  {\"input\": \"a.yuv\",\n   \"crf\": \"x\", \"output\": \"o\"}]}", "4:11"),
            (
                "jobs.jsonl", "{\"input\": \"a.yuv\", \"output\": \"o\"}\n{\"input\": \"c.yuv\", \"output\": \"p\"}",
                "2:11"
            ),
            ("jobs.json", "{\"jobs\": [\n{\"input\": 1,,}]}", "2:13"),
            ("jobs.yaml", "jobs:\n - {input: a.yuv\n", "3:1"),
            ("jobs.yaml", "jobs:\n - {input: a.yuv, input: b.yuv, output: o}\n", "2:5"),
            ("jobs.json", "{\"jobs\": [{\"input\": \"a.yuv\", \"input\": \"b.yuv\"}]}", "1:30"),
            ("jobs.json", "{\"jobs\": [{\"input\": \"a\\u12\"}]}", "1:27"),
        ]
    )
    func places(name: String, text: String, place: String) {
        let problems = folder.problems(text, name: name)
        #expect(problems.first?.hasPrefix("\(name):\(place): ") == true, "\(problems)")
    }

    @Test("A manifest that is made to exhaust memory or time is refused", arguments: ["yaml", "json"])
    func hostile(form: String) {
        var texts = [
            String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000), "", "\u{0}", "- a",
        ]
        if form == "yaml" {
            let tower = (1...12).map { "a\($0): &a\($0) [\(String(repeating: "*a\($0 - 1),", count: 9))]" }
            texts.append("a0: &a0 [x]\n\(tower.joined(separator: "\n"))\njobs: *a12")
            texts.append("a0: &a0 [x]\n\(tower.joined(separator: "\n"))\n? *a12\n: x")
            texts += ["? ", "&a ", "[*", "\"", "# "].map {
                String(repeating: $0, count: ManifestLimits.bytes / $0.utf8.count)
            }
            texts.append("jobs: &j\n  - *j")
            texts.append("jobs: [{input: a.yuv, output: '${crf}', crf: '${output}'}]")
            texts.append(
                "jobs: [{input: a.yuv, output: o, matrix: {a: [\(String(repeating: "1,", count: 200))1], b: [\(String(repeating: "1,", count: 200))1]}}]"
            )
        }
        texts.append(String(repeating: "a", count: ManifestLimits.bytes + 1))
        let start = ContinuousClock.now
        for text in texts {
            let problems = folder.problems(text, name: "jobs.\(form)")
            #expect(!problems.isEmpty, "\(text.prefix(40))")
        }
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test("A manifest gives every file to one job, and lets a job read what another writes only after it")
    func files() {
        #expect(
            folder.problems("jobs: [{input: a.yuv, output: x}, {input: b.yuv, output: ./x}]")
                == ["jobs.yaml:1:58: ./x is already written by the job x"]
        )
        #expect(
            folder.problems("jobs: [{input: a.yuv, output: x}, {input: x, output: y}]")
                == ["jobs.yaml:1:43: x is written by the job x: add after: [x]"]
        )
        #expect(folder.problems("jobs: [{input: a.yuv, output: x}, {input: x, output: y, after: [x]}]") == [])
        #expect(
            folder.problems("jobs: [{input: a.yuv, output: a.yuv}]").first?.contains("output of the same job") == true
        )
        let cycle = folder.problems(
            "jobs: [{name: p, input: a.yuv, output: x, after: [q]}, {name: q, input: b.yuv, output: y, after: [p]}]"
        )
        #expect(cycle.count == 2 && cycle.allSatisfy { $0.contains("waits for") })
    }

    @Test("A manifest tells jobs apart by the bytes of their names, which are those of files (fault I2)")
    func equivalentNames() throws {
        // The same letter, as one scalar and as two: one Swift string, two files.
        let (composed, decomposed) = ("\u{E9}.h264", "e\u{301}.h264")
        let text = """
            jobs: [{input: a.yuv, output: \(composed)}, {input: b.yuv, output: \(decomposed)},
              {input: a.yuv, output: z.h264, after: [\(decomposed)]}, {name: "\u{E9}", input: b.yuv, output: y.h264},
              {name: "e\u{301}", input: b.yuv, output: x.h264}]
            """
        #expect(try folder.plan(text).jobs.map(\.after) == [[], [], [1], [], []])
        let unknown =
            "jobs: [{input: a.yuv, output: \(composed)}, {input: b.yuv, output: z.h264, after: [\(decomposed)]}]"
        #expect(folder.problems(unknown).first?.contains("unknown job") == true)
        let frame = [UInt8](repeating: 128, count: 6144)
        for letter in ["\u{E9}", "e\u{301}"] { try folder.write(frame, to: "\(letter)1.yuv") }
        let patterns = "jobs: [{input: '\u{E9}*.yuv', output: v.h264}, {input: 'e\u{301}*.yuv', output: w.h264}]"
        let inputs = try folder.plan(patterns).jobs.map { $0.input.map { Array($0.name.utf8) } }
        #expect(inputs == [Array("\u{E9}1.yuv".utf8), Array("e\u{301}1.yuv".utf8)])
    }

    @Test("A manifest may leave its folder by a link only if absolute paths were asked for")
    func links() throws {
        let outside = try TemporaryFolder()
        try outside.write([1], to: "c.yuv")
        try FileManager.default.createSymbolicLink(at: folder.file("link"), withDestinationURL: outside.url)
        let text = "jobs: [{input: link/c.yuv, output: link/c.h264}]"
        let problems = folder.problems(text)
        #expect(problems.count == 2 && problems.allSatisfy { $0.contains("is a link to") }, "\(problems)")
        #expect(refusal { try folder.plan(text) { $0.allowsAbsolutePaths = true } } == "")
    }

    @Test("A manifest has no shell variables: a dollar begins a variable of the job, or is doubled")
    func dollars() {
        #expect(folder.problems("jobs: [{input: a.yuv, output: $HOME}]").first?.contains("$$") == true)
        #expect(
            folder.problems("jobs: [{input: a.yuv, output: '${HOME}'}]").first?.contains("is not defined for this job")
                == true
        )
    }

    @Test("A manifest refuses a matrix key that is not used")
    func unused() {
        let problems = folder.problems("jobs: [{input: a.yuv, output: o, matrix: {crff: [1]}}]")
        #expect(
            problems == [
                "jobs.yaml:1:50: crff is not a flag of sluice encode, and ${crff} is not used (did you mean crf?)"
            ]
        )
    }
}
