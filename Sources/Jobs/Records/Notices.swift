package import Logging
internal import Synchronization

/// What the user should know of a run that ends with 0 all the same: each is a warning in the log and a line of the receipt.
///
/// Bounded: a notice that has been given already is not given again, and those over ``limit`` are counted.
///
/// Thread-safety: all methods may be called from any thread.
package final class Notices: Sendable {
    /// Notices that are kept.
    package static let limit = 64

    private let logger: Logger
    private let state = Mutex<(kept: [String], more: Int)>(([], 0))
    private let pending = Mutex<[@Sendable () -> String?]>([])

    package init(_ logger: Logger) { self.logger = logger }

    /// Logs a notice and keeps it for the receipt.
    package func add(_ notice: String) {
        let isNew = state.withLock { state in
            guard !state.kept.contains(notice) else { return false }
            guard state.kept.count < Self.limit else {
                state.more += 1
                return false
            }
            state.kept.append(notice)
            return true
        }
        if isNew { logger.warning("\(notice)") }
    }

    /// Requests a notice for the end of the run, about something that is counted until then.
    package func addAtEnd(_ notice: @escaping @Sendable () -> String?) { pending.withLock { $0.append(notice) } }

    /// Requests any number of notices for the end of the run.
    package func addAtEnd(all notices: @escaping @Sendable () -> [String]) {
        addAtEnd { [self] in
            for notice in notices() { add(notice) }
            return nil
        }
    }

    /// All of them, in their order; for the end of a run.
    package var all: [String] {
        let late = pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
        for notice in late.compactMap({ $0() }) { add(notice) }
        return state.withLock { $0.more == 0 ? $0.kept : $0.kept + ["\($0.more) more notices"] }
    }
}
