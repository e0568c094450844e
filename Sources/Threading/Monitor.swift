internal import CPosix

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A value with a lock on which threads can wait: a mutex, a condition and the value that they guard.
///
/// Every call that may have changed the value wakes all waiters, who look at their predicates again; with the handful
/// of threads of a pipeline that is cheaper than getting a targeted wake-up wrong.
///
/// The core uses it for plain state as well: ThreadSanitizer sees the locks of pthread, and not those of
/// `Synchronization.Mutex`, which it takes for races.
///
/// Thread-safety: all methods may be called from any thread, but not from within a body of the same monitor.
@safe
public final class Monitor<State: ~Copyable>: @unchecked Sendable {
    // @unchecked: `state` is reached only between lock and unlock; the pointers never change.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    /// A monitor over an initial value.
    public init(_ state: consuming sending State) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        self.state = state
        let status = unsafe pthread_mutex_init(mutex, nil)
        precondition(status == 0, "pthread_mutex_init failed with \(status)")
        let conditionStatus = unsafe cposix_condition_init(condition)
        precondition(conditionStatus == 0, "pthread_cond_init failed with \(conditionStatus)")
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the value locked, then wakes everyone who waits.
    public func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(condition)
            unsafe pthread_mutex_unlock(mutex)
        }
        return try body(&state)
    }

    /// Waits until `predicate` holds, then runs `body` without letting go of the lock in between.
    @available(*, noasync, message: "blocks the calling thread")
    public func wait<Result: ~Copyable, Failure: Error>(
        until predicate: (borrowing State) -> Bool,
        then body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(condition)
            unsafe pthread_mutex_unlock(mutex)
        }
        while !predicate(state) { unsafe pthread_cond_wait(condition, mutex) }
        return try body(&state)
    }

    /// Waits until `predicate` holds or the time is over.
    ///
    /// - Returns: Whether the predicate held at the end.
    @available(*, noasync, message: "blocks the calling thread")
    public func wait(atMost duration: Duration, until predicate: (borrowing State) -> Bool) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        let deadline = ContinuousClock.now + duration
        while !predicate(state) {
            let rest = ContinuousClock.now.duration(to: deadline)
            guard rest > .zero else { return false }
            let nanoseconds = rest.components.seconds * 1_000_000_000 + rest.components.attoseconds / 1_000_000_000
            _ = unsafe cposix_condition_wait(condition, mutex, nanoseconds)
        }
        return true
    }
}
