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

    func value(atMost patience: Duration = .seconds(15)) throws -> Value {
        let isDone = outcome.wait(atMost: patience) { $0 != nil }
        try #require(isDone, "still waiting")
        return try #require(outcome.withLock { $0 }).get()
    }
}

/// Looks again and again until `condition` holds, for what nobody can be told of: that another thread waits.
func eventually(_ condition: () -> Bool, atMost patience: Duration = .seconds(15)) -> Bool {
    let deadline = ContinuousClock.now + patience
    while !condition() {
        guard ContinuousClock.now < deadline else { return false }
        Thread.sleep(forTimeInterval: 0.0005)
    }
    return true
}

/// Where threads wait until a test lets them pass.
final class Gate: Sendable {
    private struct State {
        var permits: Int
        var waiting = 0
    }

    private let state: Monitor<State>

    init(open: Bool) { state = Monitor(State(permits: open ? .max : 0)) }

    /// Lets everyone pass from now on.
    func open() { state.withLock { $0.permits = .max } }

    /// Lets so many pass.
    func admit(_ count: Int) { state.withLock { $0.permits += $0.permits == .max ? 0 : count } }

    func pass() {
        state.withLock { $0.waiting += 1 }
        state.wait(
            until: { $0.permits > 0 },
            then: { state in
                state.waiting -= 1
                if state.permits != .max { state.permits -= 1 }
            }
        )
    }

    /// Waits until someone waits here.
    func isWaitedAt() -> Bool { state.wait(atMost: .seconds(15)) { $0.waiting > 0 && $0.permits == 0 } }
}
