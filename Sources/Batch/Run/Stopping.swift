/// When children that were asked to end are made to.
struct Stopping {
    enum Reason { case cancelled, timedOut, unread }
    enum Limit { case grace, streams }

    var reason: Reason?
    private var limits: [Limit: ContinuousClock.Instant] = [:]
    private var hasAskedTwice = false

    var isAsked: Bool { reason != nil }

    mutating func begin(_ limit: Limit, after duration: Duration) {
        if limits[limit] == nil || limit == .grace { limits[limit] = .now + duration }
    }

    /// True once.
    mutating func askedTwice() -> Bool {
        guard !hasAskedTwice else { return false }
        hasAskedTwice = true
        begin(.grace, after: .seconds(2))
        return true
    }

    func isOverdue(_ limit: Limit) -> Bool { limits[limit].map { ContinuousClock.now >= $0 } ?? false }

    /// True once, when the time to end by oneself is over.
    mutating func takeOverdueGrace() -> Bool {
        guard isOverdue(.grace) else { return false }
        limits[.grace] = nil
        return true
    }

    /// When something has to be done next.
    var next: ContinuousClock.Instant? { limits.values.min() }
}

/// The signals that children are sent.
package enum Signal {
    /// SIGHUP, SIGINT and SIGTERM, which ask a process to end.
    static let ends: Set<Int32> = [hangup, interrupt, terminate]
    /// SIGHUP.
    package static let hangup: Int32 = 1
    /// SIGINT.
    package static let interrupt: Int32 = 2
    /// SIGKILL.
    package static let kill: Int32 = 9
    /// SIGTERM.
    package static let terminate: Int32 = 15
}
