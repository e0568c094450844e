internal import ArgumentParser
internal import CPosix
internal import Places
internal import Sluice

struct ShardCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "shard",
        abstract: "Encodes one segment of a plan; does nothing if its shard is up to date.",
        discussion: """
            --index auto takes the index from the first of these variables that is set: SLURM_ARRAY_TASK_ID, \
            JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, CUE_IFRAME.
            """
    )

    @Argument(help: "The plan, as sluice plan wrote it.")
    var plan: String

    @Option(help: ArgumentHelp("Number of the segment, from 0; auto: from the scheduler.", valueName: "n|auto"))
    var index: String

    @OptionGroup var place: ShardPlaceFlags
    @OptionGroup(title: "Reporting") var reporting: ReportingFlags

    @Option(help: ArgumentHelp("Path of the input on this machine, if it differs from the plan.", valueName: "file"))
    var input: String?

    @Option(
        help: ArgumentHelp(
            "Maximum memory for pictures and chunks in flight, without the encoder's own. (default: as planned)"
        ),
        transform: expecting("bytes, such as 64M or 2G")
    )
    var maxMemory: MemorySize?

    var reports: SessionReports { SessionReports(reporting) }

    /// Which segment of which plan.
    struct Task: Equatable {
        let plan: FilePath
        let shards: FilePath
        /// The plan's own, if it is `nil`.
        let input: FilePath?
        /// The scheduler's, if it is `nil`.
        let index: Int?
        /// The plan's, if it is `nil`.
        let maxBytes: Int?
    }

    func makeJob() throws(Failure) -> Task {
        Task(
            plan: FilePath(spelled: plan),
            shards: place.folder(of: plan),
            input: input.map { FilePath(spelled: $0) },
            index: try givenIndex(),
            maxBytes: maxMemory?.bytes
        )
    }

    func confine(_ task: Task) -> SandboxState? { .framesAlone }

    func run(_ task: Task, in session: CommandSession) throws(Failure) -> any CommandResult {
        let index = if let index = task.index { index } else { try SchedulerIndex.current() }
        let (plan, flags) = try PlannedEncode.read(self.plan, session.interrupt)
        var job = flags.job
        job.input.origin = .path(task.input ?? FilePath(spelled: plan.input.path))
        if let maxBytes = task.maxBytes { job.bounds.maxBytes = maxBytes }
        return ShardResult(
            try Failure.asFailure { [job] () throws(JobError) in
                try plan.encodeShard(index, job, in: task.shards, session.encoding)
            }
        )
    }

    private func givenIndex() throws(Failure) -> Int? {
        guard index != "auto" else { return nil }
        guard let number = Int(index), number >= 0 else {
            throw .usage("--index \(index): expected auto, or a whole number, 0 or more")
        }
        return number
    }
}

/// The index that a scheduler gives to one of many tasks.
enum SchedulerIndex {
    /// Slurm, Kubernetes, AWS Batch, OpenCue.
    private static let names = [
        "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "CUE_IFRAME",
    ]

    static func current() throws(Failure) -> Int {
        let variables = Environment.variables
        for name in names {
            guard let text = variables[name], !text.isEmpty else { continue }
            guard let number = Int(text), number >= 0 else {
                throw .usage("--index auto: \(name) is \"\(text)\", not a whole number, 0 or more")
            }
            return number
        }
        throw .usage("--index auto: none of \(names.joined(separator: ", ")) is set")
    }
}

/// What has become of a shard.
private struct ShardResult: CommandResult {
    private struct Object: Encodable {
        let index: Int
        let status: String
        let frames: Int
        let bytes: Int
        let sha256: String
        let plan: String
    }

    private let object: Object

    init(_ outcome: ShardPlan.ShardOutcome) {
        let receipt = outcome.receipt
        object = Object(
            index: receipt.index,
            status: outcome.wasUpToDate ? "up to date" : "encoded",
            frames: receipt.frames,
            bytes: receipt.bytes,
            sha256: receipt.sha256,
            plan: receipt.plan
        )
    }

    var text: ResultText {
        .summary(
            "shard \(object.index): \(object.status), \(Quantity.count(object.frames, "frame")), \(object.bytes) bytes"
        )
    }
    var line: [UInt8] { JSON.line(object) }
}
