internal import Threading

/// The threads of jobs that run, each joined once.
struct JobThreads {
    private let threads = Monitor<[Int: ThreadBox]>([:])

    /// A thread that can be kept in a dictionary.
    final class ThreadBox: Sendable {
        private let thread: Monitor<WorkerThread?>
        init(_ thread: consuming WorkerThread) { self.thread = Monitor(thread) }
        func join() { if let thread = thread.withLock({ $0.take() }) { thread.join() } }
    }

    func start(_ index: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
        guard let thread = try? WorkerThread(name: "sluice-job", body: body) else { return false }
        let box = ThreadBox(thread)
        threads.withLock { $0[index] = box }
        return true
    }

    func join(_ indices: [Int]) {
        for index in indices { threads.withLock { $0.removeValue(forKey: index) }?.join() }
    }

    func joinAll() { join(threads.withLock { Array($0.keys) }) }
}
