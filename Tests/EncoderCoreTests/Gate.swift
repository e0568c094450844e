import Threading

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
