internal import CPosix

/// A thread with a name and one owner, who joins it exactly once.
public struct WorkerThread: ~Copyable, Sendable {
    private let handle: UInt

    /// The system refused a thread.
    public struct CreationError: Error, Sendable, CustomStringConvertible {
        /// The errno value of `pthread_create`.
        public let status: Int32
        /// What happened, and what it means.
        public var description: String { "the system refused a thread (pthread_create: error \(status))" }
    }

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: What debuggers and `top -H` show; the first 15 bytes count on Linux.
    ///   - body: What the thread does.
    /// - Throws: ``CreationError``, for instance when a limit on threads is reached.
    public init(name: String, body: @escaping @Sendable () -> Void) throws(CreationError) {
        let start = unsafe Unmanaged.passRetained(ThreadStart(name: name, body: body))
        var handle: UInt = 0
        let status = unsafe cposix_start_thread(
            { context in unsafe Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().run() },
            start.toOpaque(),
            &handle
        )
        guard status == 0 else {
            unsafe start.release()
            throw CreationError(status: status)
        }
        self.handle = handle
    }

    /// The calling thread is this one, which therefore must not join itself.
    public var isCurrent: Bool { cposix_is_current_thread(handle) }

    /// Waits for the thread's end.
    @available(*, noasync, message: "blocks the calling thread")
    public consuming func join() {
        cposix_join_thread(handle)
        discard self
    }

    /// Detaches the thread: for an owner that is dropped on this thread itself.
    public consuming func detach() {
        cposix_detach_thread(handle)
        discard self
    }

    deinit {
        assertionFailure("a WorkerThread must be joined")
        cposix_detach_thread(handle)
    }
}

private final class ThreadStart: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    func run() {
        unsafe cposix_name_current_thread(name)
        body()
    }
}
