internal import Threading

/// A thread that waits for the request to end.
final class CancellationWatch: Sendable {
    private let end: WakePipe
    private let thread = Monitor<WorkerThread?>(nil)

    init(_ cancellation: Cancellation, _ body: @escaping @Sendable () -> Void) {
        end = cancellation.end
        var started = try? WorkerThread(name: "sluice-cancel") {
            if cancellation.waitForRequest() { body() }
        }
        thread.withLock { $0 = started.take() }
    }

    func finish() {
        end.wake()
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
        end.drain()
    }
}
