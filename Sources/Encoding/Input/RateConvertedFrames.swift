internal import EncoderCore
internal import Ingest
internal import Jobs
internal import Media
internal import Threading
internal import VideoTypes

/// Frames that are dropped and repeated so that they come at a constant rate.
///
/// One frame is kept until the next has come, which decides how often it is shown.
struct RateConvertedFrames<Source: InputFrames & ~Copyable>: InputFrames, ~Copyable {
    private var source: Source
    private let rule: RateConversion
    private let pool: PicturePool
    private let clock: StageClock
    let knownFrameCount: Int?
    /// The frame that is shown now.
    private var shown: VideoFrame?
    /// When it ends; `nil` if it is not known.
    private var shownEnd: Int64?
    /// It is in the output already.
    private var isUsed = false
    private var ahead: VideoFrame?
    /// The number of the next frame of the output.
    private var next: Int64?
    private var counts = RateConversion.Counts()
    private var frameCount = 0

    /// - Parameters:
    ///   - source: The frames. Those of a pool are of the same.
    ///   - rate: The rate of the output.
    ///   - pool: Where repeated frames come from; two more of it are in use than without this.
    ///   - clock: Counts the time that is spent waiting for pictures.
    ///   - knownFrameCount: Frames that there will be, if that is known.
    init(
        _ source: consuming Source,
        _ rate: FrameRate,
        pool: PicturePool,
        clock: StageClock,
        knownFrameCount: Int?
    ) {
        self.source = source
        rule = RateConversion(rate)
        (self.pool, self.clock, self.knownFrameCount) = (pool, clock, knownFrameCount)
    }

    var byteCount: Int { source.byteCount }
    var isInterrupted: Bool { source.isInterrupted }

    mutating func skipAll() throws(JobError) { try source.skipAll() }

    mutating func nextFrame() throws(JobError) -> VideoFrame? {
        while try advance() {
            let number = next ?? 0
            let until = end(from: number)
            guard number < until else {
                counts.dropped += 1
                shown = nil
                continue
            }
            let frame = try picture(isLast: number + 1 == until)
            next = number + 1
            frameCount += 1
            return timed(frame, number)
        }
        return nil
    }

    func read() throws(JobError) -> ReadInput {
        var read = try source.read()
        read.inputFrames = read.inputFrames ?? read.frames
        (read.frames, read.conversion) = (frameCount, counts)
        return read
    }

    /// Has a frame to show, and the one after it if there is one; `false` at the end.
    private mutating func advance() throws(JobError) -> Bool {
        if shown == nil {
            if ahead == nil { ahead = try source.nextFrame() }
            shown = ahead.take()
            isUsed = false
            guard let start = shown?.timestamp else { return false }
            shownEnd = (shown?.duration).flatMap { $0 }.map { start + $0 }
            next = next ?? rule.tick(start)
        }
        if ahead == nil { ahead = try source.nextFrame() }
        // What an interrupt cut off is not the last frame, whose end would be known.
        return !source.isInterrupted
    }

    /// The first frame of the output that does not show the frame any more. An output has at least one frame.
    private mutating func end(from number: Int64) -> Int64 {
        if let following = ahead?.timestamp { return rule.tick(following) }
        let end = shownEnd.map(rule.tick) ?? number + 1
        return frameCount == 0 ? max(number + 1, end) : end
    }

    /// The frame itself when it is shown for the last time, or a copy.
    private mutating func picture(isLast: Bool) throws(JobError) -> VideoFrame {
        if isUsed { counts.repeated += 1 }
        isUsed = true
        guard let frame = shown.take() else { throw .defect("no frame is shown") }
        if isLast { return consume frame }
        do throws(OutOfMemory) {
            var copy = try clock.measure(.waitingForOutput) { () throws(OutOfMemory) in
                try pool.makeFrame(timestamp: 0, duration: nil)
            }
            copy.copyBytes(of: frame)
            shown = consume frame
            return copy
        } catch {
            throw .input(.noMemory(error))
        }
    }

    private func timed(_ picture: consuming VideoFrame, _ number: Int64) -> VideoFrame {
        var frame = picture
        let start = rule.time(ofTick: number)
        (frame.timestamp, frame.duration) = (start, rule.time(ofTick: number + 1) - start)
        return frame
    }
}
