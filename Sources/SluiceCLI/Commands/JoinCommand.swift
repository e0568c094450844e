internal import ArgumentParser
internal import CPosix
internal import Places
internal import Sluice
internal import SystemPackage

struct JoinCommand: ParsableCommand {
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
    @OptionGroup(title: "Reporting") var reporting: ReportingFlags
    @OptionGroup var sandbox: SandboxFlags

    @Option(
        help: ArgumentHelp(
            "Path of the input on this machine, for --verify, if it differs from the plan.",
            valueName: "file"
        )
    )
    var input: String?

    func run() throws {
        try exiting(reporting, standardOutputIsFree: !output.usesStandardOutput) { () throws(Failure) in
            let session = CommandSession(
                reporting,
                standardOutputIsFree: !output.usesStandardOutput,
                sandbox: confine()
            )
            try session.run { context throws(Failure) in
                let (plan, flags) = try PlannedEncode.read(self.plan, context.interrupt)
                let job = try joined(flags.job, plan)
                return try Failure.asFailure { () throws(JobError) in
                    try plan.join(job, from: place.folder(of: self.plan), context)
                }
            }
        }
    }

    /// Only what is verified is read by libavformat; shards are this program's own.
    private func confine() -> SandboxState {
        guard output.verification != nil, !sandbox.noSandbox else {
            return SandboxState(reason: sandbox.noSandbox ? "--no-sandbox" : "no media is read")
        }
        let source = input ?? (try? ShardPlan(opening: FilePath(spelled: plan)))?.input.path
        let outputs = [output.output, output.description, output.chunks, output.receipt]
        return sandbox.confine(
            reads: [FilePath(spelled: plan), place.folder(of: plan), source.map { FilePath(spelled: $0) }],
            writes: outputs.map { name in name.map(OutputFlags.destination) }
        )
    }

    private func joined(_ planned: EncodeJob, _ plan: ShardPlan) throws(Failure) -> EncodeJob {
        var job = planned
        var flags = output
        if let format = flags.format, format != planned.output.format {
            throw .usage("--format \(format.rawValue) is not what was planned, \(planned.output.format.rawValue)")
        }
        let named = flags.format == nil ? flags.formatOfName : nil
        guard named == nil || named == planned.output.format else {
            throw .usage(
                "\(flags.output ?? "") would be \(named?.rawValue ?? ""), and planned was \(planned.output.format.rawValue)"
            )
        }
        if let codec = try? CodecRequest(planned.config.codec).codec { try flags.checkName(is: codec) }
        flags.format = planned.output.format
        job.output = try flags.describe()
        job.output.fragment = output.fragment || planned.output.fragment
        job.output.hasDigest = reporting.json || output.receipt != nil
        if job.output.destination == .standardOutput, cposix_is_terminal(FileDescriptor.ownOutput.rawValue) {
            throw .usage("binary is not written to a terminal: --output FILE, or a pipe")
        }
        job.verification = output.verification
        job.input.origin = .path(FilePath(spelled: input ?? plan.input.path))
        job.otherInputs.append(FilePath(spelled: self.plan))
        return job
    }
}
