import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Batch

@Suite("The text of a manifest", .timeLimit(.minutes(1)))
struct ManifestTextTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "The text of a manifest with half of a character in a JSON string is refused with its place (fault N1)",
        arguments: [
            "\\ud800\\u0041", "\\udbff\\u0000", "\\ud800", "\\udc00", "\\udfff\\ud800", "\\ud800\\ud800", "\\ud800x",
            "\\ud800\\n", "\\ud800\\", "\\ud83d\\ue000", "\\uD83D\\u", "\\udbff\\uffff",
        ]
    )
    func surrogates(escape: String) {
        let text = "{\"jobs\": [\n{\"input\": \"a\(escape)\", \"output\": \"o\"}]}"
        let problem = folder.problems(text, name: "jobs.json").first
        #expect(problem?.hasPrefix("jobs.json:2:") == true, "\(problem ?? "")")
        let line = folder.problems("\r\n{\"input\": \"a\(escape)\", \"output\": \"o\"}\r\n", name: "jobs.jsonl").first
        #expect(line?.hasPrefix("jobs.jsonl:2:") == true, "\(line ?? "")")
    }

    @Test("The text of a manifest takes both halves of a character for one")
    func pairs() throws {
        let plan = try folder.plan(
            "{\"jobs\": [{\"input\": \"a.yuv\", \"output\": \"\\ud83d\\ude00\\udbff\\udfff.h264\"}]}",
            name: "jobs.json"
        )
        #expect(plan.jobs[0].output.name == "\u{1F600}\u{10FFFF}.h264")
    }

    @Test(
        "The text of a manifest may begin with a byte order mark, in YAML and in JSON",
        arguments: ["jobs.yaml", "jobs.json"]
    )
    func byteOrderMark(name: String) throws {
        let job =
            name.hasSuffix("json") ? "{\"input\": \"a.yuv\", \"output\": \"x.h264\"}" : "{input: a.yuv, output: x.h264}"
        let text = name.hasSuffix("json") ? "{\"jobs\": [\(job)]}" : "jobs:\n- \(job)\n"
        let plan = try folder.plan("\u{FEFF}" + text, name: name)
        #expect(plan.jobs.map(\.output.name) == ["x.h264"])
    }

    @Test("The text of a manifest in YAML may have characters for private use beside aliases")
    func privateUse() throws {
        let text = "x-name: &name a.yuv\njobs: [{input: *name, output: \"\u{E000}*\u{F8FF}.h264\"}]"
        let plan = try folder.plan(text)
        #expect(plan.jobs.map(\.output.name) == ["\u{E000}*\u{F8FF}.h264"])
    }

    @Test("The text of a manifest of JSON lines may end its lines with CR and LF (fault I4)")
    func carriageReturns() throws {
        let line = { (name: String) in "{\"input\": \"a.yuv\", \"output\": \"\(name)\"}\r\n" }
        let plan = try folder.plan("\u{FEFF}" + line("x") + "\r\n \t\r\n" + line("y"), name: "jobs.jsonl")
        #expect(plan.jobs.map(\.output.name) == ["x", "y"])
        #expect(plan.jobs.map(\.place.line) == [1, 4])
    }

    @Test(
        "The text of a manifest that expands from a few bytes over the limits is refused: matrix keys, list values, dependencies of jobs (fault I3)"
    )
    func products() {
        let words = (0..<9_000).map { "w\($0)" }.joined(separator: ", ")
        let keys = (0..<300).map { "k\($0): 1" }.joined(separator: ", ")
        let numbers = (0..<800).map { "\($0)" }.joined(separator: ", ")
        let many = (0..<500).map { "- {input: a.yuv, output: 'o\($0)'}\n" }.joined()
        let texts = [
            ("defaults: {encoder-option: [\(words)]}\njobs:\n\(many)", "values and files"),
            ("jobs: [{input: a.yuv, output: o, matrix: {\(keys)}}]", "300 keys, more than 256"),
            (
                "jobs: [{name: n, input: a.yuv, output: 'o${i}', after: [n, n], matrix: {i: [\(numbers)]}}]",
                "1000000 pairs of jobs"
            ),
        ]
        for (text, expected) in texts {
            let problems = folder.problems(text).joined(separator: "\n")
            #expect(!problems.isEmpty && problems.contains(expected), "\(problems.prefix(300))")
        }
    }
}
