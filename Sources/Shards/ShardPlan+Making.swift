internal import Encoders
public import Encoding
internal import Ingest
public import Jobs
internal import LibAV
internal import Logging
internal import Media
internal import Places
internal import SystemPackage
internal import Threading
internal import VideoTypes

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension ShardPlan {
    /// Plans a job: finds out what its input is, and reads it once for the digests of its segments.
    ///
    /// - Parameters:
    ///   - job: The job; its output's format counts, but not its place. ``Encoding/EncodeJob/parallel`` has the length of
    ///     segments.
    ///   - arguments: The arguments from which a worker rebuilds the job.
    ///   - context: Ends the reading early, and learns how far it is.
    @available(*, noasync, message: "blocks the calling thread")
    public init(_ job: EncodeJob, arguments: [String], _ context: EncodeJob.Context) throws(JobError) {
        try job.parallel?.check()
        let opened = try EncodeRun(job, context).openRanges()
        let frames = opened.file.shape.frames
        let segmentation = Segmentation(
            segmentFrames: job.parallel?.segmentFrames,
            keyFrameInterval: opened.plan.config.values.keyFrameInterval
        )
        for notice in opened.plan.notices { context.logger.warning("\(notice)") }
        try job.checkFrameOptions(frames: frames)
        guard case .path(let path) = job.input.origin else {
            throw .usage("a plan needs a file that every machine can read, not standard input")
        }
        let config = ConfigObject(opened.plan.config.values, encoder: opened.plan.backend.name)
        let digests = try Self.digests(opened.file, segmentation, context)
        self.init(
            job,
            arguments: arguments,
            config: config,
            input: Input(
                path: Self.absolute(path),
                frames: frames,
                start: opened.file.shape.start,
                header: opened.header,
                sha256: digests.whole
            ),
            segmentFrames: segmentation.segmentFrames,
            segments: zip(segmentation.segments(ofFrames: frames), digests.parts).map { segment, digest in
                Part(index: segment.index, firstFrame: segment.firstFrame, frames: segment.frames, sha256: digest)
            }
        )
    }

    /// Wherever a shard is encoded, it is not where the plan was made.
    private static func absolute(_ path: FilePath) -> String {
        path.isAbsolute ? path.spelled : FilePath.workingFolder.pushing(path).spelled
    }

    private static func digests(
        _ file: FileRanges,
        _ segmentation: Segmentation,
        _ context: EncodeJob.Context
    ) throws(JobError) -> (whole: String, parts: [String]) {
        let nobody = StageThreads(clock: StageClock(), count: 1)
        context.progress.begin(encoders: nobody, framerate: nil, knownFrames: file.shape.frames)
        let digests = SegmentDigests(file, segmentation, context)
        let parts = try digests.run(threads: context.cores())
        var whole = SHA256()
        for part in parts { whole.update(Array(part.utf8)) }
        return (whole.finish(), parts)
    }
}
