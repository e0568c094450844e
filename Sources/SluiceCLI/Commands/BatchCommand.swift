internal import ArgumentParser
internal import Batch
internal import CPosix
internal import Places

struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract:
            "Runs the encodes of a manifest within one budget of threads and memory. A second run continues where the first one stopped.",
        discussion: """
            The manifest is YAML, JSON, or JSON lines with one job each. A job has the long flags of sluice encode as its \
            keys, and input: (a file, or a pattern for many), pictures: (a pattern of pictures that are one input), or command: \
            (a program that writes the frames, run without a shell), and output:.

              defaults: {codec: av1, crf: 30}
              jobs:
                - {input: "renders/*.y4m", output: "out/${stem}.webm"}
                - {pictures: "shots/*.exr", framerate: 24, output: out/shots.mp4}
                - name: trailer
                  input: trailer.y4m
                  output: out/${stem}-${codec}-${crf}.mkv
                  matrix: {codec: [h264, av1], crf: [20, 30]}
                - {command: ["python3", "render.py"], size: 1920x1080, framerate: 24, pixel-format: rgba, \
            output: out/a.mp4, after: [trailer]}

            ${NAME} in a value is replaced by a value of the job: one of its keys or matrix keys, or stem, folder or input, from \
            its input file; $$ is a dollar sign. exclude: leaves files out of those that patterns match, by name, pattern or \
            folder; one without an effect causes a warning. In YAML, mappings can be merged (<<: *base), \
            and top-level keys that begin with x- can hold anchors.

            Paths are relative to the manifest's folder (the working folder for -), and must be inside it unless \
            --allow-absolute-paths is given. The whole manifest is checked before anything runs: mistakes are listed with \
            file, line and column, and the exit status is 78. If a file that a pattern matches cannot be encoded, its job \
            fails; the others run. Each output has a receipt next to it (OUTPUT.receipt.json). Outputs that match their \
            receipt are skipped, and an output without a receipt is not replaced (the job's status is 73).

            After the first SIGINT or SIGTERM, the current jobs finish and no others begin; a second signal aborts them. The \
            exit status is that of the signal.
            """
    )

    @Argument(help: "The manifest: .yaml, .json, or .jsonl for JSON lines; - reads any of them from standard input.")
    var manifest: String

    @Flag(help: "Check the manifest and print what would run.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("Folder for outputs with relative paths. (default: the manifest's)", valueName: "folder")
    )
    var outputDirectory: String?

    @Flag(help: "Allow the manifest to name files outside its folder, also by absolute paths.")
    var allowAbsolutePaths = false

    @OptionGroup(title: "Budget") var budget: BudgetFlags
    @OptionGroup(title: "Running") var running: BatchRunFlags
    @OptionGroup var sandbox: SandboxFlags
    @OptionGroup(title: "Report") var reports: BatchReportFlags

    /// What is run, and within what.
    struct Job: Equatable {
        /// The manifest's name; `-` is standard input.
        let manifest: String
        /// Nothing is run: the commands are printed.
        let isDryRun: Bool
        /// The folder of outputs with relative paths; `nil` for the manifest's.
        let outputFolder: FilePath?
        /// The manifest may name files outside of its folder.
        let allowsAbsolutePaths: Bool
        /// Outputs are replaced that are not a batch's.
        let overwrite: Bool
        let options: BatchOptions
        let budget: RequestedBudget
    }

    /// Everything that the flags mean, decided without reading the manifest, the environment or the machine's size.
    func makeJob() -> Job {
        var options = BatchOptions()
        if case .atMost(let count) = budget.jobs { options.jobs = count }
        (options.failFast, options.retries, options.trust) = (running.failFast, running.retries, running.trust)
        options.timeout = running.timeout?.duration
        options.killAfter = running.killAfter?.duration ?? options.killAfter
        options.isSandboxed = !sandbox.noSandbox
        return Job(
            manifest: manifest,
            isDryRun: dryRun,
            outputFolder: outputDirectory.map { FilePath(spelled: $0) },
            allowsAbsolutePaths: allowAbsolutePaths,
            overwrite: running.overwrite,
            options: options,
            budget: budget.requested
        )
    }

    func run() throws {
        let job = makeJob()
        let budget = job.budget.resolved(Environment.variables)
        let result = Result { () throws(Failure) in try run(job, budget) }
        switch result {
        case .success(nil): return
        case .success(let failure?):
            // The report has been given in its place.
            if !reports.json { failure.print(asJSON: false, standardOutputIsFree: true) }
            throw ExitCode(failure.status)
        case .failure(let failure):
            if !job.isDryRun, failure.status != .usage { reports.write(notBegun: failure, job.shownManifest, budget) }
            failure.print(asJSON: reports.json, standardOutputIsFree: true)
            throw ExitCode(failure.status)
        }
    }

    private func run(_ job: Job, _ budget: ResourceBudget) throws(Failure) -> Failure? {
        // Its threads hold signals, which this one does not for now.
        let said = try CommandWords(level: reports.quiet ? .error : .warning)
        defer {
            said.endPrints()
            said.words.finish()
        }
        if !job.isDryRun { reports.replaceOlder(job.shownManifest, budget) }
        // No work has started yet, so a signal may end the process at once.
        cposix_release_signals()
        let (bytes, lock) = try ManifestFile.read(job.manifest)
        // The lock is the batch's for as long as its process lives.
        defer { withExtendedLifetime(lock) {} }
        var plan = try job.plan(bytes)
        for notice in plan.notices { said.logger.warning("\(notice)") }
        try reports.check(plan, manifest: job.manifest, overwrite: job.overwrite)
        try Failure.ofManifest { () throws(ManifestError) in try plan.fit(into: budget, slots: job.options.jobs) }
        guard !job.isDryRun else {
            try StandardOutput.write(DryRun(plan, job.options.trust, budget).text)
            return nil
        }
        cposix_hold_signals()
        if !lock.isHeld { throw .locked(job.manifest) }
        return try BatchSession(plan, job.options, budget, reports, manifest: job.shownManifest).run()
    }
}

extension BatchCommand.Job {
    /// What messages and reports call the manifest.
    fileprivate var shownManifest: String { ManifestFile.shown(manifest) }

    /// The manifest, checked.
    fileprivate func plan(_ bytes: [UInt8]) throws(Failure) -> BatchPlan {
        var options = BatchPlan.Options(workingFolder: Environment.workingFolder)
        (options.outputFolder, options.allowsAbsolutePaths) = (outputFolder, allowsAbsolutePaths)
        (options.overwrite, options.isSandboxed) = (overwrite, self.options.isSandboxed)
        if let path = Environment.variables["PATH"] { options.programPath = path }
        return try Failure.ofManifest { [options] () throws(ManifestError) in
            try BatchPlan(FilePath(spelled: manifest), bytes: bytes, command: EncodeJobCommand(), options: options)
        }
    }
}

extension Failure {
    fileprivate static func ofManifest<Value>(_ body: () throws(ManifestError) -> Value) throws(Failure) -> Value {
        do throws(ManifestError) { return try body() } catch { throw Failure(error) }
    }

    /// A manifest that is wrong, or that could not be checked.
    init(_ error: ManifestError) {
        let (status, name): (ExitStatus, _) =
            error.isShortage ? (.unavailable, "cannotCheck") : (.badManifest, "invalidManifest")
        self.init(status, name: name, message: "\(error)")
    }

    /// Another batch runs.
    static func locked(_ manifest: String) -> Failure {
        Failure(.temporary, name: "locked", message: "\(manifest) is being run by another batch")
    }
}
