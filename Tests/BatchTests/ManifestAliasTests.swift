import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Batch

@Suite("Anchors and aliases of a YAML manifest", .timeLimit(.minutes(1)))
struct ManifestAliasTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Mappings whose keys are lists of aliases of the mapping before: 4 to the power of 14 scalars.
    private static let keys = (1...14).map { level in
        let alias = "*a\(level - 1)"
        return "a\(level): &a\(level) {? [\(alias), \(alias), \(alias), \(alias)] : 1}"
    }
    private static let values = (1...14).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]" }
    private static let merges = (1...14).map {
        "x-\($0): &a\($0) {k: *a\($0 - 1), l: *a\($0 - 1), m: *a\($0 - 1), n: *a\($0 - 1)}"
    }

    @Test(
        "Anchors and aliases of a YAML manifest that expand over the limits are refused at once, in any place (fault I3)",
        arguments: [keys, values, merges],
        ["\n", "\r\n", "\r", " # c\r\n", "\u{2028}"]
    )
    func bombs(rows: [String], ending: String) {
        let head = ["# c", "x-0: &a0 k"]
        for last in ["jobs: [{input: x, output: y}]", "jobs: [{<<: *a14, input: x, output: y}]"] {
            let text = (head + rows + [last]).joined(separator: ending)
            #expect(!folder.problems(text).isEmpty)
            #expect(!folder.problems("---\n" + text + ending + "...\n---\n" + text).isEmpty)
        }
    }

    @Test(
        "Anchors and aliases of a YAML manifest are read in their usual forms: by hundreds, in merge keys, and below x- keys (fault O14)"
    )
    func merged() throws {
        let jobs = (0..<300).map { "  - {<<: *base, output: o\($0).h264}\n" }.joined()
        let plan = try folder.plan(
            """
            x-base: &base {input: a.yuv, crf: 30, pixel-format: i420}
            x-better: &better
              crf: 20
              codec: h264
            jobs:
              - <<: [*better, *base]
                pixel-format: nv12
                output: p.h264
            \(jobs)
            """
        )
        #expect(plan.jobs.count == 301)
        #expect(plan.jobs[0].flags.sorted() == ["--codec=h264", "--crf=20", "--pixel-format=nv12"])
        #expect(plan.jobs[300].flags == ["--crf=30", "--pixel-format=i420"])
    }

    @Test("Anchors and aliases of a YAML manifest that refer to nothing, or to themselves, are named with their place")
    func undefined() {
        let expected = [
            ("jobs: [{input: *.png, output: o}]", "jobs.yaml:1:16: no anchor &.png before *.png"),
            ("jobs:\n- {input: '\u{1F600}', output: **/a.yuv}", "jobs.yaml:2:24: no anchor &*/a.yuv before **/a.yuv"),
            ("jobs: [{input: &a x, output: *a:3}]", "jobs.yaml:1:30: no anchor &a:3 before *a:3"),
            ("x: &a crf\njobs: [{input: a, *a:3}]", "jobs.yaml:2:19: no anchor &a:3 before *a:3"),
            ("jobs: &j\n  - *j", "jobs.yaml:2:5: no anchor &j before *j"),
            ("jobs:\n  - {<<: a.yuv, output: o}", "jobs.yaml:2:10: <<: needs a mapping or a list of mappings"),
        ]
        for (text, problem) in expected { #expect(folder.problems(text).first?.hasPrefix(problem) == true) }
    }

    @Test("Anchors and aliases of a YAML manifest do not affect asterisks in other values")
    func asterisks() throws {
        let plan = try folder.plan(
            "jobs: [{input: '[ab]*.yuv', output: \"${stem}*.h264\", encoder-option: [a*b=*c, 'x=*']}]"
        )
        #expect(plan.jobs.map(\.output.name) == ["a*.h264", "b*.h264"])
        #expect(plan.jobs[0].flags == ["--encoder-option=a*b=*c", "--encoder-option=x=*"])
    }

    @Test(
        "Common mistakes with anchors and aliases are reported with the right syntax (fault O14)",
        arguments: [
            ("default: {crf: 3}\njobs: [{input: a.yuv, output: o}]", "unknown key default (did you mean defaults?)"),
            ("jobs: []", "jobs: is an empty list"), ("jobs:\n", "jobs: is empty"),
            ("jobs:\n\t- {input: a.yuv, output: o}", "YAML indents by spaces"),
            ("jobs: [{command: [], output: o}]", "command: is an empty list"),
        ]
    )
    func mistakes(text: String, words: String) {
        #expect(folder.problems(text).joined(separator: "\n").contains(words), "\(folder.problems(text))")
    }
}
