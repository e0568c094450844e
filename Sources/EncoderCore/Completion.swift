internal import Threading

/// The outcome of a flush or a configuration, which a thread waits for or a task is resumed with.
final class Completion<Failure: Error>: Sendable {
    private struct State {
        var result: Result<Void, Failure>?
        var observers: [@Sendable () -> Void] = []
    }

    private let state = Monitor(State())

    /// Sets the outcome; only the first one counts.
    func complete(_ result: Result<Void, Failure>) {
        let observers = state.withLock { state in
            guard state.result == nil else { return [@Sendable () -> Void]() }
            state.result = result
            defer { state.observers = [] }
            return state.observers
        }
        for observer in observers { observer() }
    }

    /// The outcome, if there is one yet.
    var result: Result<Void, Failure>? { state.withLock { $0.result } }

    /// Calls `body` with the outcome: at once if it is set, else on the thread that sets it.
    func whenComplete(_ body: @escaping @Sendable () -> Void) {
        let isComplete = state.withLock { state in
            if state.result == nil { state.observers.append(body) }
            return state.result != nil
        }
        if isComplete { body() }
    }

    @available(*, noasync, message: "blocks the calling thread")
    func wait() throws(Failure) {
        try state.wait(until: { $0.result != nil }, then: { $0.result })?.get()
    }
}
