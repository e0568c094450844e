internal import Threading

/// A thread that waits until the batch is to stop.
final class CancellationWatch: Sendable {
    private let end: WakePipe
    private let thread = Monitor<WorkerThread?>(nil)

    init(_ cancellation: Cancellation, _ body: @escaping @Sendable () -> Void) {
        end = cancellation.end
        var started = try? WorkerThread(name: "sluice-cancel") {
            if cancellation.waitForStop() { body() }
        }
        thread.withLock { $0 = started.take() }
    }

    func finish() {
        end.wake()
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
        end.drain()
    }
}
