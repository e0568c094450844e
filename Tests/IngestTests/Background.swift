import Foundation
import Testing
import Threading

/// Work on a thread of its own, whose result is waited for no longer than a while: a test that deadlocks fails instead.
final class Background<Value: Sendable>: Sendable {
    private let outcome = Monitor<Result<Value, any Error>?>(nil)

    init(_ body: @escaping @Sendable () throws -> Value) {
        let outcome = outcome
        Thread.detachNewThread {
            let result = Result { try body() }
            outcome.withLock { $0 = result }
        }
    }

    var isDone: Bool { outcome.withLock { $0 != nil } }

    func value(atMost patience: Duration = .seconds(20)) throws -> Value {
        let isDone = outcome.wait(atMost: patience) { $0 != nil }
        try #require(isDone, "still waiting")
        return try #require(outcome.withLock { $0 }).get()
    }
}

/// Looks again and again until `condition` holds, for what nobody can be told of: that another thread waits.
func eventually(_ condition: () -> Bool, atMost patience: Duration = .seconds(20)) -> Bool {
    let deadline = ContinuousClock.now + patience
    while !condition() {
        guard ContinuousClock.now < deadline else { return false }
        Thread.sleep(forTimeInterval: 0.0005)
    }
    return true
}

/// SplitMix64: random numbers that a printed seed brings back.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
