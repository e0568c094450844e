internal import Audio
internal import EncoderCore
internal import Encoders
internal import Ingest
internal import Jobs
internal import Media
internal import Threading
internal import VideoTypes

/// All frames go through one encoder.
struct OneEncoder<Frames: InputFrames & ~Copyable>: FrameFeed, ~Copyable {
    let run: EncodeRun
    var frames: Frames
    let plan: EncodePlan
    let bounds: ResolvedBounds
    let audio: OutputAudio?

    var waitingBytes: Int { bounds.chunkBytes }

    mutating func feed(_ stage: OutputStage) throws(JobError) {
        let encoder = VideoEncoder(queue: bounds.queue) { try stage.write($0) }
        try asJobError { [plan, run] () throws(EncoderError) in
            try encoder.configure(plan.backend.makeSetup(plan.config, run.context.logger))
        }
        let (job, context) = (run.job, run.context)
        context.progress.begin(
            encoders: StageThreads(clock: encoder.clock, count: 1),
            framerate: plan.framerate,
            knownFrames: frames.knownFrameCount ?? job.input.selection.expected
        )
        let count = try frames.giveAll(context.progress, run.means) { frame, number throws(JobError) in
            let options = job.frameOptions[number] ?? EncodeOptions()
            do throws(EncoderError) { try encoder.submit(frame, options: options) } catch { throw .encoder(error) }
            return true
        }
        if !frames.isInterrupted { try job.checkFrameOptions(frames: count) }
        try asJobError { () throws(EncoderError) in
            try encoder.flush()
            try encoder.close()
        }
    }

    func read() throws(JobError) -> ReadInput { try frames.read() }
}
