internal import CPosix
internal import Logging
internal import Sluice
internal import SystemPackage

/// One run of a command, with everything around it: signals, progress, messages for people and results for programs.
struct CommandSession {
    /// Ends the input early; the first signal does.
    let interrupt = Interrupt()
    /// The files that do not have their names yet.
    let temporaries = TemporaryFiles()
    /// How far the command is.
    let progress = JobProgress()
    /// Takes messages.
    let logger: Logger
    /// What confines the process, where media is read.
    let sandbox: SandboxState?

    /// Runs the body of a command, and reports its result.
    static func run(
        _ reports: SessionReports,
        _ sandbox: SandboxState?,
        _ body: (CommandSession) throws(Failure) -> any CommandResult
    ) throws(Failure) -> any CommandResult {
        let said = try CommandWords(level: reports.level)
        let words = said.words
        let session = CommandSession(logger: said.logger, sandbox: sandbox)
        if let sandbox { said.logger.info("\(sandbox.description)") }
        let progressWords = reports.progress.flatMap { $0.progressFd == 2 ? nil : Diagnostics(.named($0.progressFd)) }
        let watch = SignalWatch(interrupt: session.interrupt, temporaries: session.temporaries)
        let reporter = reports.progress.flatMap { ProgressReporter($0, session.progress, progressWords ?? words) }
        let result = Result { () throws(Failure) in try body(session) }
        watch.finish()
        reporter?.stop()
        said.endPrints()
        switch result {
        case .success(let value): reports.summarize(value, to: words)
        case .failure: session.temporaries.removeAll()
        }
        words.finish()
        progressWords?.finish()
        return try reports.end(result, watch.signal)
    }

    /// What an encode needs of the session.
    var encoding: EncodeJob.Context {
        var context = EncodeJob.Context()
        (context.interrupt, context.temporaries, context.progress) = (interrupt, temporaries, progress)
        (context.logger, context.sandbox, context.fileAccess) = (logger, sandbox, .map)
        context.cores = { ResourceBudget.ofThisProcess(environment: Environment.variables).threads.amount }
        return context
    }

    /// What a decode needs of the session.
    var decoding: DecodeJob.Context {
        var context = DecodeJob.Context()
        (context.interrupt, context.temporaries) = (interrupt, temporaries)
        (context.logger, context.sandbox) = (logger, sandbox)
        return context
    }
}

extension SessionReports {
    fileprivate func summarize(_ value: any CommandResult, to words: Diagnostics) {
        guard !isQuiet, !isJSON, case .summary(let line) = value.text else { return }
        words.say("sluice: \(line)")
    }

    fileprivate func end(
        _ result: Result<any CommandResult, Failure>,
        _ signal: Int32?
    ) throws(Failure) -> any CommandResult {
        if let signal {
            // After an interrupt, a truncated input is expected; an error of the output is reported.
            if case .failure(let failure) = result, failure.status == .transferFailed {
                failure.print(asJSON: isJSON, standardOutputIsFree: standardOutputIsFree)
            }
            cposix_die_by_signal(signal)
        }
        let value = try result.get()
        if isJSON {
            try StandardOutput.writeResult(value.line, isFree: standardOutputIsFree)
        } else if case .report(let text) = value.text {
            try StandardOutput.write(text)
        }
        return value
    }
}
