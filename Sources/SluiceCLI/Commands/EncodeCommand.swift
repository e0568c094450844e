internal import ArgumentParser
internal import CPosix
internal import Places
internal import Sluice

struct EncodeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract:
            "Encodes raw frames, Y4M or coded video. The default command."
    )

    @OptionGroup(title: "Input") var input: InputFlags
    @OptionGroup(title: "Encoder") var encoder: EncoderFlags
    @OptionGroup(title: "Filters") var filters: FilterFlags
    @OptionGroup(title: "Picture and color") var picture: PictureFlags
    @OptionGroup(title: "Output") var output: OutputFlags
    @OptionGroup(title: "Output") var audio: AudioFlags
    @OptionGroup(title: "Metadata") var metadata: MetadataFlags
    @OptionGroup(title: "Running") var running: RunningFlags
    @OptionGroup var sandbox: SandboxFlags

    /// Reads flags from a file. Flags that print text instead of encoding, such as --help, are refused there: their text would
    /// be reported as an error.
    static func reading(_ arguments: [String]) throws(Failure) -> EncodeCommand {
        do {
            return try parse(arguments)
        } catch {
            guard exitCode(for: error) != .success else {
                throw .usage("--help and --version are not encodes")
            }
            throw .usage(message(for: error))
        }
    }

    /// Everything the flags mean, decided without opening a file, a codec or a clock.
    func makeJob() throws(Failure) -> EncodeJob {
        var job = EncodeJob(
            input: input.description,
            config: try encoder.config(for: output),
            output: try output.describe()
        )
        (job.filters, job.inputColor) = (try filters.filters(), filters.inputColor)
        job.otherInputs = job.filters.files.map { FilePath(spelled: $0) }
        job.picture = picture.picture
        job.color = picture.color
        picture.apply(to: &job.config)
        job.bounds = running.bounds
        job.parallel = running.parallelOptions
        job.verification = output.verification
        job.output.copiesAudio = audio.copyAudio
        job.output.metadata = metadata.options
        job.output.constantFramerate = picture.framerateOfOutput
        job.record = output.jobRecord
        // The digest would not be shown.
        job.output.hasDigest = running.reporting.json || output.receipt != nil
        return job
    }

    /// Reads what is in files besides the input.
    func readFiles(of job: inout EncodeJob, _ interrupt: Interrupt) throws(Failure) {
        try input.readFrameTimes(for: &job, interrupt)
        try encoder.readFrameOptions(for: &job, interrupt)
        try metadata.readChapters(for: &job, interrupt)
    }

    var reports: SessionReports {
        SessionReports(running.reporting)
            .writing(output.output, besides: output.description, output.chunks, output.receipt)
    }

    func run() throws {
        guard input.input != "-" || !cposix_is_terminal(0) else {
            writeWithoutStalling(Array((SluiceCommand.helpMessage() + "\n").utf8), to: .standardError)
            throw ExitCode(.usage as ExitStatus)
        }
        try runInSession()
    }

    /// An argument that is not a command is an input; one that is neither is most likely a misspelled command.
    func checkSurroundings() throws(Failure) {
        if output.output == nil, let failure = SluiceCommand.unknownCommand(input.input) { throw failure }
        guard running.reporting.progressFd != 1 || !output.usesStandardOutput else {
            throw .usage("--progress-fd 1 would write into the output")
        }
    }

    func confine(_ job: EncodeJob) -> SandboxState? {
        let others = [encoder.frameOptions, input.frameTimes, metadata.chapters]
        return sandbox.confine(job, others: others.map { $0.map { FilePath(spelled: $0) } })
    }

    func run(_ job: EncodeJob, in session: CommandSession) throws(Failure) -> any CommandResult {
        var job = job
        try readFiles(of: &job, session.interrupt)
        return try Failure.asFailure { [job] () throws(JobError) in try job.run(session.encoding) }
    }
}
