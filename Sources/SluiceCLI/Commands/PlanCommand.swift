internal import ArgumentParser
internal import Sluice

struct PlanCommand: ParsableCommand {
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

    func run() throws {
        let isFree = destination != .standardOutput
        try exiting(reporting, standardOutputIsFree: isFree) { () throws(Failure) in
            let flags = try PlannedEncode(encode)
            try CommandSession(reporting, standardOutputIsFree: isFree).run { context throws(Failure) in
                var job = flags.job
                try flags.command.encoder.readFrameOptions(for: &job, context.interrupt)
                var parallel = ParallelOptions()
                parallel.segmentFrames = segmentFrames
                job.parallel = parallel
                return try Failure.asFailure { () throws(JobError) in try write(job, context) }
            }
        }
    }

    private func write(_ job: EncodeJob, _ context: EncodeJob.Context) throws(JobError) -> PlanResult {
        var places = FilePlaces()
        places.read(job)
        places.write(destination)
        try places.check()
        do throws(SinkError) {
            try ByteSink.checkAvailable(destination, overwrite: overwrite)
        } catch {
            throw .output(error)
        }
        let plan = try ShardPlan(job, arguments: encode, context)
        do throws(SinkError) {
            var sink = try ByteSink(opening: destination, overwrite: overwrite, temporaries: context.temporaries)
            try sink.write(plan.line)
            try sink.sync()
            try sink.publish()
        } catch {
            throw .output(error)
        }
        return PlanResult(plan, name: destination.name)
    }
}

/// What a plan has come to.
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

    var summary: String {
        let last = object.segments - 1
        return
            "\(object.plan): \(Quantity.count(object.frames, "frame")) in \(Quantity.count(object.segments, "segment")) of \(object.segmentFrames),"
            + " \(object.codec); now shard --index 0\(last > 0 ? " to \(last)" : ""), then join"
    }

    var line: [UInt8] { JSON.line(object) }
}
