internal import Batch
internal import CPosix

/// One run of a batch, with everything around it that makes a command of it.
struct BatchSession {
    private let plan: BatchPlan
    private let options: BatchOptions
    private let flags: BatchReportFlags
    private let manifest: String

    init(_ plan: BatchPlan, _ options: BatchOptions, _ flags: BatchReportFlags, manifest: String) {
        (self.plan, self.options, self.flags, self.manifest) = (plan, options, flags, manifest)
    }

    /// Runs everything, and gives the report.
    ///
    /// - Returns: Why not every output is there, if not.
    func run() throws(Failure) -> Failure? {
        let (cancellation, progress) = (try makeCancellation(), BatchProgress())
        let words = Diagnostics(.standardError)
        // The first has the jobs finish what they have read, a second ends them at once.
        let watch = SignalWatch { _, _ in cancellation.request() }
        let display = BatchDisplay(flags, progress, words)
        let start = ContinuousClock.now
        let run = BatchRun(
            plan,
            options: options,
            program: Environment.program,
            cancellation: cancellation,
            progress: progress,
            report: { display.note($0) }
        )
        let results = run.run()
        let (seconds, attoseconds) = start.duration(to: .now).components
        let report = BatchReport(
            manifest: manifest,
            budget: options.budget,
            results: results,
            seconds: Double(seconds) + Double(attoseconds) * 1e-18
        )
        watch.finish()
        display.stop()
        words.finish()
        if !flags.quiet, !flags.json {
            writeWithoutStalling(Array(report.table.printable(keepsLines: true).utf8), to: .standardError)
        }
        let written = Result { () throws(Failure) in try write(report) }
        if let signal = watch.signal { cposix_die_by_signal(signal) }
        try written.get()
        return report.failure.map { Failure($0) }
    }

    private func makeCancellation() throws(Failure) -> Cancellation {
        do throws(Errno) {
            return try Cancellation()
        } catch {
            throw Failure(code: 69, name: "pipeRefused", message: "the system gives no pipe: \(error)")
        }
    }

    /// A report is of the last run: an older one gives way.
    private func write(_ report: BatchReport) throws(Failure) {
        try write(flags.report) { report.prettyJSON }
        try write(flags.junit) { report.junit }
        try write(flags.html) { report.html }
        if flags.json { try StandardOutput.write(report.json) }
    }

    private func write(_ name: String?, _ text: () -> String) throws(Failure) {
        guard let name else { return }
        do throws(SinkError) {
            var sink = try ByteSink(opening: .path(FilePath(name)), overwrite: true, temporaries: TemporaryFiles())
            try sink.write(Array(text().utf8))
            try sink.publish()
        } catch {
            throw Failure(error)
        }
    }
}
