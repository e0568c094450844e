import TestSupport
import Testing
import Threading

@Suite("A monitor")
struct MonitorTests {
    @Test("A monitor lets one thread at a time at its value", .timeLimit(.minutes(1)))
    func exclusion() throws {
        let counter = Monitor(0)
        let threads = (0..<8).map { _ in
            Background { for _ in 0..<5000 { counter.withLock { $0 += 1 } } }
        }
        for thread in threads { try thread.value() }
        #expect(counter.withLock { $0 } == 40000)
    }

    @Test("A monitor wakes everyone whose predicate has come to hold", .timeLimit(.minutes(1)))
    func wakesAll() throws {
        let value = Monitor(0)
        let waiters = (1...6).map { threshold in
            Background { value.wait(until: { $0 >= threshold }, then: { _ in threshold }) }
        }
        for _ in 1...6 { value.withLock { $0 += 1 } }
        #expect(try waiters.map { try $0.value() } == Array(1...6))
    }

    @Test("A monitor keeps the lock between predicate and body", .timeLimit(.minutes(1)))
    func tokens() throws {
        let tokens = Monitor(0)
        let takers = (0..<8).map { _ in
            Background {
                (0..<200).map { _ in
                    tokens.wait(
                        until: { $0 > 0 },
                        then: { tokens in
                            tokens -= 1
                            return tokens
                        }
                    )
                }
            }
        }
        for _ in 0..<1600 { tokens.withLock { $0 += 1 } }
        let left = try takers.flatMap { try $0.value() }
        #expect(left.allSatisfy { $0 >= 0 }, "a token that was not there was taken")
        #expect(tokens.withLock { $0 } == 0)
    }

    @Test("A monitor wakes those who wait when a waiter's own body changes the value", .timeLimit(.minutes(1)))
    func chain() throws {
        let value = Monitor(0)
        let links = (0..<10).map { link in
            Background { value.wait(until: { $0 == link }, then: { $0 += 1 }) }
        }
        for link in links { try link.value() }
        #expect(value.withLock { $0 } == 10)
    }

    @Test("A monitor waits for as long as it was told to, and no longer", .timeLimit(.minutes(1)))
    func timeout() {
        let value = Monitor(0)
        let start = ContinuousClock.now
        #expect(!value.wait(atMost: .milliseconds(30)) { $0 > 0 })
        let waited = start.duration(to: .now)
        #expect(waited >= .milliseconds(30))
        #expect(waited < .seconds(10))
    }

    @Test("A monitor looks once when there is no time to wait", arguments: [Duration.zero, .seconds(-1)])
    func noTime(duration: Duration) {
        let value = Monitor(1)
        #expect(value.wait(atMost: duration) { $0 == 1 })
        #expect(!value.wait(atMost: duration) { $0 == 2 })
    }

    @Test("A monitor ends a timed wait as soon as the predicate holds", .timeLimit(.minutes(1)))
    func timedWake() throws {
        let value = Monitor(0)
        let waiter = Background { value.wait(atMost: .seconds(3600)) { $0 == 3 } }
        for _ in 0..<3 { value.withLock { $0 += 1 } }
        #expect(try waiter.value())
    }

    @Test("A monitor lets go of its lock when a body throws", .timeLimit(.minutes(1)))
    func throwing() throws {
        struct Failure: Error {}
        let value = Monitor(0)
        #expect(throws: Failure.self) {
            try value.withLock { value throws(Failure) in
                value = 7
                throw Failure()
            }
        }
        #expect(throws: Failure.self) {
            try value.wait(until: { $0 == 7 }, then: { _ throws(Failure) in throw Failure() })
        }
        #expect(try Background { value.withLock { $0 } }.value() == 7)
    }

    @Test("A monitor holds a value that cannot be copied, and gives it away", .timeLimit(.minutes(1)))
    func noncopyable() throws {
        struct Token: ~Copyable, Sendable { let number: Int }
        let box = Monitor<Token?>(nil)
        let taker = Background {
            var token: Token? = box.wait(
                until: { box in
                    switch box {
                    case .some: true
                    case .none: false
                    }
                },
                then: { $0.take() }
            )
            guard let token = token.take() else { return -1 }
            return token.number
        }
        box.withLock { $0 = Token(number: 42) }
        #expect(try taker.value() == 42)
    }
}
