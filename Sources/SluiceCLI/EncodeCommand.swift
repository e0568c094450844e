internal import ArgumentParser
internal import CPosix
internal import Sluice

struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract:
            "Encodes raw frames, Y4M, or what is coded already. This is what sluice does when no command is named."
    )

    @OptionGroup(title: "Input") var input: InputFlags
    @OptionGroup(title: "Encoder") var encoder: EncoderFlags
    @OptionGroup(title: "Picture and color") var picture: PictureFlags
    @OptionGroup(title: "Output") var output: OutputFlags
    @OptionGroup(title: "Running") var running: RunningFlags

    /// Everything the flags mean, decided without opening a file, a codec or a clock.
    func makeJob() throws(Failure) -> EncodeJob {
        var job = EncodeJob(input: input.description, config: encoder.config, output: try output.describe())
        job.picture = picture.picture
        job.color = picture.color
        picture.apply(to: &job.config)
        job.bounds = running.bounds
        job.verification = output.verification
        job.record = output.jobRecord
        // Nobody would see it.
        job.output.hasDigest = running.json || output.receipt != nil
        return job
    }

    func run() throws {
        guard input.input != "-" || !cposix_is_terminal(0) else {
            writeWithoutStalling(Array((SluiceCommand.helpMessage() + "\n").utf8), to: .standardError)
            throw ExitCode(Failure.usageCode)
        }
        do throws(Failure) {
            try runJob()
        } catch {
            error.print(asJSON: running.json, standardOutputIsFree: !output.usesStandardOutput)
            throw ExitCode(error.code)
        }
    }

    /// What is no command is taken for an input; a word that is neither is most likely a command misspelled.
    private func refuseUnknownCommand() throws(Failure) {
        guard output.output == nil, let failure = SluiceCommand.unknownCommand(input.input) else { return }
        throw failure
    }

    private func runJob() throws(Failure) {
        try refuseUnknownCommand()
        let job = try makeJob()
        if job.output.destination == .standardOutput, cposix_is_terminal(1) {
            throw .usage("binary is not written to a terminal: --output FILE, or a pipe")
        }
        guard running.progressFd != 1 || !output.usesStandardOutput else {
            throw .usage("--progress-fd 1 would write into the output")
        }
        let session = EncodeSession(job, running, standardOutputIsFree: !output.usesStandardOutput)
        try session.run(frameOptions: encoder.frameOptions)
    }
}

/// One run of a job, with everything around it that makes a command of it.
private struct EncodeSession {
    private let job: EncodeJob
    private let flags: RunningFlags
    private let standardOutputIsFree: Bool

    init(_ job: EncodeJob, _ flags: RunningFlags, standardOutputIsFree: Bool) {
        (self.job, self.flags, self.standardOutputIsFree) = (job, flags, standardOutputIsFree)
    }

    func run(frameOptions: String?) throws(Failure) {
        let words = Diagnostics(.standardError)
        let progressWords = flags.progressFd == 2 ? words : Diagnostics(FileDescriptor(rawValue: flags.progressFd))
        let level = flags.quiet ? .error : flags.logLevel.level
        var context = EncodeJob.Context()
        context.fileAccess = .map
        context.logger = Logger(label: "sluice") { _ in DiagnosticsLogHandler(words, level: level) }
        let watch = SignalWatch(interrupt: context.interrupt, temporaries: context.temporaries)
        let reporter = ProgressReporter(flags, context.progress, progressWords)
        let result = encode(context, frameOptions)
        watch.finish()
        reporter?.stop()
        if case .success(let receipt) = result { report(receipt, to: words) } else { context.temporaries.removeAll() }
        words.finish()
        if progressWords !== words { progressWords.finish() }
        try end(result, watch.signal)
    }

    /// Signals are watched while the frame options are read as well: they may come from a pipe.
    private func encode(_ context: EncodeJob.Context, _ frameOptions: String?) -> Result<Receipt, Failure> {
        Result { () throws(Failure) in
            var job = job
            if let frameOptions {
                job.frameOptions = try FrameOptionsFile.read(
                    frameOptions,
                    for: try? CodecRequest(job.config.codec).codec,
                    interrupt: context.interrupt
                )
            }
            do throws(JobError) {
                return try job.run(context)
            } catch {
                throw Failure(error)
            }
        }
    }

    private func end(_ result: Result<Receipt, Failure>, _ signal: Int32?) throws(Failure) {
        let failure: Failure? = if case .failure(let error) = result { error } else { nil }
        if let signal {
            // What an input that was cut short looks like is no news; what went wrong with the output is.
            if let failure, failure.code == 74 {
                failure.print(asJSON: flags.json, standardOutputIsFree: standardOutputIsFree)
            }
            cposix_die_by_signal(signal)
        }
        if let failure { throw failure }
        guard case .success(let receipt) = result, flags.json else { return }
        guard standardOutputIsFree else { return writeWithoutStalling(receipt.line, to: .standardError) }
        do {
            try FileDescriptor.standardOutput.writeAll(receipt.line)
        } catch {
            throw Failure(
                code: 74,
                name: "writeFailed",
                message: "writing the result to standard output failed: \(error)"
            )
        }
    }

    private func report(_ receipt: Receipt, to words: Diagnostics) {
        guard !flags.quiet, !flags.json else { return }
        words.say("sluice: \(receipt.summary)")
    }
}
