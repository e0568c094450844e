internal import Batch
internal import CPosix
internal import Synchronization

/// Says how far a batch is: a live table on a terminal, lines elsewhere. A batch is never silent for longer than render farms
/// wait.
final class BatchDisplay: Sendable {
    private enum Form: Equatable { case none, table, plain, json, openjd }

    private let form: Form
    private let progress: BatchProgress
    private let words: Diagnostics
    private let isStopped = Monitor(false)
    private let thread = Mutex<WorkerThread?>(nil)

    init(_ flags: BatchReportFlags, _ progress: BatchProgress, _ words: Diagnostics) {
        form =
            switch (flags.progress, cposix_is_terminal(2)) {
            case (.none, _): .none
            case (.auto, _) where flags.quiet: .none
            case (.auto, true): .table
            case (.auto, false), (.plain, _): .plain
            case (.json, _): .json
            case (.openjd, _): .openjd
            }
        (self.progress, self.words) = (progress, words)
        guard form != .none else { return }
        var started = try? WorkerThread(name: "sluice-progress") { [self] in run() }
        thread.withLock { $0 = started.take() }
    }

    private var interval: Duration {
        switch form {
        case .table: .milliseconds(200)
        case .plain, .none: .seconds(10)
        case .json, .openjd: .seconds(1)
        }
    }

    private func run() {
        while !isStopped.wait(atMost: interval, until: { $0 }) { report() }
    }

    /// Reports no more.
    func stop() {
        isStopped.withLock { $0 = true }
        guard let thread = thread.withLock({ $0.take() }) else { return }
        thread.join()
    }

    private func report() {
        let snapshot = progress.snapshot
        switch form {
        case .table:
            words.show(snapshot.table(columns: Int(cposix_terminal_columns(2))).joined(separator: "\n"))
        case .plain: words.say("sluice: \(snapshot.line)")
        case .json: words.say(snapshot.json)
        case .openjd: words.say("openjd_progress: \(Int(snapshot.fraction * 100))")
        case .none: break
        }
    }

    /// Something has happened.
    func note(_ event: BatchRun.Event) {
        switch event {
        case .words(let line): words.say("sluice: \(line)")
        case .started: break
        case .retrying(let result, let delay):
            guard form != .none else { return }
            let reason = result.failure?.message ?? ""
            words.say("sluice: \(result.job.name): \(reason); again in \(delay.components.seconds) s")
        case .ended(let result): say(result)
        }
    }

    private func say(_ result: JobResult) {
        switch form {
        case .json: words.say(result.json)
        case .table, .plain, .openjd: words.say("sluice: \(result.line)")
        // A failure is said in any case.
        case .none: if result.status == .failed { words.say("sluice: \(result.line)") }
        }
    }
}
