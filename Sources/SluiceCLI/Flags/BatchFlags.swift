internal import ArgumentParser
internal import Batch
internal import CPosix
internal import Places

/// `auto`, or a number of jobs.
enum JobCount: Equatable, ExpressibleByArgument {
    case auto
    case atMost(Int)

    init?(argument: String) {
        if argument == "auto" {
            self = .auto
        } else if let count = Int(argument), count > 0 {
            self = .atMost(count)
        } else {
            return nil
        }
    }
}

/// A time: `90`, `90s`, `15m` or `2h`.
struct TimeLimit: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let factor = argument.last.flatMap { factors[$0] }
        guard let number = Double(factor == nil ? argument[...] : argument.dropLast()) else { return nil }
        let seconds = number * (factor ?? 1)
        guard seconds > 0, seconds <= 1e7 else { return nil }
        duration = .milliseconds(Int64((seconds * 1000).rounded(.up)))
    }
}

/// The budget that the jobs share.
struct BudgetFlags: ParsableArguments {
    @Option(
        help:
            "Maximum number of concurrent jobs; auto: as many as fit into the threads and the memory. (default: auto)",
        transform: expecting("auto, or a whole number, 1 or more")
    )
    var jobs = JobCount.auto

    @Option(
        help:
            "Threads for the encoders of all jobs. (default: the scheduler's, the cgroup's or the machine's)",
        transform: expecting("a whole number, 1 or more")
    )
    var threads: Int?

    @Option(
        help:
            "Memory for all jobs, by estimate. (default: the scheduler's, the cgroup's, or three quarters of the machine's)",
        transform: expecting("bytes, such as 512M or 16G")
    )
    var maxMemory: MemorySize?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads \(threads) leaves no thread to work") }
    }

    /// The requested budget.
    var requested: RequestedBudget { RequestedBudget(threads: threads, memory: maxMemory?.bytes) }
}

/// The budget that flags ask for; what they leave open is the process's own.
struct RequestedBudget: Equatable {
    let threads: Int?
    /// In bytes.
    let memory: Int?

    /// - Parameter variables: Those of the environment, in which schedulers store the limits of a process.
    func resolved(_ variables: [String: String]) -> ResourceBudget {
        var budget = ResourceBudget.ofThisProcess(environment: variables)
        if let threads { budget.threads = .init(threads, "--threads") }
        if let memory { budget.memory = .init(memory, "--max-memory") }
        return budget
    }
}

/// How the jobs are run.
struct BatchRunFlags: ParsableArguments {
    @Flag(help: "Stop the other jobs when one fails. (default: they continue)")
    var failFast = false

    @Option(
        help: "How often to retry a job after a temporary failure, waiting 1, 2, 4 … 60 seconds. (default: 0)",
        transform: expecting("a whole number, 0 or more")
    )
    var retries = 0

    @Option(
        help: ArgumentHelp(
            "Time limit of one attempt: 90, 90s, 15m or 2h. Then its processes get SIGTERM, and SIGKILL after --kill-after. (default: none)",
            valueName: "time"
        ),
        transform: expecting("a time, such as 90s, 15m or 2h")
    )
    var timeout: TimeLimit?

    @Option(
        help: ArgumentHelp(
            "Time for processes to exit, after --timeout or a second signal, before they are killed. (default: 20s)",
            valueName: "time"
        ),
        transform: expecting("a time, such as 2s or 1m")
    )
    var killAfter: TimeLimit?

    @Option(
        help:
            "How to detect finished outputs: by SHA-256 of inputs and output, or, faster, by sizes and times."
    )
    var trust = Trust.digest

    @Flag(help: "Also replace outputs that were not written by a batch.")
    var overwrite = false

    func validate() throws {
        guard (0...1000).contains(retries) else { throw ValidationError("--retries \(retries) is not in 0...1000") }
    }
}

/// The progress display and the reports of a batch.
struct BatchReportFlags: ParsableArguments {
    @Option(help: "Style of the progress display; auto: a live table on a terminal, plain lines elsewhere.")
    var progress = ProgressStyle.auto

    @Option(
        help: ArgumentHelp(
            "File descriptor for the progress. With --progress json, a descriptor other than 2 gets JSON lines only.",
            valueName: "n"
        ),
        transform: expecting("a whole number, 1 or more")
    )
    var progressFd: Int32 = 2

    @Flag(help: "Print the report, or the failure, as one JSON object on standard output.")
    var json = false

    @Flag(help: "Print errors only.")
    var quiet = false

    @Option(
        help: ArgumentHelp("Write the report to this file as JSON. An older report is replaced.", valueName: "file")
    )
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Write the report as JUnit XML, for a CI system. An older report is replaced.",
            valueName: "file"
        )
    )
    var junit: String?

    @Option(
        help: ArgumentHelp(
            "Write the report as a self-contained page, with the first frame of each output.",
            valueName: "file"
        )
    )
    var html: String?

    func validate() throws {
        try ProgressDescriptor.check(progressFd)
        guard progressFd != 1 || !json else {
            throw ValidationError("--progress-fd 1 and --json would both write to standard output")
        }
        let names = [report, junit, html].compactMap { $0 }
        guard !names.contains(where: { ["", "-"].contains($0) }) else { throw ValidationError("a report needs a file") }
        guard Set(names.map { Array($0.utf8) }).count == names.count else {
            throw ValidationError("two reports are written to the same file")
        }
    }

    /// Throws if a report cannot be written where it is to go, or would replace what the batch reads or writes.
    func check(_ plan: BatchPlan, manifest: String, overwrite: Bool) throws(Failure) {
        var places = FilePlaces()
        if manifest != "-" { places.read(FilePath(spelled: manifest), as: "the manifest") }
        for job in plan.jobs {
            for file in job.inputs { places.read(file.path, as: "an input of the job \(job.name)") }
            for file in job.writes { places.read(file.path, as: "an output of the job \(job.name)") }
        }
        let paths = [report, junit, html].compactMap(\.self).map { FilePath(spelled: $0) }
        for path in paths { places.write(.path(path)) }
        do throws(JobError) { try places.check() } catch { throw Failure(error) }
        for path in paths { try check(path, plan.jobs.flatMap(\.writes)) }
        for path in paths where !overwrite { try Self.checkReplaceable(path) }
    }

    /// An older report is replaced; any other file is kept.
    private static func checkReplaceable(_ path: FilePath) throws(Failure) {
        let reason = "is not a report of sluice (--overwrite replaces it)"
        guard ByteSink.regularFile(at: path) == nil || ReportFile.isReport(path) else {
            throw Failure(SinkError.isAnother(path, reason: reason))
        }
    }

    /// Folders that are not there yet are made for the jobs' outputs.
    private func check(_ report: FilePath, _ outputs: [BatchJob.File]) throws(Failure) {
        let absolute = FilePath.workingFolder.pushing(report).lexicallyNormalized()
        guard !outputs.contains(where: { $0.path == absolute }) else {
            throw .usage("\(report.spelled) is an output of a job; it cannot also be an output")
        }
        let folder = absolute.removingLastComponent()
        let isThere = FileIdentity(of: folder) != nil
        guard isThere || !outputs.contains(where: { $0.path.removingLastComponent().starts(with: folder) }) else {
            return
        }
        do throws(SinkError) {
            try ByteSink.checkAvailable(.path(report), .side, overwrite: true)
        } catch {
            throw Failure(error)
        }
    }
}
