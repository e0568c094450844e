internal import ArgumentParser
internal import CPosix
internal import Places
internal import Sluice

struct ShardCommand: ParsableCommand {
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

    func run() throws {
        try exiting(reporting, standardOutputIsFree: true) { () throws(Failure) in
            let index = try resolvedIndex()
            let session = CommandSession(reporting, standardOutputIsFree: true, sandbox: .framesAlone)
            try session.run { context throws(Failure) in
                let (plan, flags) = try PlannedEncode.read(self.plan, context.interrupt)
                var job = flags.job
                job.input.origin = .path(FilePath(spelled: input ?? plan.input.path))
                if let maxMemory { job.bounds.maxBytes = maxMemory.bytes }
                let outcome = try Failure.asFailure { () throws(JobError) in
                    try plan.encodeShard(index, job, in: place.folder(of: self.plan), context)
                }
                return ShardResult(outcome)
            }
        }
    }

    private func resolvedIndex() throws(Failure) -> Int {
        guard index == "auto" else {
            guard let number = Int(index), number >= 0 else {
                throw .usage("--index \(index): expected auto, or a whole number, 0 or more")
            }
            return number
        }
        return try SchedulerIndex.current()
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

    var summary: String {
        "shard \(object.index): \(object.status), \(Quantity.count(object.frames, "frame")), \(object.bytes) bytes"
    }
    var line: [UInt8] { JSON.line(object) }
}
