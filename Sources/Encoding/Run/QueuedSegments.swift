internal import Audio
internal import Ingest
internal import Jobs
internal import Media

/// One thread reads a stream, and cuts it into segments for the encoders.
struct QueuedSegments<Frames: InputFrames & ~Copyable>: FrameFeed, ~Copyable {
    let run: EncodeRun
    var frames: Frames
    let plan: EncodePlan
    let setup: SegmentSetup
    let audio: OutputAudio?
    /// After an interrupt, not everything that was read was encoded.
    var interruptedAfter: Int?

    var waitingBytes: Int { setup.bounds.outputBytes }

    mutating func feed(_ stage: OutputStage) throws(JobError) {
        let encode = SegmentedEncode(run, plan, setup, stage)
        let knownFrames = frames.knownFrameCount ?? run.job.input.selection.expected
        encode.begin(run.context.progress, readers: 1, knownFrames: knownFrames)
        let encoded = try encode.encode { intake throws(JobError) in try cut(into: intake) }
        if frames.isInterrupted { interruptedAfter = encoded } else { try run.job.checkFrameOptions(frames: encoded) }
    }

    private mutating func cut(into intake: @escaping SegmentIntake) throws(JobError) {
        var cutter = SegmentCutter(setup.segmentation, run.context.interrupt, intake)
        var isTaken = true
        _ = try frames.giveAll(run.context.progress, run.means) { frame, _ throws(JobError) in
            isTaken = cutter.add(frame)
            return isTaken
        }
        if isTaken { cutter.finish() }
    }

    func read() throws(JobError) -> ReadInput {
        var read = try frames.read()
        read.isInterrupted = interruptedAfter != nil
        read.frames = interruptedAfter ?? read.frames
        return read
    }
}

extension SegmentedEncode {
    /// The encoders of a run, whose chunks go to its output.
    convenience init(_ run: EncodeRun, _ plan: EncodePlan, _ setup: SegmentSetup, _ stage: OutputStage) {
        let encoder = SegmentEncoder(plan, run.job, run.context, queue: setup.bounds.queue)
        self.init(encoder, setup, interrupt: run.context.interrupt) { try stage.write($0) }
    }
}
