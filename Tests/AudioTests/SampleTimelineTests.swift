import Testing

@testable import Audio

@Suite("Where decoded samples are in an output")
struct SampleTimelineTests {
    private typealias Run = SampleTimeline.Run

    /// Everything up to a limit.
    private func runs(_ timeline: inout SampleTimeline, until limit: Int64 = .max) -> [Run] {
        var runs: [Run] = []
        while let run = timeline.next(until: limit) { runs.append(run) }
        return runs
    }

    @Test("Samples that follow each other stay as they are, whatever a clock of milliseconds says of them")
    func jitter() {
        var timeline = SampleTimeline(rate: 48000)
        timeline.add(at: 0, count: 1000)
        #expect(runs(&timeline) == [Run(first: 0, count: 1000)])
        timeline.add(at: 1030, count: 1000)
        #expect(runs(&timeline) == [Run(first: 0, count: 1000)])
        timeline.add(at: nil, count: 10)
        #expect(runs(&timeline) == [Run(first: 0, count: 10)] && timeline.fed == 2010)
    }

    @Test("Silence comes before samples that begin later, and where some are missing")
    func silence() {
        var timeline = SampleTimeline(rate: 48000)
        timeline.add(at: 5000, count: 100)
        #expect(
            runs(&timeline) == [Run(first: nil, count: 4096), Run(first: nil, count: 904), Run(first: 0, count: 100)]
        )
        timeline.add(at: 6000, count: 100)
        #expect(runs(&timeline) == [Run(first: nil, count: 900), Run(first: 0, count: 100)])
    }

    @Test("Samples before the beginning of the output are dropped to the sample, and those that come twice")
    func dropped() {
        var timeline = SampleTimeline(rate: 48000)
        timeline.begin(at: 1500)
        timeline.add(at: 0, count: 1000)
        #expect(runs(&timeline).isEmpty && !timeline.hasSamples)
        timeline.add(at: 1000, count: 1000)
        #expect(runs(&timeline) == [Run(first: 500, count: 500)])
        timeline.add(at: 1000, count: 1200)
        #expect(runs(&timeline) == [Run(first: 1000, count: 200)] && timeline.fed == 700)
    }

    @Test("Nothing is given out behind a limit, and the rest later")
    func limit() {
        var timeline = SampleTimeline(rate: 48000)
        timeline.add(at: 0, count: 1000)
        #expect(runs(&timeline, until: 300) == [Run(first: 0, count: 300)] && timeline.hasSamples)
        #expect(runs(&timeline, until: 1000) == [Run(first: 300, count: 700)] && !timeline.hasSamples)
    }
}
