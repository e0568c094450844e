internal import EncoderCore
internal import Jobs
internal import Media
internal import VideoTypes

/// The plan of a run: what is encoded, by how many encoders, and within what bounds.
struct RunPlan {
    /// The encoders, and what may wait for them.
    enum Encoders {
        case one(ResolvedBounds)
        case segments(SegmentSetup)
    }

    var plan: EncodePlan
    let encoders: Encoders
    /// Where pictures come from; with those that are kept for another rate.
    let pool: PicturePool
    /// Bytes for pictures that are decoded ahead; `nil` without a limit.
    let aheadBytes: Int?

    /// Pictures that the encoders' bounds allow.
    private static func pictures(_ encoders: Encoders) -> Int {
        switch encoders {
        case .one(let bounds): bounds.pictures
        case .segments(let setup): setup.bounds.pictures
        }
    }

    /// The setup for segments; `nil` for one encoder.
    var segments: SegmentSetup? { if case .segments(let setup) = encoders { setup } else { nil } }

    /// Decides how an encode is spread over the machine's cores, and logs the notices of its plan.
    ///
    /// - Parameters:
    ///   - plan: The plan for one encoder.
    ///   - described: The header of the input.
    ///   - frames: How many frames there will be, if that is known.
    ///   - isFile: Each encoder can read its own part.
    ///   - scratchBytes: Additional bytes that reading for one encoder needs.
    ///   - ahead: What pictures take that are decoded ahead. The default is that there are none.
    init(
        _ run: EncodeRun,
        _ plan: EncodePlan,
        _ described: InputHeader?,
        frames: Int?,
        isFile: Bool,
        scratchBytes: Int,
        ahead: AheadMemory? = nil
    ) throws(JobError) {
        var plan = plan
        let bounds = run.job.bounds
        let least = bounds.maxBytes == nil ? 0 : ahead?.least ?? 0
        let choice = try Self.choice(run, plan, frames: frames, isFile: isFile, aheadBytes: least)
        if case .segments = choice { plan = try run.job.segmentPlan(described, after: plan) }
        if let choice, run.job.parallel?.workers == .auto { plan.notices.append(choice.notice) }
        plan.notices.forEach(run.notices.add)
        if case .segments(let setup) = choice {
            encoders = .segments(setup)
            aheadBytes = bounds.maxBytes.map { _ in least }
        } else {
            let room = bounds.room(besides: plan.target.byteCount, scratchBytes: scratchBytes)
            aheadBytes = room.map { ahead?.bytes(within: $0) ?? 0 }
            encoders = .one(try Self.bounds(run.job, plan, scratchBytes: scratchBytes, aheadBytes: aheadBytes ?? 0))
        }
        self.plan = plan
        pool = PicturePool(layout: plan.target, capacity: Self.pictures(encoders) + plan.keptPictures)
    }

    private static func choice(
        _ run: EncodeRun,
        _ plan: EncodePlan,
        frames: Int?,
        isFile: Bool,
        aheadBytes: Int
    ) throws(JobError) -> ParallelChoice? {
        guard let options = run.job.parallel else { return nil }
        let (bounds, cores) = (run.job.bounds, run.context.cores())
        var input = ParallelChoice.Input(plan, frames: frames, isFile: isFile, bounds: bounds, cores: cores)
        input.scratchBytes += aheadBytes
        return try ParallelChoice(options, input)
    }

    private static func bounds(
        _ job: EncodeJob,
        _ plan: EncodePlan,
        scratchBytes: Int,
        aheadBytes: Int
    ) throws(JobError) -> ResolvedBounds {
        let pictureBytes = plan.target.byteCount
        let reading = scratchBytes + aheadBytes
        let bounds = try ResolvedBounds(job.bounds, pictureBytes: pictureBytes, scratchBytes: reading)
        // The chunks' share is seldom used; the pictures fill up.
        try MemoryModel(plan).least(inFlight: bounds.pictures * pictureBytes + scratchBytes).check()
        return bounds
    }
}
