import TestSupport
import Testing

@testable import Batch

@Suite("Packing")
struct PackingTests {
    private let now = ContinuousClock.now

    private func packing(jobs: Int = .max, threads: Int, memory: Int, _ needs: [(Int, Int)], after: [[Int]]? = nil)
        -> Packing
    {
        Packing(
            limits: .init(jobs: jobs, threads: threads, memory: memory),
            needs: needs.map { .init(threads: $0.0, memory: $0.1) },
            after: after ?? Array(repeating: [], count: needs.count)
        )
    }

    @Test("Packing starts what fits, in the order of the manifest, and lets a small job pass one that has to wait")
    func order() {
        var packing = packing(threads: 4, memory: 100, [(2, 60), (2, 60), (1, 40), (1, 1)])
        #expect(packing.next(at: now) == .start(0))
        #expect(packing.next(at: now) == .start(2))
        #expect(packing.next(at: now) == .wait(until: nil))
        packing.end(0, succeeded: true)
        #expect(packing.next(at: now) == .start(1))
        #expect(packing.next(at: now) == .wait(until: nil))
        packing.end(2, succeeded: true)
        #expect(packing.next(at: now) == .start(3))
        packing.end(1, succeeded: true)
        packing.end(3, succeeded: true)
        #expect(packing.next(at: now) == .finished)
    }

    @Test("Packing never goes over the budget, whatever the jobs are, and runs all of them")
    func budget() {
        var random = SeededGenerator(for: "PackingTests.budget")
        for _ in 0..<300 {
            let needs = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                (Int.random(in: 1...8, using: &random), Int.random(in: 1...100, using: &random))
            }
            let slots = Int.random(in: 1...5, using: &random)
            var packing = packing(jobs: slots, threads: 8, memory: 100, needs)
            var (running, done): (Set<Int>, Set<Int>) = ([], [])
            loop: while true {
                switch packing.next(at: now) {
                case .start(let index): running.insert(index)
                case .wait:
                    guard let index = running.randomElement(using: &random) else { break loop }
                    running.remove(index)
                    done.insert(index)
                    packing.end(index, succeeded: true)
                case .drop, .finished: break loop
                }
                #expect(running.count <= slots)
                #expect(running.reduce(0) { $0 + needs[$1].0 } <= 8 && running.reduce(0) { $0 + needs[$1].1 } <= 100)
            }
            #expect(done.count == needs.count)
        }
    }

    @Test("Packing does not start jobs after a failed one, and continues with the others")
    func after() {
        var packing = packing(threads: 1, memory: 10, [(1, 1), (1, 1), (1, 1), (1, 1)], after: [[], [0], [1], []])
        #expect(packing.next(at: now) == .start(0))
        packing.end(0, succeeded: false)
        #expect(packing.next(at: now) == .drop(1))
        #expect(packing.next(at: now) == .drop(2))
        #expect(packing.next(at: now) == .start(3))
    }

    @Test("Packing waits with a retry until its time, and not with other jobs")
    func retry() {
        var packing = packing(threads: 1, memory: 10, [(1, 1), (1, 1)])
        #expect(packing.next(at: now) == .start(0))
        packing.putBack(0, until: now + .seconds(5))
        #expect(packing.next(at: now) == .start(1))
        packing.end(1, succeeded: true)
        #expect(packing.next(at: now) == .wait(until: now + .seconds(5)))
        #expect(packing.next(at: now + .seconds(5)) == .start(0))
    }

    @Test("Packing starts no jobs after it was stopped")
    func stop() {
        var packing = packing(threads: 1, memory: 10, [(1, 1), (1, 1)])
        #expect(packing.next(at: now) == .start(0))
        packing.stop()
        #expect(packing.next(at: now) == .drop(1))
        packing.end(0, succeeded: true)
        #expect(packing.next(at: now) == .finished)
    }

    @Test(
        "Packing shares the threads between the jobs that fit at the same time, by the manifest and the budget alone"
    )
    func threads() {
        func threads(_ budget: Int, slots: Int? = nil, memory: Int = 1000, _ jobs: [(Int?, Int, Int)]) -> [Int] {
            Packing.threads(
                budget: budget,
                slots: slots,
                memory: memory,
                jobs: jobs.map { (declared: $0.0, useful: $0.1, memory: $0.2) }
            )
        }
        let many = Array(repeating: (Int?.none, 16, 100), count: 40)
        #expect(threads(8, many).allSatisfy { $0 == 1 })
        #expect(threads(8, slots: 2, many).allSatisfy { $0 == 4 })
        #expect(threads(8, memory: 400, many).allSatisfy { $0 == 2 })
        #expect(threads(8, [(nil, 16, 100)]) == [8])
        #expect(threads(8, [(nil, 3, 100)]) == [3])
        #expect(threads(8, [(5, 16, 100), (nil, 16, 100)]) == [5, 4])
    }

    @Test("Packing waits longer from retry to retry, up to a limit")
    func backoff() {
        #expect((1...8).map { Backoff.delay(afterAttempt: $0) } == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    }
}
