import Foundation
import Testing
import Threading

/// Work on a thread of its own, whose result is waited for no longer than a while: a test that deadlocks fails instead.
public final class Background<Value: Sendable>: Sendable {
    private let outcome = Monitor<Result<Value, any Error>?>(nil)

    /// Starts the work.
    public init(_ body: @escaping @Sendable () throws -> Value) {
        let outcome = outcome
        Thread.detachNewThread {
            let result = Result { try body() }
            outcome.withLock { $0 = result }
        }
    }

    /// It has ended.
    public var isDone: Bool { outcome.withLock { $0 != nil } }

    /// Its result.
    public func value(atMost patience: Duration = .seconds(20)) throws -> Value {
        let isDone = outcome.wait(atMost: patience) { $0 != nil }
        try #require(isDone, "still waiting")
        return try #require(outcome.withLock { $0 }).get()
    }
}

/// Checks repeatedly until `condition` is true, for states without a notification, such as another thread's wait.
public func eventually(_ condition: () -> Bool, atMost patience: Duration = .seconds(20)) -> Bool {
    let deadline = ContinuousClock.now + patience
    while !condition() {
        guard ContinuousClock.now < deadline else { return false }
        Thread.sleep(forTimeInterval: 0.0005)
    }
    return true
}
