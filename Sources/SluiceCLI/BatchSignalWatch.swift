internal import Batch
internal import CPosix
internal import Synchronization

/// Waits for signals on a thread of its own, and passes them on: the first has the jobs finish what they have read, a second
/// ends them at once.
final class BatchSignalWatch: Sendable {
    private let first = Atomic<Int32>(0)
    private let isFinished = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)

    init(_ cancellation: Cancellation) {
        var started = try? WorkerThread(name: "sluice-signals") { [self] in
            while true {
                let signal = cposix_wait_for_signal()
                if isFinished.load(ordering: .acquiring) { return }
                if signal == cposix_wake_signal() { continue }
                if first.load(ordering: .acquiring) == 0 { first.store(signal, ordering: .releasing) }
                cancellation.request()
            }
        }
        // Without a thread that waits for them, signals end the program, and with it the jobs.
        if started == nil { cposix_release_signals() }
        thread.withLock { $0 = started.take() }
    }

    /// The signal that ended the batch, if one did.
    var signal: Int32? {
        let signal = first.load(ordering: .acquiring)
        return signal == 0 ? nil : signal
    }

    /// Stops to wait.
    func finish() {
        isFinished.store(true, ordering: .releasing)
        guard let thread = thread.withLock({ $0.take() }) else { return }
        cposix_wake_signal_wait()
        thread.join()
    }
}
