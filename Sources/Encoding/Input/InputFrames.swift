internal import EncoderCore
internal import Ingest
internal import Jobs
internal import Media
internal import Threading
internal import VideoTypes

/// What was read of an input.
package struct ReadInput: Sendable {
    /// Frames that have been given out.
    var frames: Int
    /// Frames of the input, where not each became one. By default each did.
    var inputFrames: Int?
    /// Bytes of the input that have been read.
    let bytes: Int
    /// Bytes of a partial last frame that was accepted and dropped.
    let droppedBytes: Int
    /// Reading was asked to stop.
    var isInterrupted: Bool
    /// What was lost of a damaged stream, where that was accepted.
    let loss: String?
    /// Frames that were dropped and repeated for another rate; `nil` where that was not asked for.
    var conversion: RateConversion.Counts?

    /// What was read, by default without a loss.
    package init(frames: Int, bytes: Int, droppedBytes: Int = 0, isInterrupted: Bool, loss: String? = nil) {
        (self.frames, self.bytes, self.droppedBytes) = (frames, bytes, droppedBytes)
        (self.isInterrupted, self.loss) = (isInterrupted, loss)
    }
}

/// Where the frames of an encode come from: raw ones that are read, or a stream's that are decoded.
protocol InputFrames: ~Copyable {
    /// The number of frames, if it is known.
    var knownFrameCount: Int? { get }
    /// Bytes of the input that have been read.
    var byteCount: Int { get }
    /// Reading was asked to stop.
    var isInterrupted: Bool { get }
    /// Skips the requested number of frames.
    mutating func skipAll() throws(JobError)
    /// The next frame as the encoder takes it; `nil` at the end.
    mutating func nextFrame() throws(JobError) -> VideoFrame?
    /// What was read; throws if bytes were used that were not there.
    func read() throws(JobError) -> ReadInput
}

extension InputFrames where Self: ~Copyable {
    /// Reads all frames, and gives them out.
    ///
    /// - Parameters:
    ///   - progress: Learns how far reading is, and what it waits for.
    ///   - means: Measures the frames.
    ///   - take: Takes each frame with its number. Returns `false` to take no more.
    /// - Returns: How many were taken.
    mutating func giveAll(
        _ progress: JobProgress,
        _ means: PlaneMeansLog,
        to take: (consuming VideoFrame, Int) throws(JobError) -> Bool
    ) throws(JobError) -> Int {
        let start = ContinuousClock.now
        defer { progress.addWorkingTime(of: start.duration(to: .now)) }
        try skipAll()
        var number = 0
        while let frame = try nextFrame() {
            means.add(frame)
            let given = ContinuousClock.now
            defer { progress.ingestClock.add(given.duration(to: .now), to: .waitingForOutput) }
            guard try take(frame, number) else { return number }
            number += 1
            progress.didRead(frames: number, bytes: byteCount)
        }
        return number
    }
}

extension JobProgress {
    /// A reader works whenever it does not wait.
    func addWorkingTime(of total: Duration) {
        let waited = ingestClock.seconds(.waitingForInput) + ingestClock.seconds(.waitingForOutput)
        ingestClock.add(max(.zero, total - .seconds(waited)), to: .working)
    }
}

extension FrameReader: InputFrames {
    /// Frames that become the pictures of a plan.
    ///
    /// - Parameter pool: Where the pictures come from.
    init(
        _ input: consuming ByteSource,
        isY4M: Bool,
        _ plan: EncodePlan,
        _ selection: Selection,
        pool: PicturePool,
        _ clock: StageClock,
        firstFrame: Int = 0
    ) throws(JobError) {
        guard let schedule = plan.schedule else { throw .defect("raw frames without a rate and without times") }
        self.init(
            input: input,
            source: plan.source,
            isY4M: isY4M,
            conversion: plan.conversion,
            selection: selection,
            schedule: schedule,
            pool: pool,
            clock: clock,
            firstFrame: firstFrame
        )
    }

    mutating func skipAll() throws(JobError) { try asJobError { () throws(IngestError) in try skipFrames() } }
    mutating func nextFrame() throws(JobError) -> VideoFrame? {
        try asJobError { () throws(IngestError) in try next() }
    }
    func read() throws(JobError) -> ReadInput {
        try asJobError { () throws(IngestError) in try checkNothingLost() }
        return ReadInput(
            frames: frameCount,
            bytes: byteCount,
            droppedBytes: droppedBytes,
            isInterrupted: isInterrupted
        )
    }
}
