internal import EncoderCore
internal import Encoders
package import Ingest
package import Jobs
internal import Media
internal import Threading
internal import VideoTypes

/// One run of one job.
package struct EncodeRun {
    package let job: EncodeJob
    package let context: EncodeJob.Context
    package let digest = InputDigest()
    /// Kept for a verification whose source cannot be read again.
    let means = PlaneMeansLog()
    package let notices: Notices

    private let stamp: InputStamp?
    /// The plan that was made before the input was opened, where the job alone tells enough.
    private let early: EncodePlan?

    package init(_ job: EncodeJob, _ context: EncodeJob.Context, plan: EncodePlan? = nil) {
        early = plan
        stamp = InputStamp(job.input.origin)
        self.job = job
        self.context = context
        notices = Notices(context.logger)
    }

    package func run() throws(JobError) -> Receipt {
        var input = try openInput()
        return try isMedia(&input) ? runMedia(input) : runRaw(input)
    }

    /// The plan of the encode, which is made once unless the input has a header that the job did not tell.
    func plan(_ described: InputHeader?) throws(JobError) -> EncodePlan {
        if described == nil, let early { return early }
        return try EncodePlan(job, described: described, after: early)
    }

    private func runRaw(_ source: consuming ByteSource) throws(JobError) -> Receipt {
        try job.checkFrames()
        var input = source
        let header = try readHeader(&input)
        let described = header.map(InputHeader.init(_:))
        var plan = try plan(described)
        means.isKept = job.verification != nil && !Self.isReadableAgain(job.input.origin, input)
        // What has to be seen in order, for its digest or its means, is not read in parts.
        let isInOrder = job.input.hasDigest || means.isKept
        let shape = isInOrder ? nil : FileShape(input, plan.source, isY4M: header != nil, job.input.selection)
        let known = shape?.frames ?? job.input.selection.count
        guard let setup = try segmentSetup(&plan, described, frames: known, isFile: shape != nil) else {
            let scratchBytes = PictureReader.scratchBytes(source: plan.source, conversion: plan.conversion)
            let bounds = try bounds(plan, scratchBytes: scratchBytes)
            let reader = try makeReader(input, isY4M: header != nil, plan, pictures: bounds.pictures)
            return try run(reader, plan, bounds)
        }
        if let shape { return try run(FileRanges(input, shape), plan, setup) }
        let reader = try makeReader(input, isY4M: header != nil, plan, pictures: setup.bounds.pictures)
        return try run(reader, plan, setup)
    }

    /// Throws if the input file has changed, unless only its first frames are read and it grew.
    func checkUnchanged() throws(JobError) {
        guard job.input.selection.count == nil else { return }
        try stamp?.check()
    }

    package func makeReader(
        _ input: consuming ByteSource,
        isY4M: Bool,
        _ plan: EncodePlan,
        pictures: Int
    ) throws(JobError) -> FrameReader {
        guard let framerate = plan.framerate else { throw .defect("raw frames without a rate") }
        let reader = FrameReader(
            input: input,
            source: plan.source,
            isY4M: isY4M,
            conversion: plan.conversion,
            selection: job.selection,
            framerate: framerate,
            pool: PicturePool(layout: plan.target, capacity: pictures),
            clock: context.progress.ingestClock
        )
        try asJobError { () throws(IngestError) in try reader.checkLength() }
        return reader
    }

    package func bounds(_ plan: EncodePlan, scratchBytes: Int) throws(JobError) -> ResolvedBounds {
        plan.notices.forEach(notices.add)
        let pictureBytes = plan.target.byteCount
        let bounds = try ResolvedBounds(job.bounds, pictureBytes: pictureBytes, scratchBytes: scratchBytes)
        // The chunks' share is seldom used; the pictures fill up.
        try MemoryModel(plan).least(inFlight: bounds.pictures * pictureBytes + scratchBytes).check()
        return bounds
    }

    /// Encodes all frames, and gives the outputs their names.
    package func run<Frames: InputFrames & ~Copyable>(
        _ frames: consuming Frames,
        _ plan: EncodePlan,
        _ bounds: ResolvedBounds,
        audio: AudioCarriage? = nil
    ) throws(JobError) -> Receipt {
        let stage = try OutputStage(
            job.output,
            container: plan.container(fragment: job.output.fragment),
            audio: audio,
            maxBytes: bounds.chunkBytes,
            temporaries: context.temporaries,
            progress: context.progress
        )
        do throws(JobError) {
            try checkVerifiable(stage)
            let encoder = VideoEncoder(queue: bounds.queue) { try stage.write($0) }
            try encode(&frames, with: encoder, plan, stage)
            return try complete(frames, stage, plan)
        } catch {
            stage.abandon()
            // The output that has to do without it cannot express what is wrong with the audio.
            throw audio?.failure ?? error
        }
    }

    private func encode<Frames: InputFrames & ~Copyable>(
        _ reader: inout Frames,
        with encoder: VideoEncoder,
        _ plan: EncodePlan,
        _ stage: OutputStage
    ) throws(JobError) {
        do throws(EncoderError) {
            try encoder.configure(plan.backend.makeSetup(plan.config, context.logger))
        } catch {
            throw .encoder(error)
        }
        context.progress.begin(
            encoders: StageThreads(clock: encoder.clock, count: 1),
            framerate: plan.framerate,
            knownFrames: reader.knownFrameCount ?? job.input.selection.expected
        )
        let start = ContinuousClock.now
        defer { addWorkingTime(of: start.duration(to: .now)) }
        do throws(JobError) {
            try pump(&reader, into: encoder)
        } catch {
            // A failing output makes the encoder fail as well; the output's own error is the first one.
            if let failure = stage.firstFailure { throw .output(failure) }
            throw error
        }
    }

    private func pump<Frames: InputFrames & ~Copyable>(
        _ reader: inout Frames,
        into encoder: VideoEncoder
    ) throws(JobError) {
        try reader.skipAll()
        var number = 0
        while let frame = try reader.nextFrame() {
            means.add(frame)
            let options = job.frameOptions[number] ?? EncodeOptions()
            try submit(frame, options, to: encoder)
            number += 1
            context.progress.didRead(frames: number, bytes: reader.byteCount)
        }
        if !reader.isInterrupted, let unused = job.frameOptions.keys.filter({ $0 >= number }).min() {
            throw .unusedFrameOptions(frame: unused, frames: number)
        }
        try asJobError { () throws(EncoderError) in
            try encoder.flush()
            try encoder.close()
        }
    }

    private func submit(
        _ frame: consuming VideoFrame,
        _ options: EncodeOptions,
        to encoder: VideoEncoder
    ) throws(JobError) {
        let start = ContinuousClock.now
        defer { context.progress.ingestClock.add(start.duration(to: .now), to: .waitingForOutput) }
        do throws(EncoderError) {
            try encoder.submit(frame, options: options)
        } catch {
            throw .encoder(error)
        }
    }

    /// The reader works whenever it does not wait.
    func addWorkingTime(of total: Duration) {
        let clock = context.progress.ingestClock
        let waited = clock.seconds(.waitingForInput) + clock.seconds(.waitingForOutput)
        clock.add(max(.zero, total - .seconds(waited)), to: .working)
    }
}
