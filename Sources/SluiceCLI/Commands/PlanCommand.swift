internal import ArgumentParser
internal import Sluice

struct PlanCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plans an encode for several machines: writes its segments and their digests to a file.",
        discussion: """
            The input is a file of raw frames or Y4M that every machine can read. All flags of encode that \
            control the encoding are accepted; --format is the format of the joined output.

              sluice plan in.yuv -s 1920x1080 -r 30 -p i420 --codec av1 --format mp4 -o plan.json
              sluice shard plan.json --index 0      # anywhere, for every index
              sluice join plan.json -o out.mp4
            """
    )

    @Option(name: [.short, .long], help: "The plan: a file, or - for standard output.")
    var output: String

    @Option(
        help: "Frames in a segment. (default: whole key frame intervals, 120 frames or more)",
        transform: expecting("a whole number, 1 or more")
    )
    var segmentFrames: Int?

    @Flag(help: "Replace an existing plan.")
    var overwrite = false

    @OptionGroup(title: "Reporting") var reporting: ReportingFlags

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("The input, and the flags of encode.", valueName: "input and flags of encode")
    )
    var encode: [String]

    func validate() throws {
        if let segmentFrames, !(1...1_000_000).contains(segmentFrames) {
            throw ValidationError("--segment-frames \(segmentFrames) is not in 1...1000000")
        }
    }

    private var destination: ByteSink.Destination { OutputFlags.destination(output) }

    var reports: SessionReports {
        var reports = SessionReports(reporting).writing(output)
        // Plans are text.
        reports.writesBinary = false
        return reports
    }

    func makeJob() throws(Failure) -> PlannedEncode {
        var planned = try PlannedEncode(encode)
        var parallel = ParallelOptions()
        parallel.segmentFrames = segmentFrames
        planned.job.parallel = parallel
        return planned
    }

    func run(_ planned: PlannedEncode, in session: CommandSession) throws(Failure) -> any CommandResult {
        var job = planned.job
        try planned.command.readFiles(of: &job, session.interrupt)
        return try Failure.asFailure { [job] () throws(JobError) in try write(job, session) }
    }

    private func write(_ job: EncodeJob, _ session: CommandSession) throws(JobError) -> PlanResult {
        var places = FilePlaces()
        places.read(job)
        places.write(destination)
        try places.check()
        do throws(SinkError) {
            try ByteSink.checkAvailable(destination, overwrite: overwrite)
        } catch {
            throw .output(error)
        }
        let plan = try ShardPlan(job, arguments: encode, session.encoding)
        do throws(SinkError) {
            var sink = try ByteSink(opening: destination, overwrite: overwrite, temporaries: session.temporaries)
            try sink.write(plan.line)
            try sink.sync()
            try sink.publish()
        } catch {
            throw .output(error)
        }
        return PlanResult(plan, name: destination.name)
    }
}

/// The result of `plan`.
private struct PlanResult: CommandResult {
    private struct Object: Encodable {
        let plan: String
        let digest: String
        let frames: Int
        let segmentFrames: Int
        let segments: Int
        let codec: String
    }

    private let object: Object

    init(_ plan: ShardPlan, name: String) {
        object = Object(
            plan: name,
            digest: plan.digest,
            frames: plan.input.frames,
            segmentFrames: plan.segmentFrames,
            segments: plan.segments.count,
            codec: plan.config.codec
        )
    }

    var text: ResultText {
        let last = object.segments - 1
        return .summary(
            "\(object.plan): \(Quantity.count(object.frames, "frame")) in \(Quantity.count(object.segments, "segment")) of \(object.segmentFrames),"
                + " \(object.codec); now shard --index 0\(last > 0 ? " to \(last)" : ""), then join"
        )
    }

    var line: [UInt8] { JSON.line(object) }
}
