import Testing
import VideoTypes

@testable import Media

@Suite("The timeline of an output's frames")
struct FrameTimelineTests {
    private func places(
        _ times: [Int64],
        rate: FrameRate? = nil,
        clockError: Int64 = 1,
        step: Int64 = 1
    ) throws -> [FrameTimeline.Place] {
        var timeline = FrameTimeline(rate: rate, clockError: clockError, step: step)
        timeline.begin(at: times[0])
        return try times.map { try timeline.place($0, lasting: nil) }
    }

    @Test("The timeline of an output's frames begins at 0 and keeps distances where the frame times are variable")
    func anyTime() throws {
        #expect(try places([1_400_000, 1_410_001, 1_500_000]).map(\.timestamp) == [0, 10_001, 100_000])
    }

    @Test(
        "The timeline of an output's frames gives frames of a constant rate the exact times of their numbers, whatever the input's clock rounded"
    )
    func constantRate() throws {
        let found = try places([0, 33_000, 67_000, 133_000], rate: FrameRate(30), clockError: 500)
        #expect(found.map(\.timestamp) == [0, 33_333, 66_667, 133_333])
        #expect(found.map(\.missing) == [0, 0, 0, 1])
    }

    @Test(
        "The timeline of an output's frames shows the only frame of a stream for a positive time, also if its duration is unknown"
    )
    func loneFrame() throws {
        #expect(try places([7]).map(\.duration) == [33_333])
    }

    @Test(
        "The timeline of an output's frames keeps two frames apart that a coarse clock gave one time, by one unit of the output's clock"
    )
    func sharedTime() throws {
        #expect(try places([0, 0, 40_000], clockError: 500).map(\.timestamp) == [0, 1, 40_000])
        #expect(try places([0, 0, 40_000], clockError: 500, step: 1000).map(\.timestamp) == [0, 1000, 40_000])
    }

    @Test("The timeline of an output's frames refuses three frames of one time, and times that go back")
    func backwards() {
        #expect(throws: FrameTimeline.Misfit.self) { try places([0, 0, 0, 40_000], clockError: 500) }
        #expect(throws: FrameTimeline.Misfit.self) { try places([0, 40_000, 20_000]) }
    }

    @Test(
        "The timeline of an output's frames refuses frames that an output of milliseconds would give one time, and no others"
    )
    func coarseOutput() throws {
        #expect(try places([0, 600, 1600], step: 1000).map(\.timestamp) == [0, 600, 1600])
        #expect(throws: FrameTimeline.Misfit(kind: .tooClose, reason: "is only 400 µs after the previous frame")) {
            try places([0, 400], step: 1000)
        }
    }
}
