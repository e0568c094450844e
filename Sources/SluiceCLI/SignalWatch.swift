internal import CPosix
internal import Sluice
internal import Synchronization

/// Waits for signals on a thread of its own.
final class SignalWatch: Sendable {
    private let first = Atomic<Int32>(0)
    private let isFinished = Atomic(false)
    private let thread = Monitor<WorkerThread?>(nil)

    /// - Parameter act: Takes each signal, and whether it is the first.
    init(_ act: @escaping @Sendable (Int32, _ isFirst: Bool) -> Void) {
        var started = try? WorkerThread(name: "sluice-signals") { [self] in
            while true {
                let signal = cposix_wait_for_signal()
                if isFinished.load(ordering: .acquiring) { return }
                if signal == cposix_wake_signal() { continue }
                let (isFirst, _) = first.compareExchange(expected: 0, desired: signal, ordering: .acquiringAndReleasing)
                act(signal, isFirst)
            }
        }
        // Without a thread that waits for them, signals end the program as they always do.
        if started == nil { cposix_release_signals() }
        thread.withLock { $0 = started.take() }
    }

    /// The first ends the input, so that what has been read becomes a playable output; a second one ends the program at
    /// once.
    convenience init(interrupt: Interrupt, temporaries: TemporaryFiles) {
        self.init { signal, isFirst in
            if isFirst {
                interrupt.trigger()
                guard temporaries.interrupt() else { return }
            }
            temporaries.removeAll()
            cposix_die_by_signal(signal)
        }
    }

    /// The first signal, if one came.
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
