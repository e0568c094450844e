internal import Threading

/// A task's suspension, which the first of several events ends, even before it has begun.
final class Suspension: Sendable {
    private enum State: Sendable {
        case unbegun
        case suspended(CheckedContinuation<Bool, Never>)
        case ended(Bool)
    }

    private let state = Monitor(State.unbegun)

    /// Begins; if it was ended already, the task continues at once.
    func begin(_ continuation: CheckedContinuation<Bool, Never>) {
        let result = state.withLock { state -> Bool? in
            if case .ended(let result) = state { return result }
            state = .suspended(continuation)
            return nil
        }
        if let result { continuation.resume(returning: result) }
    }

    /// Ends with a result; `false` if it was ended before.
    func end(_ result: Bool) -> Bool {
        let (isFirst, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Bool, Never>?) in
            defer { if case .ended = state {} else { state = .ended(result) } }
            switch state {
            case .unbegun: return (true, nil)
            case .suspended(let continuation): return (true, continuation)
            case .ended: return (false, nil)
            }
        }
        continuation?.resume(returning: result)
        return isFirst
    }
}
