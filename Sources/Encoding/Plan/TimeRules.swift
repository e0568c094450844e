internal import Containers
internal import Ingest
internal import Jobs
internal import Media
internal import VideoTypes

/// What an output can store of times that the job states.
enum TimeRules {
    /// Throws for listed times and a last duration that the output cannot store.
    ///
    /// - Parameter schedule: The times of frames without times of their own.
    static func check(
        _ job: EncodeJob,
        _ config: ValidatedEncoderConfig,
        _ schedule: FrameSchedule?
    ) throws(EncoderConfigError) {
        // Frames at a constant rate are where that rate has them.
        guard job.output.constantFramerate == nil else { return }
        let (output, format) = (job.output, job.output.format)
        try checkLastDuration(job, config, isFile: output.destination != .standardOutput)
        guard job.input.frameTimes != nil else { return }
        if output.chunks == nil, !format.hasTimes {
            let places = "use \(OutputFormat.names(or: "\(Setting.chunks)", where: \.hasTimes))"
            throw .unsupported("\(format.name) does not store times (\(places), or \(Setting.framerateOfOutput))")
        }
        guard format.tick > 1, let collision = schedule?.firstCollision(tick: format.tick) else { return }
        let others = OutputFormat.names { $0.isContainer && $0.tick == 1 }
        throw .unsupported(
            "\(format.name) stores milliseconds, and frame \(collision.frame) is only \(collision.distance) µs after"
                + " the previous frame (use \(others), which stores microseconds)"
        )
    }

    /// A frame of MP4 lasts no longer: its duration has 31 bits, in units of which a second has thousands.
    private static let longestSeconds = 10_000

    /// Throws for a rate whose frames last longer than the output can store.
    static func check(_ framerate: FrameRate?, _ output: OutputDescription) throws(EncoderConfigError) {
        guard let framerate, output.format.container?.layout == .isoBoxes,
            framerate.denominator / framerate.numerator >= longestSeconds
        else { return }
        let setting = output.constantFramerate == nil ? Setting.framerate : .framerateOfOutput
        throw .unsupported(
            "\(setting) \(framerate): \(output.format.name) does not store frames that last \(longestSeconds) s or more (use mkv, or a higher rate)"
        )
    }

    /// Throws for a last duration that the output cannot store.
    ///
    /// - Parameter isFile: What is written can be replaced.
    static func checkLastDuration(
        _ job: EncodeJob,
        _ config: ValidatedEncoderConfig,
        isFile: Bool
    ) throws(EncoderConfigError) {
        let (output, format) = (job.output, job.output.format)
        guard let duration = job.input.durationOfLast, output.chunks == nil, output.constantFramerate == nil else {
            return
        }
        let places = OutputFormat.names(or: "\(Setting.chunks)", where: \.isContainer)
        guard let container = format.container else {
            throw .unsupported("\(format.name) cannot store how long the last frame is shown (use \(places))")
        }
        guard duration >= format.tick else {
            throw .unsupported(
                "\(format.name) stores milliseconds, and \(Setting.durationOfLast) is only \(duration) µs (use 0.001 s or more)"
            )
        }
        // Matroska has a duration in its first bytes only; fragments of MP4 have that of the last frame that is decoded.
        let reorders = [.h264, .hevc].contains(config.codec.codec) && config.values.latencyMode == .quality
        let isStored = container.layout == .matroska ? isFile : (isFile && !output.fragment) || !reorders
        guard !isStored else { return }
        let form = container.layout == .matroska ? format.name : "\(format.name) in fragments, with B-frames,"
        throw .unsupported(
            "\(form) stores how long the last frame is shown only in a file of its own (use \(Setting.destination) out.mp4 without \(Setting.fragment), or \(Setting.chunks))"
        )
    }
}

extension InputDescription {
    /// Raw frames are described: nothing has to be read to plan their encode.
    var isDescribed: Bool {
        size != nil && pixelFormat != nil && (framerate != nil || frameTimes != nil)
    }
}

extension EncodeJob {
    /// Throws for settings about times that contradict each other.
    func checkTimes() throws(JobError) {
        guard output.constantFramerate == nil || frameOptions.isEmpty else {
            throw .usage(
                "\(Setting.framerateOfOutput) drops and repeats frames, so \(Setting.frameOptions) cannot name them"
            )
        }
        if let duration = input.durationOfLast, duration < 1 || MediaTime.outOfBounds(duration) != nil {
            throw .usage("\(Setting.durationOfLast): \(duration) µs is not a duration")
        }
    }

    /// What is known of a stream, with the times that the job lists instead of its own.
    func described(_ header: InputHeader) -> InputHeader {
        guard input.frameTimes != nil, let schedule = EncodePlan.schedule(self, header, nil) else { return header }
        var described = header
        let rates = EncodePlan.rates(schedule)
        described.framerate = nil
        (described.averageFramerate, described.highestFramerate) = (rates?.average, rates?.highest)
        return described
    }

    /// Throws if frames of media come at a constant rate, and one is to be shown for another time.
    func checkLastDuration(_ plan: EncodePlan) throws(JobError) {
        guard input.durationOfLast != nil, let rate = plan.sourceRate else { return }
        throw .usage(
            "\(Setting.durationOfLast) is for variable frame times, but \(input.origin.name) has a constant \(rate) fps"
                + " (use \(Setting.variableRate))"
        )
    }
}
