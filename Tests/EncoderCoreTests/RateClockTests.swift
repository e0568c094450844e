import Testing

@testable import EncoderCore

@Suite("The clock of rate control")
struct RateClockTests {
    private func places(_ times: [Int64], first duration: Int64? = nil) throws -> [RateClock.Place] {
        var clock = RateClock(span: 1 << 50)
        return try times.map { try clock.take(timestamp: $0, duration: $0 == times[0] ? duration : 1) }
    }

    /// Times with so many microseconds between them.
    private func times(_ intervals: [Int64]) -> [Int64] {
        intervals.reduce(into: [5]) { $0.append($0[$0.count - 1] + $1) }
    }

    @Test("The clock of rate control gives each frame the length of the previous interval, without gaps")
    func regular() throws {
        let places = try places(times([Int64](repeating: 8_333, count: 40)), first: 8_333)
        #expect(places.map(\.start) == (0...40).map { $0 * 8_333 })
        #expect(places.allSatisfy { $0.duration == 8_333 })
    }

    @Test("The clock of rate control evens out uneven intervals, and keeps their total")
    func uneven() throws {
        let intervals: [Int64] = (0..<300).map { [3_000, 14_000, 8_000][$0 % 3] }
        let places = try places(times(intervals), first: 8_333)
        #expect(places.dropFirst(20).allSatisfy { (7_500...9_200).contains($0.duration) })
        let end = try #require(places.last).start
        #expect(abs(end - intervals.reduce(0, +)) < 30_000)
    }

    @Test("The clock of rate control keeps a pause, and the frames after it have the previous rate")
    func pause() throws {
        let usual = [Int64](repeating: 33_333, count: 20)
        let places = try places(times(usual + [5_000_000] + usual))
        #expect(places.map(\.duration).dropFirst() == (usual + [5_000_000] + usual)[...])
    }

    @Test("The clock of rate control takes two pauses for another rate")
    func slower() throws {
        let places = try places(times([Int64](repeating: 16_667, count: 20) + [Int64](repeating: 200_000, count: 4)))
        #expect(places.suffix(4).map(\.duration) == [200_000, 200_000, 200_000, 200_000])
    }

    @Test("The clock of rate control follows a rate that doubles within 16 frames")
    func faster() throws {
        let places = try places(times([Int64](repeating: 33_333, count: 20) + [Int64](repeating: 16_667, count: 20)))
        #expect(places.suffix(4).allSatisfy { $0.duration == 16_667 })
    }

    @Test(
        "The clock of rate control keeps a rate after enough frames, so that uneven ones are not taken for another"
    )
    func uncertainty() throws {
        var estimate = IntervalEstimate()
        var time: Int64 = 0
        estimate.add(time)
        for number in 0..<60 {
            time += [45_833, 25_000, 45_833, 12_500, 45_833, 25_000][number % 6]
            estimate.add(time)
            let change = try #require(estimate.framerate).approximate / 30
            #expect(max(change, 1 / change) < estimate.uncertainty, "after \(number + 2) frames")
        }
        var other = IntervalEstimate()
        for number in 0..<2 { other.add(Int64(number) * 16_667) }
        #expect(try #require(other.framerate).approximate / 30 > other.uncertainty)
    }

    @Test("The clock of rate control refuses times that do not increase, and those that are too large")
    func refusals() throws {
        #expect(throws: (any Error).self) { try places([10, 10]) }
        #expect(throws: (any Error).self) { try places([10, 9]) }
        #expect(throws: (any Error).self) { try places([0, 1 << 51]) }
        #expect(throws: (any Error).self) { try places([.min, .max]) }
    }
}
