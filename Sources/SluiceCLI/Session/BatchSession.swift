internal import Batch
internal import CPosix
internal import Places
internal import SystemPackage

/// One run of the command `batch`.
struct BatchSession {
    private let plan: BatchPlan
    private let options: BatchOptions
    private let budget: ResourceBudget
    private let flags: BatchReportFlags
    private let manifest: String

    init(
        _ plan: BatchPlan,
        _ options: BatchOptions,
        _ budget: ResourceBudget,
        _ flags: BatchReportFlags,
        manifest: String
    ) {
        (self.plan, self.options, self.budget) = (plan, options, budget)
        (self.flags, self.manifest) = (flags, manifest)
    }

    /// Runs everything, and gives the report.
    ///
    /// - Returns: Why not every output is there, if not.
    func run() throws(Failure) -> Failure? {
        let (cancellation, progress) = (try makeCancellation(), BatchProgress())
        let words = Diagnostics(.ownErrors)
        let display = BatchDisplay(flags, progress, words)
        let watch = SignalWatch { signal, _ in Self.obey(signal, cancellation, display) }
        let start = ContinuousClock.now
        let run = BatchRun(
            plan,
            options: options,
            budget: budget,
            program: Environment.program,
            cancellation: cancellation,
            progress: progress,
            report: { display.note($0) }
        )
        let results = run.run()
        let (seconds, attoseconds) = start.duration(to: .now).components
        let report = BatchReport(
            manifest: manifest,
            budget: budget,
            results: results,
            seconds: Double(seconds) + Double(attoseconds) * 1e-18,
            notices: plan.notices
        )
        watch.finish()
        display.finish()
        if !flags.quiet, !flags.json {
            let table = report.table(columns: Int(cposix_terminal_columns(FileDescriptor.ownErrors.rawValue)))
            writeWithoutStalling(Array(table.printable(keepsLines: true).utf8), to: .ownErrors)
        }
        let written = Result { () throws(Failure) in try write(report) }
        if let signal = watch.signal { cposix_die_by_signal(signal) }
        try written.get()
        return report.failure
    }

    /// The first signal has the running jobs finish, and no others begin. The next one aborts them, and one more does not wait for
    /// them. After a hangup, nobody is there for a second signal.
    private static func obey(_ signal: Int32, _ cancellation: Cancellation, _ display: BatchDisplay) {
        guard !cancellation.isStopping, signal != Signal.hangup else {
            if !cancellation.isRequested { display.noteAborting(signal) }
            return cancellation.request()
        }
        display.noteStopping(signal)
        cancellation.stop()
    }

    private func makeCancellation() throws(Failure) -> Cancellation {
        do throws(Errno) {
            return try Cancellation()
        } catch {
            throw Failure(.unavailable, name: "pipeRefused", message: "cannot create a pipe: \(error)")
        }
    }

    /// A report is of the last run: an older one gives way.
    private func write(_ report: BatchReport) throws(Failure) {
        try flags.write(report)
        if flags.json { try StandardOutput.write(report.json) }
    }
}

extension BatchReportFlags {
    /// Writes the requested reports.
    func write(_ report: BatchReport) throws(Failure) {
        try Self.write(self.report) { report.prettyJSON }
        try Self.write(junit) { report.junit }
        try Self.write(html) { report.html }
    }

    /// Replaces older reports by one of a batch that did not start, so that none of them is taken for this batch's. Files that
    /// are not reports, or cannot be written, stay: the batch has failed already, and reports that.
    func write(notBegun failure: Failure, _ manifest: String, _ budget: ResourceBudget) {
        write(cause: failure, manifest, budget, where: Self.mayReplace)
    }

    /// Clears older reports before anything else, so that they are not taken for this batch's if it is killed.
    func replaceOlder(_ manifest: String, _ budget: ResourceBudget) {
        let cause = Failure(.temporary, name: "notEnded", message: "the batch is still running, or was killed")
        write(cause: cause, manifest, budget, where: ReportFile.isReport)
    }

    private func write(
        cause failure: Failure,
        _ manifest: String,
        _ budget: ResourceBudget,
        where isWanted: (FilePath) -> Bool
    ) {
        let report = BatchReport(manifest: manifest, budget: budget, failure: failure)
        let texts = [(self.report, report.prettyJSON), (junit, report.junit), (html, report.html)]
        for case (let name?, let text) in texts where isWanted(FilePath(spelled: name)) {
            do throws(Failure) { try Self.write(name) { text } } catch { continue }
        }
    }

    private static func mayReplace(_ path: FilePath) -> Bool {
        unsafe !path.withPlatformString { unsafe cposix_exists($0) } || ReportFile.isReport(path)
    }

    private static func write(_ name: String?, _ text: () -> String) throws(Failure) {
        guard let name else { return }
        do throws(SinkError) {
            var sink = try ByteSink(
                opening: .path(OutputFlags.file(name)),
                .side,
                overwrite: true,
                temporaries: TemporaryFiles(),
                mayBeAbandoned: false
            )
            try sink.write(Array(text().utf8))
            try sink.publish()
        } catch {
            throw Failure(error)
        }
    }
}
