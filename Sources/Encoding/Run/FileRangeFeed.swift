internal import Audio
internal import Ingest
internal import Jobs

/// Each encoder reads its own parts of a file.
struct FileRangeFeed: FrameFeed {
    let run: EncodeRun
    let file: FileRanges
    let plan: EncodePlan
    let setup: SegmentSetup
    let audio: OutputAudio?
    var encoded = 0

    var waitingBytes: Int { setup.bounds.outputBytes }

    mutating func feed(_ stage: OutputStage) throws(JobError) {
        let (context, file) = (run.context, file)
        let encode = SegmentedEncode(run, plan, setup, stage)
        encode.begin(context.progress, readers: setup.workers, knownFrames: file.shape.frames)
        encoded = try encode.encode { intake throws(JobError) in
            for segment in setup.segmentation.segments(ofFrames: file.shape.frames) {
                guard !context.interrupt.isTriggered, intake(work(segment)) else { return }
            }
        }
        context.progress.addWorkingTime(of: encode.feeding)
        if !context.interrupt.isTriggered { try run.job.checkFrameOptions(frames: encoded) }
    }

    private func work(_ segment: Segment) -> SegmentWork {
        let (file, plan, bytesPerFrame) = (file, plan, file.shape.bytesPerFrame)
        let (selection, pictures, context) = (run.job.selection, setup.bounds.pictures, run.context)
        return SegmentWork(index: segment.index, frames: segment.frames) { encoder, deliver throws(JobError) in
            var frames = try file.reader(of: segment, plan, selection, pictures: pictures, context)
            let result = try encoder.encode(
                &frames,
                firstFrame: segment.firstFrame,
                bytesPerFrame: bytesPerFrame,
                deliver: deliver
            )
            _ = try frames.read()
            return result
        }
    }

    func read() -> ReadInput {
        let (shape, isWhole) = (file.shape, encoded == file.shape.frames)
        return ReadInput(
            frames: encoded,
            bytes: shape.start + encoded * shape.bytesPerFrame + (isWhole ? shape.droppedBytes : 0),
            droppedBytes: shape.droppedBytes,
            isInterrupted: run.context.interrupt.isTriggered && !isWhole
        )
    }
}
