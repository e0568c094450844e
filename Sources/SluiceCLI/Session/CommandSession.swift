internal import ArgumentParser
internal import CPosix
internal import Logging
internal import Sluice
internal import SystemPackage

/// What a command has come to, for people and for programs.
protocol CommandResult {
    /// A line for people.
    var summary: String { get }
    /// An object for programs: one line of JSON, with its line feed.
    var line: [UInt8] { get }
}

extension Receipt: CommandResult {}

/// One run of a command, with everything around it: signals, progress, words for people and for programs.
struct CommandSession {
    private let flags: ReportingFlags
    private let standardOutputIsFree: Bool

    private let sandbox: SandboxState?

    /// - Parameter sandbox: What confines the process; `nil` for a command that reads no media.
    init(_ flags: ReportingFlags, standardOutputIsFree: Bool, sandbox: SandboxState? = nil) {
        (self.flags, self.standardOutputIsFree, self.sandbox) = (flags, standardOutputIsFree, sandbox)
    }

    func run<Value: CommandResult>(_ body: (EncodeJob.Context) throws(Failure) -> Value) throws(Failure) {
        let said = try CommandWords(level: flags.quiet ? .error : flags.logLevel.level)
        let words = said.words
        let progressWords = flags.progressFd == 2 ? words : Diagnostics(.named(flags.progressFd))
        var context = EncodeJob.Context()
        context.fileAccess = .map
        context.cores = { ResourceBudget.ofThisProcess(environment: Environment.variables).threads.amount }
        (context.logger, context.sandbox) = (said.logger, sandbox)
        if let sandbox { said.logger.info("\(sandbox.description)") }
        let watch = SignalWatch(interrupt: context.interrupt, temporaries: context.temporaries)
        let reporter = ProgressReporter(flags, context.progress, progressWords)
        let result = Result { () throws(Failure) in try body(context) }
        watch.finish()
        reporter?.stop()
        said.endPrints()
        if case .success(let value) = result { report(value, to: words) } else { context.temporaries.removeAll() }
        words.finish()
        if progressWords !== words { progressWords.finish() }
        try end(result, watch.signal)
    }

    private func end<Value: CommandResult>(_ result: Result<Value, Failure>, _ signal: Int32?) throws(Failure) {
        let failure: Failure? = if case .failure(let error) = result { error } else { nil }
        if let signal {
            // What an input that was cut short looks like is no news; what went wrong with the output is.
            if let failure, failure.status == .transferFailed {
                failure.print(asJSON: flags.json, standardOutputIsFree: standardOutputIsFree)
            }
            cposix_die_by_signal(signal)
        }
        if let failure { throw failure }
        guard case .success(let value) = result, flags.json else { return }
        try StandardOutput.writeResult(value.line, isFree: standardOutputIsFree)
    }

    private func report(_ value: some CommandResult, to words: Diagnostics) {
        guard !flags.quiet, !flags.json else { return }
        words.say("sluice: \(value.summary)")
    }
}

extension ParsableCommand {
    /// Runs the body of a command; what it throws becomes words and an exit status.
    func exiting(
        _ flags: ReportingFlags,
        standardOutputIsFree: Bool,
        _ body: () throws(Failure) -> Void
    ) throws {
        do throws(Failure) {
            try body()
        } catch {
            error.print(asJSON: flags.json, standardOutputIsFree: standardOutputIsFree)
            throw ExitCode(error.status)
        }
    }
}
