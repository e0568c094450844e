import TestSupport
import Testing

@testable import Threading

@Suite("A queue's occupancy")
struct QueueOccupancyTests {
    @Test("A queue's occupancy says no at the limit of elements that is asked about")
    func elements() {
        var occupancy = QueueOccupancy(limits: QueueLimits(soft: 2, hard: 3, maxBytes: 100))
        let cost = QueueCost.payload(bytes: 1)
        #expect(!occupancy.isSaturated)
        occupancy.add(cost)
        #expect(occupancy.hasRoom(for: cost, upTo: 2))
        occupancy.add(cost)
        #expect(occupancy.isSaturated)
        #expect(!occupancy.hasRoom(for: cost, upTo: 2))
        #expect(occupancy.hasRoom(for: cost, upTo: 3))
        occupancy.remove(cost)
        #expect(!occupancy.isSaturated)
        #expect((occupancy.elements, occupancy.bytes) == (1, 1))
    }

    @Test("A queue's occupancy is exact at the limit of bytes")
    func bytes() {
        var occupancy = QueueOccupancy(limits: QueueLimits(soft: 9, hard: 9, maxBytes: 10))
        #expect(occupancy.hasRoom(for: .payload(bytes: 10), upTo: 9))
        #expect(!occupancy.hasRoom(for: .payload(bytes: 11), upTo: 9))
        occupancy.add(.payload(bytes: 4))
        #expect(occupancy.hasRoom(for: .payload(bytes: 6), upTo: 9))
        #expect(!occupancy.hasRoom(for: .payload(bytes: 7), upTo: 9))
    }

    @Test("A queue's occupancy does not overflow with the largest of costs")
    func overflow() {
        var occupancy = QueueOccupancy(limits: QueueLimits(soft: 9, hard: 9, maxBytes: .max))
        occupancy.add(.payload(bytes: .max - 1))
        #expect(occupancy.hasRoom(for: .payload(bytes: 1), upTo: 9))
        #expect(!occupancy.hasRoom(for: .payload(bytes: .max), upTo: 9))
    }

    @Test("A queue's occupancy always has room for a control message")
    func control() {
        var occupancy = QueueOccupancy(limits: QueueLimits(soft: 1, hard: 1, maxBytes: 1))
        occupancy.add(.payload(bytes: 1))
        #expect(occupancy.hasRoom(for: .control, upTo: 1))
        occupancy.add(.control)
        #expect((occupancy.elements, occupancy.bytes) == (1, 1))
    }
}

@Suite("A stage's clock")
struct StageClockTests {
    @Test("A stage's clock adds up each activity on its own", .timeLimit(.minutes(1)))
    func sums() throws {
        let clock = StageClock()
        let threads = (0..<4).map { _ in
            Background {
                for _ in 0..<1000 {
                    clock.add(.milliseconds(1), to: .waitingForInput)
                    clock.add(.microseconds(500), to: .working)
                }
            }
        }
        for thread in threads { try thread.value() }
        #expect(abs(clock.seconds(.waitingForInput) - 4) < 1e-6)
        #expect(abs(clock.seconds(.working) - 2) < 1e-6)
        #expect(clock.seconds(.waitingForOutput) == 0)
    }

    @Test("A stage's clock measures a body, gives its result back, and counts one that throws")
    func measures() {
        struct Failure: Error {}
        let clock = StageClock()
        let result = clock.measure(.working) { () -> Int in
            let start = ContinuousClock.now
            while start.duration(to: .now) < .milliseconds(5) {}
            return 7
        }
        #expect(result == 7)
        #expect(clock.seconds(.working) >= 0.005)
        #expect(throws: Failure.self) {
            try clock.measure(.waitingForOutput) { () throws(Failure) in
                let start = ContinuousClock.now
                while start.duration(to: .now) < .milliseconds(2) {}
                throw Failure()
            }
        }
        #expect(clock.seconds(.waitingForOutput) >= 0.002)
        #expect(clock.seconds(.waitingForInput) == 0)
    }
}
