internal import Batch
internal import CPosix
internal import Sluice

/// Says how far a batch is: a live table on a terminal, lines elsewhere. A batch is never silent for longer than render farms
/// wait.
struct BatchDisplay: Sendable {
    private enum Form: Equatable {
        case none, table, plain, json, openjd

        var interval: Duration {
            switch self {
            case .table: .milliseconds(200)
            case .plain, .none: .seconds(10)
            case .json, .openjd: .seconds(1)
            }
        }
    }

    private let form: Form
    private let words: Diagnostics
    /// `nil` where nothing is to be said.
    private let ticker: Ticker?

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
        self.words = words
        guard form != .none else {
            ticker = nil
            return
        }
        ticker = Ticker(every: form.interval) { [form] in Self.report(progress.snapshot, form, words) }
    }

    /// Reports no more.
    func stop() { ticker?.stop() }

    private static func report(_ snapshot: BatchProgress.Snapshot, _ form: Form, _ words: Diagnostics) {
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
