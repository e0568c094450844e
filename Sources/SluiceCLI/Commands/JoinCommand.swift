internal import ArgumentParser
internal import Places
internal import Sluice

struct JoinCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Joins the shards of a plan, into the same bytes as encode --parallel on one machine.",
        discussion: """
            Every shard must be present, match the digest in its receipt, begin with a key frame, have a chunk for each frame, \
            and have the same parameter sets as the others. Otherwise nothing is written.
            """
    )

    @Argument(help: "The plan, as sluice plan wrote it.")
    var plan: String

    @OptionGroup var place: ShardPlaceFlags
    @OptionGroup(title: "Output") var output: OutputFlags
    @OptionGroup(title: "Metadata") var metadata: MetadataFlags
    @OptionGroup(title: "Reporting") var reporting: ReportingFlags
    @OptionGroup var sandbox: SandboxFlags

    @Option(
        help: ArgumentHelp(
            "Path of the input on this machine, for --verify, if it differs from the plan.",
            valueName: "file"
        )
    )
    var input: String?

    var reports: SessionReports {
        SessionReports(reporting).writing(output.output, besides: output.description, output.chunks, output.receipt)
    }

    /// Which shards of which plan.
    struct Task: Equatable {
        let plan: FilePath
        let shards: FilePath
        /// The plan's own, if it is `nil`.
        let input: FilePath?
    }

    func makeJob() -> Task {
        Task(
            plan: FilePath(spelled: plan),
            shards: place.folder(of: plan),
            input: input.map { FilePath(spelled: $0) }
        )
    }

    /// Only what is verified is read by libavformat; shards are this program's own.
    func confine(_ task: Task) -> SandboxState? {
        guard output.verification != nil, !sandbox.noSandbox else {
            return SandboxState(reason: sandbox.noSandbox ? "--no-sandbox" : "no media is read")
        }
        let source = task.input ?? (try? ShardPlan(opening: task.plan)).map { FilePath(spelled: $0.input.path) }
        let outputs = [output.output, output.description, output.chunks, output.receipt]
        return sandbox.confine(
            reads: [task.plan, task.shards, source, metadata.chapters.map { FilePath(spelled: $0) }],
            writes: outputs.map { name in name.map(OutputFlags.destination) }
        )
    }

    func run(_ task: Task, in session: CommandSession) throws(Failure) -> any CommandResult {
        let (plan, flags) = try PlannedEncode.read(self.plan, session.interrupt)
        var job = try joined(flags.job, plan)
        try metadata.readChapters(for: &job, session.interrupt)
        return try Failure.asFailure { [job] () throws(JobError) in
            try plan.join(job, from: task.shards, session.encoding)
        }
    }

    /// The planned job, with the join's own outputs.
    func joined(_ planned: EncodeJob, _ plan: ShardPlan) throws(Failure) -> EncodeJob {
        var job = planned
        var flags = output
        if let format = flags.format, format != planned.output.format {
            throw .usage("--format \(format.rawValue) is not the format of the plan, \(planned.output.format.rawValue)")
        }
        let named = flags.format == nil ? flags.formatOfName : nil
        guard named == nil || named == planned.output.format else {
            throw .usage(
                "\(flags.output ?? "") is a name for \(named?.rawValue ?? ""), but the plan has \(planned.output.format.rawValue)"
            )
        }
        if let codec = try? CodecRequest(planned.config.codec).codec { try flags.checkName(is: codec) }
        flags.format = planned.output.format
        job.output = try flags.describe()
        job.output.fragment = output.fragment || planned.output.fragment
        job.output.indexAtEnd = output.indexAtEnd || planned.output.indexAtEnd
        job.output.hasDigest = reporting.json || output.receipt != nil
        job.output.metadata = metadata.options
        job.verification = output.verification
        job.input.origin = .path(FilePath(spelled: input ?? plan.input.path))
        job.otherInputs.append(FilePath(spelled: self.plan))
        return job
    }
}
