internal import Threading

/// A thread that waits for the end to be asked for.
final class CancellationWatch: Sendable {
    private let isFinished: WakePipe
    private let thread = Monitor<WorkerThread?>(nil)

    init(_ cancellation: Cancellation, _ body: @escaping @Sendable () -> Void) {
        let finish = cancellation.end
        isFinished = finish
        var started = try? WorkerThread(name: "sluice-cancel") {
            if cancellation.waitForRequest(or: finish) { body() }
        }
        thread.withLock { $0 = started.take() }
    }

    func finish() {
        isFinished.wake()
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
        isFinished.drain()
    }
}
