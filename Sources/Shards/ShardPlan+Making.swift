internal import Bitstream
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
        let run = EncodeRun(job, context)
        let opened = try run.openPlanned()
        let segmentation = Segmentation(
            segmentFrames: job.parallel?.segmentFrames,
            keyFrameInterval: opened.plan.config.values.keyFrameInterval
        )
        for notice in opened.plan.notices { context.logger.warning("\(notice)") }
        if let unused = job.frameOptions.keys.filter({ $0 >= opened.shape.frames }).min() {
            throw .unusedFrameOptions(frame: unused, frames: opened.shape.frames)
        }
        guard case .path(let path) = job.input.origin else {
            throw .usage("a plan needs a file that every machine can read, not standard input")
        }
        let config = ConfigObject(opened.plan.config.values, encoder: opened.plan.backend.name)
        let (header, shape) = (opened.header?.line, opened.shape)
        let digests = try Self.digests(opened, segmentation, context)
        self.init(
            job,
            arguments: arguments,
            config: config,
            input: Input(
                path: Self.absolute(path),
                frames: shape.frames,
                start: shape.start,
                header: header,
                sha256: digests.whole
            ),
            segmentFrames: segmentation.segmentFrames,
            segments: zip(segmentation.segments(ofFrames: shape.frames), digests.parts).map { segment, digest in
                Part(index: segment.index, firstFrame: segment.firstFrame, frames: segment.frames, sha256: digest)
            }
        )
    }

    /// Wherever a shard is encoded, it is not where the plan was made.
    private static func absolute(_ path: FilePath) -> String {
        path.isAbsolute ? path.spelled : FilePath.workingFolder.pushing(path).spelled
    }

    private static func digests(
        _ opened: consuming PlannedInput,
        _ segmentation: Segmentation,
        _ context: EncodeJob.Context
    ) throws(JobError) -> (whole: String, parts: [String]) {
        let shape = opened.shape
        let nobody = StageThreads(clock: StageClock(), count: 1)
        context.progress.begin(encoders: nobody, framerate: nil, knownFrames: shape.frames)
        let digests = SegmentDigests(opened.takeInput(), shape, segmentation, context)
        let parts = try digests.run(threads: context.cores())
        var whole = SHA256()
        for part in parts { whole.update(Array(part.utf8)) }
        return (whole.finish(), parts)
    }
}

/// An input of which parts can be read, and its encode.
struct PlannedInput: ~Copyable {
    private let input: ByteSource
    let header: (line: String, parsed: Y4MHeader)?
    let shape: FileShape
    let plan: EncodePlan

    init(
        _ input: consuming ByteSource,
        _ header: (line: String, parsed: Y4MHeader)?,
        _ shape: FileShape,
        _ plan: EncodePlan
    ) {
        self.input = input
        (self.header, self.shape, self.plan) = (header, shape, plan)
    }

    consuming func takeInput() -> ByteSource { input }
}

extension EncodeRun {
    /// Opens an input whose parts will be encoded separately.
    func openPlanned() throws(JobError) -> PlannedInput {
        var input = try openInput()
        guard try !isMedia(&input) else {
            throw .config(
                .unsupported(
                    "\(input.name) is coded, so its frames cannot be read one by one: decode it to raw frames or Y4M"
                )
            )
        }
        guard input.length != nil else {
            throw .usage("a plan needs a file that every machine can read, unlike \(input.name)")
        }
        let line = try headerLine(&input)
        let header = try readHeader(&input)
        let plan = try segmentPlan(header.map(InputHeader.init(_:)))
        let parsed = header.flatMap { header in line.map { (line: $0, parsed: header) } }
        guard let shape = FileShape(input, plan.source, isY4M: header != nil, job.input.selection) else {
            throw try reasonAgainst(input, isY4M: header != nil, plan)
        }
        return PlannedInput(input, parsed, shape, plan)
    }

    /// A Y4M file's first line, which is not read yet.
    private func headerLine(_ input: inout ByteSource) throws(JobError) -> String? {
        let start = try asJobError { () throws(IngestError) in try input.peek(Y4MHeader.maxLength) }
        guard start.starts(with: Y4MHeader.magic), let end = start.firstIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        return String(decoding: start[..<end], as: UTF8.self)
    }

    /// What is wrong with a file: reading it frame by frame finds out where.
    private func reasonAgainst(_ input: consuming ByteSource, isY4M: Bool, _ plan: EncodePlan) throws(JobError)
        -> JobError
    {
        let name = input.name
        var reader = try makeReader(input, isY4M: isY4M, plan, pictures: 1)
        try reader.skipAll()
        while try reader.nextFrame() != nil {}
        return .config(.unsupported("\(name) has frames with parameters, so their positions are not fixed"))
    }
}
