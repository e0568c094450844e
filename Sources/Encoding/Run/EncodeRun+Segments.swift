internal import Ingest
package import Jobs
package import Media
package import Threading
internal import VideoTypes

// An encode whose segments are encoded side by side.
extension EncodeRun {
    /// How the encode is spread over the machine's cores; `nil` where one encoder does it all.
    ///
    /// - Parameters:
    ///   - plan: The plan of the encode; with segments, it becomes the plan for them.
    ///   - described: The header of the input.
    ///   - frames: How many frames there will be, if that is known.
    ///   - isFile: Each encoder can read its own part.
    func segmentSetup(
        _ plan: inout EncodePlan,
        _ described: InputHeader?,
        frames: Int?,
        isFile: Bool
    ) throws(JobError) -> SegmentSetup? {
        guard let options = job.parallel else { return nil }
        let input = ParallelChoice.Input(
            plan,
            frames: frames,
            isFile: isFile,
            bounds: job.bounds,
            cores: context.cores()
        )
        let choice = try ParallelChoice(options, input)
        defer { if options.workers == .auto { plan.notices.append(choice.notice) } }
        guard case .segments(let setup) = choice else { return nil }
        plan = try segmentPlan(described, after: plan)
        return setup
    }

    /// The plan for segments: every one is encoded alike, on whatever machine and however many at a time.
    package func segmentPlan(
        _ described: InputHeader?,
        after earlier: EncodePlan? = nil
    ) throws(JobError) -> EncodePlan {
        var segment = job
        segment.config.threads = job.config.threads ?? 1
        segment.config.isSegment = true
        var plan = try EncodePlan(segment, described: described, after: earlier)
        plan.countsMicroseconds = earlier?.countsMicroseconds ?? plan.countsMicroseconds
        guard plan.framerate != nil else {
            throw .config(
                .unsupported("input with variable frame times cannot be split into segments: omit \(Setting.parallel)")
            )
        }
        return plan
    }

    /// Encodes parts of a file, each read where it is.
    package func run(_ file: FileRanges, _ plan: EncodePlan, _ setup: SegmentSetup) throws(JobError) -> Receipt {
        let stage = try makeStage(plan, maxBytes: setup.bounds.outputBytes)
        return try finishing(stage) { clock throws(JobError) in
            let encode = encoders(plan, setup, stage, clock, bytesPerFrame: file.bytesPerFrame) {
                [job, context] segment throws(JobError) in
                try file.reader(of: segment, plan, job.selection, pictures: setup.bounds.pictures, context)
            }
            begin(plan, clock, encoders: setup.workers, readers: setup.workers, knownFrames: file.frames)
            let encoded = try encode.run { intake throws(JobError) in
                for segment in setup.segmentation.segments(ofFrames: file.frames) {
                    guard !context.interrupt.isTriggered, intake.send(.range(segment)) else { return }
                }
            }
            addWorkingTime(of: encode.feeding)
            try checkFrameOptions(frames: encoded)
            return try complete(file.read(encoded, context.interrupt), stage, plan)
        }
    }

    /// Encodes a stream, which one thread reads for all.
    package func run<Frames: InputFrames & ~Copyable>(
        _ frames: consuming Frames,
        _ plan: EncodePlan,
        _ setup: SegmentSetup,
        audio: AudioCarriage? = nil
    ) throws(JobError) -> Receipt {
        let stage = try makeStage(plan, audio, maxBytes: setup.bounds.outputBytes)
        return try finishing(stage, audio) { clock throws(JobError) in
            let encode = encoders(plan, setup, stage, clock, bytesPerFrame: nil) { _ throws(JobError) in
                throw .defect("a stream has no parts to open")
            }
            let frameCount = frames.knownFrameCount ?? job.input.selection.expected
            begin(plan, clock, encoders: setup.workers, readers: 1, knownFrames: frameCount)
            let encoded = try encode.run { intake throws(JobError) in
                try distribute(&frames, SegmentFeed(setup.segmentation, context.interrupt, intake))
            }
            try checkFrameOptions(frames: encoded)
            let read = SegmentedInput(frames, encodedFrames: encoded)
            try frames.checkAllThere()
            return try complete(read, stage, plan)
        }
    }

    /// Reads all frames, and hands them to the encoders of their segments.
    private func distribute<Frames: InputFrames & ~Copyable>(
        _ frames: inout Frames,
        _ feed: consuming SegmentFeed
    ) throws(JobError) {
        var feed = feed
        let start = ContinuousClock.now
        defer { addWorkingTime(of: start.duration(to: .now)) }
        try frames.skipAll()
        var number = 0
        while let frame = try frames.nextFrame() {
            means.add(frame)
            let submitted = ContinuousClock.now
            let isTaken = feed.add(frame)
            context.progress.ingestClock.add(submitted.duration(to: .now), to: .waitingForOutput)
            guard isTaken else { return }
            number += 1
            context.progress.didRead(frames: number, bytes: frames.byteCount)
        }
        feed.finish()
    }

    package func makeStage(_ plan: EncodePlan, _ audio: AudioCarriage? = nil, maxBytes: Int) throws(JobError)
        -> OutputStage
    {
        plan.notices.forEach(notices.add)
        return try OutputStage(
            job.output,
            container: plan.container(fragment: job.output.fragment),
            audio: audio,
            maxBytes: maxBytes,
            temporaries: context.temporaries,
            progress: context.progress
        )
    }

    package func finishing(
        _ stage: OutputStage,
        _ audio: AudioCarriage? = nil,
        _ body: (StageClock) throws(JobError) -> Receipt
    ) throws(JobError) -> Receipt {
        do throws(JobError) {
            try checkVerifiable(stage)
            return try body(StageClock())
        } catch {
            let first = stage.firstFailure
            stage.abandon()
            // A failing output makes the encoders fail as well; the output's own error is the first one.
            if let first, audio?.failure == nil { throw .output(first) }
            throw audio?.failure ?? error
        }
    }

    private func encoders(
        _ plan: EncodePlan,
        _ setup: SegmentSetup,
        _ stage: OutputStage,
        _ clock: StageClock,
        bytesPerFrame: Int?,
        openRange: @escaping @Sendable (Segment) throws(JobError) -> FrameReader
    ) -> SegmentedEncode {
        SegmentedEncode(
            SegmentEncoder(
                plan: plan,
                frameOptions: job.frameOptions,
                progress: context.progress,
                logger: context.logger,
                queue: setup.bounds.queue,
                clock: clock
            ),
            SegmentAssembly(maxBytes: setup.bounds.waitingBytes, order: SegmentOrder(plan)) { try stage.write($0) },
            workers: setup.workers,
            interrupt: context.interrupt,
            bytesPerFrame: bytesPerFrame,
            openRange: openRange
        )
    }

    private func begin(_ plan: EncodePlan, _ clock: StageClock, encoders: Int, readers: Int, knownFrames: Int?) {
        context.progress.begin(
            encoders: StageThreads(clock: clock, count: encoders),
            readers: readers,
            framerate: plan.framerate,
            knownFrames: knownFrames
        )
    }

    private func checkFrameOptions(frames: Int) throws(JobError) {
        guard !context.interrupt.isTriggered, let unused = job.frameOptions.keys.filter({ $0 >= frames }).min() else {
            return
        }
        throw .unusedFrameOptions(frame: unused, frames: frames)
    }
}
