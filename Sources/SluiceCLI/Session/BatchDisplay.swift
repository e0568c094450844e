internal import Batch
internal import CPosix
internal import Sluice
internal import SystemPackage

/// Shows how far a batch is: a live table on a terminal, lines elsewhere. A batch is never silent for longer than render farms
/// wait.
struct BatchDisplay: Sendable {
    private enum Form: Equatable {
        case none, table, plain, json, openjd

        init(_ flags: BatchReportFlags) {
            self =
                switch (flags.progress, cposix_is_terminal(FileDescriptor.named(flags.progressFd).rawValue)) {
                case (.none, _): .none
                case (.auto, _) where flags.quiet: .none
                case (.auto, true): .table
                case (.auto, false), (.plain, _): .plain
                case (.json, _): .json
                case (.openjd, _): .openjd
                }
        }

        var interval: Duration {
            switch self {
            case .table: .milliseconds(200)
            case .plain, .none: .seconds(10)
            case .json, .openjd: .seconds(1)
            }
        }
    }

    private let form: Form
    private let isQuiet: Bool
    /// Messages for people.
    private let words: Diagnostics
    /// Where progress is written: to ``words``, or to a separate descriptor.
    private let progress: Diagnostics
    /// `nil` where no progress is shown.
    private let ticker: Ticker?

    init(_ flags: BatchReportFlags, _ batch: BatchProgress, _ words: Diagnostics) {
        (form, isQuiet, self.words) = (Form(flags), flags.quiet, words)
        progress = flags.progressFd == 2 ? words : Diagnostics(.named(flags.progressFd))
        guard form != .none else {
            ticker = nil
            return
        }
        let descriptor = FileDescriptor.named(flags.progressFd).rawValue
        ticker = Ticker(every: form.interval) { [form, progress] in
            Self.report(batch.snapshot, form, progress, descriptor)
        }
    }

    /// Stops reporting, and waits until the reports are read, or have no reader.
    func finish() {
        ticker?.stop()
        words.finish()
        if progress !== words { progress.finish() }
    }

    private static func report(
        _ snapshot: BatchProgress.Snapshot,
        _ form: Form,
        _ progress: Diagnostics,
        _ descriptor: Int32
    ) {
        switch form {
        case .table:
            progress.show(snapshot.table(columns: Int(cposix_terminal_columns(descriptor))).joined(separator: "\n"))
        case .plain: progress.say("sluice: \(snapshot.line)")
        case .json: progress.say(snapshot.json)
        case .openjd: progress.say("openjd_progress: \(Int(snapshot.fraction * 100))")
        case .none: break
        }
    }

    /// Something has happened.
    func note(_ event: BatchRun.Event) {
        switch event {
        case .words(let line): if !isQuiet { words.say("sluice: \(line)") }
        case .started: break
        case .retrying(let result, let delay): say(result, retryIn: delay)
        case .ended(let result): say(result)
        }
    }

    /// A signal has come, after which no job begins. It is always shown: who has sent it waits for an answer.
    func noteStopping(_ signal: Int32) {
        note(signal, .stop, "stopping after the current jobs; a second signal aborts them")
    }

    /// A signal has come that ends the running jobs.
    func noteAborting(_ signal: Int32) { note(signal, .abort, "aborting the current jobs") }

    private struct SignalEvent: Encodable {
        enum Action: String, Encodable { case stop, abort }
        let number: Int32
        let action: Action
    }

    private func note(_ signal: Int32, _ action: SignalEvent.Action, _ line: String) {
        if form == .json { progress.say(JSON.text(["signal": SignalEvent(number: signal, action: action)])) }
        // Where JSON lines are among people's, it is shown by them.
        if form != .json || progress !== words { words.say("sluice: \(line)") }
    }

    private func say(_ result: JobResult, retryIn delay: Duration) {
        switch form {
        case .json: progress.say(result.json(retryIn: delay))
        case .none: break
        case .table, .plain, .openjd:
            let reason = result.failure?.message ?? ""
            words.say("sluice: \(result.job.name): \(reason); again in \(delay.components.seconds) s")
        }
    }

    private func say(_ result: JobResult) {
        if form == .json { progress.say(result.json) }
        // After a signal there may be thousands; the report lists them.
        if result.wasStopped, form != .json { return }
        switch form {
        case .table, .plain, .openjd: words.say("sluice: \(result.line)")
        // A failure is always shown; where JSON lines are among people's, it is shown by them.
        case .none: if result.status == .failed { words.say("sluice: \(result.line)") }
        case .json: if result.status == .failed, progress !== words { words.say("sluice: \(result.line)") }
        }
    }
}
