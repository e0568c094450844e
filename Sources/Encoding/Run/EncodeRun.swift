internal import Filters
internal import Ingest
package import Jobs
internal import Media
internal import VideoTypes

/// One run of one job: the input is opened, the encode planned once, the encoders fed, and the output finished.
package struct EncodeRun {
    let job: EncodeJob
    let context: EncodeJob.Context
    let digest: InputDigest
    /// Kept for a verification whose source cannot be read again.
    let means: PlaneMeansLog
    /// What the user should know, logged and kept for the receipt.
    package let notices: Notices

    /// The input's file, as it was before it was read.
    let stamp: InputStamp?
    /// The plan that was made before the input was opened, where the job alone tells enough.
    private let early: EncodePlan?

    /// A run that has not started.
    ///
    /// - Parameters:
    ///   - job: The job.
    ///   - context: What it needs of its caller.
    ///   - plan: The plan, if it was made without the input. The default is `nil`.
    package init(_ job: EncodeJob, _ context: EncodeJob.Context, plan: EncodePlan? = nil) {
        early = plan
        stamp = InputStamp(job.input.origin)
        self.job = job
        self.context = context
        (digest, means, notices) = (InputDigest(), PlaneMeansLog(), Notices(context.logger))
    }

    /// The same run with a job for what filters made of the input.
    init(_ job: EncodeJob, after run: EncodeRun) {
        (self.job, context, early, stamp) = (job, run.context, nil, run.stamp)
        (digest, means, notices) = (run.digest, run.means, run.notices)
    }

    func run() throws(JobError) -> Receipt {
        if let pictures = try pictureSequence() { return try encodePictures(pictures) }
        var input = try openInput()
        return try isMedia(&input) ? encodeMedia(input) : encodeFrames(input)
    }

    /// The plan for one encoder, which is made once unless the input has a header that the job did not tell.
    func plan(_ described: InputHeader?) throws(JobError) -> EncodePlan {
        // What comes out of filters has none of it any more.
        guard job.inputColor.referenceWhite == nil else { throw ColorSteps.unusedWhite }
        if described == nil, let early { return early }
        return try EncodePlan(job, described: described, after: early)
    }

    /// Encodes raw frames or Y4M.
    private func encodeFrames(_ source: consuming ByteSource) throws(JobError) -> Receipt {
        try job.checkFrames()
        var input = source
        let header = try input.readY4MHeader(job.input.format)
        let described = header.map(InputHeader.init(_:))
        guard !job.hasFilters(nil) else { return try encodeFilteredFrames(input, described) }
        let plan = try plan(described)
        means.isKept = job.verification != nil && !EncodeVerification.canReadAgain(job.input.origin, input)
        // What has to be seen in order, for its digest, its means or another rate, is not read in parts.
        let isInOrder = job.input.hasDigest || means.isKept || plan.framerateIsConverted
        let shape = isInOrder ? nil : FileShape(input, plan.source, isY4M: header != nil, job.input.selection)
        let planned = try RunPlan(
            self,
            plan,
            described,
            frames: plan.outputFrames(ofInput: shape?.frames ?? job.input.selection.count),
            isFile: shape != nil,
            scratchBytes: plan.scratchBytes
        )
        if let shape, let setup = planned.segments {
            return try encode(
                FileRangeFeed(run: self, file: FileRanges(input, shape), plan: planned.plan, setup: setup)
            )
        }
        let reader = try makeReader(input, isY4M: header != nil, planned.plan, planned.pool)
        return try encode(reader, planned)
    }

    /// Encodes a stream of frames, which one thread reads.
    func encode<Frames: InputFrames & ~Copyable>(
        _ frames: consuming Frames,
        _ planned: RunPlan,
        audio: AudioCarriage? = nil
    ) throws(JobError) -> Receipt {
        guard planned.plan.framerateIsConverted, let rate = planned.plan.framerate else {
            return try feed(frames, planned, audio)
        }
        let converted = RateConvertedFrames(
            frames,
            rate,
            pool: planned.pool,
            clock: context.progress.ingestClock,
            knownFrameCount: planned.plan.outputFrames(
                ofInput: frames.knownFrameCount ?? job.input.selection.expected
            )
        )
        return try feed(converted, planned, audio)
    }

    private func feed<Frames: InputFrames & ~Copyable>(
        _ frames: consuming Frames,
        _ planned: RunPlan,
        _ audio: AudioCarriage?
    ) throws(JobError) -> Receipt {
        let plan = planned.plan
        switch planned.encoders {
        case .one(let bounds):
            return try encode(OneEncoder(run: self, frames: frames, plan: plan, bounds: bounds, audio: audio))
        case .segments(let setup):
            return try encode(QueuedSegments(run: self, frames: frames, plan: plan, setup: setup, audio: audio))
        }
    }

    /// Feeds the encoders, in whatever way, and gives the outputs their names.
    ///
    /// - Returns: The receipt, which is written as well if the job asks for it.
    /// - Throws: The first failure; then no output is left.
    package func encode<Feed: FrameFeed & ~Copyable>(_ feed: consuming Feed) throws(JobError) -> Receipt {
        var feed = feed
        let stage = try OutputStage(
            job.output,
            container: feed.plan.container(of: job),
            audio: feed.audio,
            maxBytes: feed.waitingBytes,
            temporaries: context.temporaries,
            progress: context.progress
        )
        do throws(JobError) {
            try asJobError { [plan = feed.plan] () throws(EncoderConfigError) in
                try TimeRules.checkLastDuration(job, plan.config, isFile: stage.unnamedFile != nil)
            }
            let verification = try EncodeVerification(self, feed.plan, stage)
            try feed.feed(stage)
            return try finish(stage, stage.drain(), feed.read(), feed.plan, verification)
        } catch {
            throw stage.abandon(after: error)
        }
    }

    private func finish(
        _ stage: OutputStage,
        _ written: OutputFiles.Summary,
        _ read: ReadInput,
        _ plan: EncodePlan,
        _ verification: EncodeVerification?
    ) throws(JobError) -> Receipt {
        // A growing file is valid if only its beginning was requested.
        if !read.isInterrupted, job.input.selection.count == nil { try stamp?.check() }
        guard written.chunks == read.frames else {
            throw .defect("\(read.frames) frames were read, but \(written.chunks) chunks written")
        }
        let limit = job.output.keepsOnlySmaller && !read.isInterrupted ? stamp?.size ?? read.bytes : nil
        let isKept = limit.map { written.bytes < $0 } ?? true
        // What is not kept is not looked at.
        let verified = read.isInterrupted || !isKept ? nil : try verification?.verify(written)
        // A signal during verification leaves the output unverified: usable, but not what was requested.
        let isUnverified = verification != nil && verified == nil && isKept
        let completion = Completion(
            run: self,
            isInterrupted: read.isInterrupted || isUnverified,
            limit: limit,
            isKept: isKept
        )
        let receipt = completion.receipt(read, written, plan, stage.carriedAudio, verified)
        try completion.publish(stage, receipt)
        return receipt
    }
}
