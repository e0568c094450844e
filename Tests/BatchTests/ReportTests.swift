import Foundation
import TestSupport
import Testing

@testable import Batch

@Suite("A batch's report")
struct ReportTests {
    private func report(_ failures: [Failure?]) throws -> BatchReport {
        let folder = try TemporaryFolder()
        let jobs = failures.indices.map { "{name: '<&\($0)>', input: a.yuv, output: o\($0)}" }
        let plan = try folder.plan("jobs: [\(jobs.joined(separator: ", "))]")
        let results = zip(plan.jobs, failures).map { JobResult($0, $1 == nil ? .done : .failed, $1) }
        let budget = ResourceBudget(threads: .init(2, "test"), memory: .init(1 << 30, "test"))
        return BatchReport(manifest: "jobs.yaml", budget: budget, results: results, seconds: 1)
    }

    @Test(
        "A batch's report has the status of the first failure that a retry cannot fix, 75 if a retry may fix all, or none"
    )
    func status() throws {
        let (passing, wrong) = (
            Failure(.temporary, name: "a", message: ""), Failure(.badInput, name: "b", message: "")
        )
        let worse = Failure(.defect, name: "c", message: "")
        #expect(try report([nil, nil]).failure == nil)
        #expect(try report([nil, passing, wrong, worse]).failure?.status == .badInput)
        #expect(try report([passing, nil]).failure?.status == .temporary)
    }

    @Test("A batch's report is XML that a parser takes, whatever the jobs are called")
    func xml() throws {
        let junit = try report([nil, Failure(.badInput, name: "x", message: "\"<a>\" & 'b'\u{1}")]).junit
        #expect(junit.contains("tests=\"2\" failures=\"1\""))
        let folder = try TemporaryFolder()
        try folder.write(junit, to: "junit.xml")
        let script =
            "import xml.etree.ElementTree as t; print([e.get('message') for e in t.parse('junit.xml').iter('failure')])"
        #expect(try folder.run("python3", ["-c", script]).output == "['\"<a>\" & \\'b\\'']\n")
    }
}
