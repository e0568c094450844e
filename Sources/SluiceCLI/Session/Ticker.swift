internal import Sluice
internal import Threading

/// Does something at intervals, on a thread of its own.
final class Ticker: Sendable {
    private let isStopped = Monitor(false)
    private let thread = Monitor<WorkerThread?>(nil)

    /// Without a thread, nothing is called.
    init(every interval: Duration, _ act: @escaping @Sendable () -> Void) {
        var started = try? WorkerThread(name: "sluice-progress") { [isStopped] in
            while !isStopped.wait(atMost: interval, until: { $0 }) { act() }
        }
        thread.withLock { $0 = started.take() }
    }

    /// Ends, when what is being done is done.
    func stop() {
        isStopped.withLock { $0 = true }
        guard let thread = thread.withLock({ $0.take() }) else { return }
        thread.join()
    }
}
