import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Batch

@Suite("The time that a batch will take")
struct BatchProgressTests {
    private func progress(_ jobs: String) throws -> (BatchProgress, [BatchJob], TemporaryFolder) {
        let folder = try TemporaryFolder()
        let plan = try folder.plan("jobs: [\(jobs)]")
        let progress = BatchProgress()
        progress.begin(plan.jobs)
        return (progress, plan.jobs, folder)
    }

    @Test(
        "The time that a batch will take is not known before anything has run, nor while a job's frames are not (fault O10)"
    )
    func unknown() throws {
        let (progress, jobs, _) = try progress("{input: a.yuv, output: o}, {command: [cat, b.yuv], output: p}")
        #expect(progress.snapshot.secondsLeft == nil)
        for job in jobs { progress.didStart(job) }
        progress.update(0) { ($0.frames, $0.totalFrames, $0.framesPerSecond) = (50, 100, 10) }
        #expect(progress.snapshot.secondsLeft == nil, "the command may run for hours")
        progress.update(1) { ($0.frames, $0.totalFrames, $0.framesPerSecond) = (10, 1000, 10) }
        #expect(progress.snapshot.secondsLeft == 99)
    }

    @Test(
        "The time that a batch will take is that of the longest job that runs, and not that of the short ones that have ended (fault O10)"
    )
    func longest() throws {
        let short = (0..<8).map { "{input: a.yuv, output: o\($0)}" }.joined(separator: ", ")
        let (progress, jobs, _) = try progress("\(short), {input: b.yuv, output: p}")
        progress.didStart(jobs[8])
        progress.update(8) { ($0.frames, $0.totalFrames, $0.framesPerSecond) = (5, 95, 10) }
        for job in jobs.prefix(8) { progress.didEnd(JobResult(job, .done)) }
        #expect(progress.snapshot.secondsLeft == 9)
        #expect(progress.snapshot.fraction < 0.95)
    }
}

@Suite("A table")
struct TextTableTests {
    @Test("A table is no wider than the terminal, as far as cutting its names goes")
    func width() {
        var table = TextTable([.init(heading: "job"), .init(heading: "size", isNumber: true), .init(heading: "output")])
        table.rows = [[String(repeating: "a", count: 90), "1.00 MB", "out/b.mp4"], ["c", "2.00 MB", "d"]]
        let lines = table.lines(within: 60)
        #expect(lines.map(\.count).max() == 60 && lines[1].hasPrefix("…a") && lines[1].hasSuffix("out/b.mp4"))
        #expect(table.lines()[1].count == 90 + 2 + 7 + 2 + 9)
    }
}

@Suite("The work of a batch")
struct WorkEstimateTests {
    private func jobs() throws -> ([BatchJob], TemporaryFolder) {
        let folder = try TemporaryFolder()
        let text = """
            jobs:
              - {input: a.yuv, output: o1}
              - {input: a.yuv, output: o2, codec: hevc}
              - {input: a.yuv, output: o3, codec: av1}
              - {input: a.yuv, output: o4, codec: av1}
            """
        return (try folder.plan(text).jobs, folder)
    }

    @Test("The work of a batch weighs codecs by their usual cost before any of them has run (fault O10)")
    func weights() throws {
        let (jobs, _) = try jobs()
        var estimate = WorkEstimate(jobs)
        #expect(estimate.work(of: 1) == 4 * estimate.work(of: 0) && estimate.work(of: 2) == 12 * estimate.work(of: 0))
        #expect(estimate.seconds(of: 2) == nil)
        estimate.measure(0, frames: 1, seconds: 2)
        #expect(estimate.seconds(of: 0) == 2 && estimate.seconds(of: 1) == 8 && estimate.seconds(of: 2) == 24)
    }

    @Test(
        "The work of a batch is estimated from measurements of the same codec, not of another one (fault O10)"
    )
    func measured() throws {
        let (jobs, _) = try jobs()
        var estimate = WorkEstimate(jobs)
        estimate.measure(0, frames: 1, seconds: 2)
        estimate.measure(2, frames: 1, seconds: 100)
        #expect(estimate.seconds(of: 3) == 100 && estimate.seconds(of: 0) == 2)
        // Those that no measured codec tells of go by all that were.
        let other = try #require(estimate.seconds(of: 1))
        #expect(other > 8 && other < 100)
    }

    @Test(
        "The work of a batch takes as long as its longest job, or as all jobs in sequence if one runs at a time"
    )
    func left() throws {
        let (jobs, _) = try jobs()
        var estimate = WorkEstimate(jobs)
        estimate.measure(0, frames: 1, seconds: 2)
        #expect(estimate.secondsLeft(running: [1], waiting: [1, 2]) == 33)
        #expect(estimate.secondsLeft(running: [1, 1, 1, 1], waiting: [2]) == 24)
        #expect(estimate.secondsLeft(running: [nil], waiting: []) == nil)
    }
}
