/// Threads that are joined together.
///
/// Thread-safety: used by one thread at a time.
public final class WorkerThreads {
    private var first: Node?

    private final class Node {
        var thread: WorkerThread?
        let next: Node?

        init(_ thread: consuming WorkerThread, next: Node?) {
            self.thread = consume thread
            self.next = next
        }
    }

    /// No threads yet.
    public init() {}

    /// Starts one more.
    ///
    /// - Parameters:
    ///   - name: What debuggers show; the first 15 bytes count on Linux.
    ///   - body: What the thread does.
    public func start(name: String, _ body: @escaping @Sendable () -> Void) throws(WorkerThread.CreationError) {
        first = Node(try WorkerThread(name: name, body: body), next: first)
    }

    /// Waits for the end of all.
    @available(*, noasync, message: "blocks the calling thread")
    public func join() {
        while let node = first {
            if let thread = node.thread.take() { thread.join() }
            first = node.next
        }
    }
}
