internal import CPosix
internal import Sluice
internal import Synchronization
internal import Threading

/// Waits for signals on a thread of its own.
final class SignalWatch: Sendable {
    private let first = Atomic<Int32>(0)
    private let isFinished = Atomic(false)
    private let thread = Monitor<WorkerThread?>(nil)

    /// - Parameters:
    ///   - whenIdle: Called with the first signal if the process makes no progress after it; without it, progress is not
    ///     checked.
    ///   - act: Takes each signal, and whether it is the first.
    init(
        whenIdle: (@Sendable (Int32) -> Void)? = nil,
        _ act: @escaping @Sendable (Int32, _ isFirst: Bool) -> Void
    ) {
        var started = try? WorkerThread(name: "sluice-signals") { [self] in watch(whenIdle, act) }
        // Without a thread that waits for them, signals end the program as they always do.
        if started == nil { cposix_release_signals() }
        thread.withLock { $0 = started.take() }
    }

    private func watch(_ whenIdle: (@Sendable (Int32) -> Void)?, _ act: @Sendable (Int32, Bool) -> Void) {
        var idleness = Idleness()
        while true {
            let came = signal == nil || whenIdle == nil ? cposix_wait_for_signal() : Idleness.waitForSignal()
            if isFinished.load(ordering: .acquiring) { return }
            if came == cposix_wake_signal() { continue }
            if came == 0 {
                if let signal, idleness.hasDoneNothing() { whenIdle?(signal) }
                continue
            }
            let (isFirst, _) = first.compareExchange(expected: 0, desired: came, ordering: .acquiringAndReleasing)
            if isFirst { idleness = Idleness() }
            act(came, isFirst)
        }
    }

    /// The first ends the input, so that what has been read becomes a playable output; a second one ends the program at once,
    /// and so does the first one without progress after it: a codec library that hangs does not keep the process alive.
    convenience init(interrupt: Interrupt, temporaries: TemporaryFiles) {
        let end = { @Sendable (signal: Int32) in
            temporaries.removeAll()
            cposix_die_by_signal(signal)
        }
        self.init(whenIdle: end) { signal, isFirst in
            if isFirst {
                interrupt.trigger()
                guard temporaries.interrupt() else { return }
            }
            end(signal)
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

/// Distinguishes a process that works from one that only waits, by its processor time.
private struct Idleness {
    /// How long it may wait for a slow disk or for a reader of its output.
    private static let patienceMilliseconds: Int32 = 20_000
    /// Processor time that the program's own clocks may take meanwhile, in seconds.
    private static let leastWork = 0.1

    private var seconds = cposix_cpu_seconds()

    /// A signal, or 0 after ``patienceMilliseconds``.
    static func waitForSignal() -> Int32 { cposix_wait_for_signal_within(patienceMilliseconds) }

    /// Whether the process made almost no progress since the last call.
    mutating func hasDoneNothing() -> Bool {
        let before = seconds
        seconds = cposix_cpu_seconds()
        return seconds - before < Self.leastWork
    }
}
