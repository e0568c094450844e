internal import Containers
internal import EncoderCore
internal import Encoders
internal import Ingest
internal import Jobs
internal import Media
internal import Threading
internal import VideoTypes

/// The frames of a stream as an encoder takes them.
struct MediaFrames: InputFrames, ~Copyable {
    private let media: any TimedPictures
    private let plan: EncodePlan
    /// Makes conversions of frames that are not like the first; `nil` where that cannot be.
    private let conversion: @Sendable (PictureLayout) throws(JobError) -> PictureConversion?
    /// That of the frames that came last.
    private var latest: (source: PictureLayout, conversion: PictureConversion)
    private let pool: PicturePool
    private let clock: StageClock
    /// Frames are copied even if nothing is converted: the decoder has only a few of its own.
    private let areKept: Bool
    private var selection: FrameSelection
    private let wanted: FrameReader.Selection
    /// Frames at the beginning of the input are not wanted.
    private let isCut: Bool
    /// Frames that were decoded and not yet returned: the first, to know the format, and the frame after one without a
    /// duration.
    private var ahead: DecodedFrame?
    private var hasBegun = false
    private var timeline: FrameTimeline
    private let timing: OutputTiming
    private(set) var frameCount = 0
    private let audio: AudioCarriage?
    private let notices: Notices
    /// The first frame that is deeper than the coded picture has been reported.
    private var hasNotedDepth = false
    /// The tags that the output states once, and that the job does not state itself.
    private let statedTags: [PictureTags.Tag]
    private var tags: PictureTags?
    /// When the last frame ends, in microseconds of the input.
    private var end: Int64 = 0

    init(
        _ media: any TimedPictures,
        first: consuming DecodedFrame,
        _ plan: EncodePlan,
        _ selection: FrameReader.Selection,
        pool: PicturePool,
        areKept: Bool,
        clock: StageClock,
        timing: OutputTiming,
        audio: AudioCarriage? = nil,
        isCut: Bool? = nil,
        statedTags: [PictureTags.Tag] = [],
        conversion: @escaping @Sendable (PictureLayout) throws(JobError) -> PictureConversion? = { _ in nil },
        notices: Notices
    ) {
        (self.conversion, latest) = (conversion, (plan.source, plan.conversion))
        (self.areKept, self.audio, self.timing) = (areKept, audio, timing)
        (self.notices, self.statedTags) = (notices, statedTags)
        timeline = FrameTimeline(rate: plan.sourceRate, clockError: media.clockError, step: timing.step)
        (self.media, self.plan, self.pool, self.clock) = (media, plan, pool, clock)
        (wanted, self.selection) = (selection, FrameSelection(selection))
        self.isCut = isCut ?? (selection.skip > 0)
        ahead = consume first
    }

    var byteCount: Int { media.bytesRead }
    var isInterrupted: Bool { media.isInterrupted }

    var knownFrameCount: Int? {
        guard let frames = media.frameCount else { return wanted.count }
        return min(max(0, frames - wanted.skip), wanted.count ?? .max)
    }

    /// They are decoded all the same, for others refer to them.
    func skipAll() {}

    mutating func nextFrame() throws(JobError) -> VideoFrame? {
        while selection.wantsMore, let frame = try nextDecoded() {
            guard try asJobError({ () throws(IngestError) in try selection.takesNext() }) else { continue }
            frameCount += 1
            return try prepared(frame)
        }
        readOnForAudio()
        if !isInterrupted { try asJobError { () throws(IngestError) in try selection.checkEnd() } }
        return nil
    }

    func read() -> ReadInput {
        if !isInterrupted, let gap = media.gapNotice { notices.add(gap) }
        let loss = (media.loss ?? audio?.loss).map { "\($0)" }
        var read = ReadInput(
            frames: frameCount,
            bytes: byteCount,
            droppedBytes: media.droppedBytes,
            isInterrupted: isInterrupted,
            loss: loss
        )
        read.inputFrames = media.picturesOfInput
        return read
    }

    /// In a pipe, the audio of the last frames may be after them. It is read as far as a player would wait for it.
    private func readOnForAudio() {
        let farthest = end + 10_000_000
        while !isInterrupted, let audio, audio.isBehind(end), let frame = try? media.next() {
            guard frame.frame.timestamp < farthest else { return }
        }
    }

    private mutating func nextDecoded() throws(JobError) -> DecodedFrame? {
        if let first = ahead.take() { return first }
        return try media.next()
    }

    private mutating func prepared(_ decoded: consuming DecodedFrame) throws(JobError) -> VideoFrame {
        let layout = decoded.frame.layout
        try checkTags(PictureTags(decoded))
        try prepareConversion(of: layout)
        var source = decoded.takeFrame()
        var own = source.duration
        if own == nil { own = try distance(after: source.timestamp) }
        if let last = timing.durationOfLast, try isLast() { own = last }
        end = max(end, source.timestamp + (own ?? 0))
        let place = try place(source.timestamp, lasting: own)
        (source.timestamp, source.duration) = (place.timestamp, place.duration)
        if case .none = latest.conversion, !areKept { return source }
        var frame = try makeFrame(at: source.timestamp, lasting: source.duration)
        let conversion = latest.conversion
        if case .none = conversion {
            frame.copyBytes(of: source)
        } else {
            source.withBytes { bytes in frame.withMutableBytes { conversion.convert(bytes, into: &$0) } }
        }
        return frame
    }

    /// How long a frame without a duration is shown: until the next one begins, or the stream ends.
    private mutating func distance(after time: Int64) throws(JobError) -> Int64? {
        ahead = try media.next()
        let next = ahead?.frame.timestamp ?? media.end
        return next.flatMap { $0 > time ? $0 - time : nil }
    }

    /// Whether no frame follows the one that was taken last: it is looked for.
    private mutating func isLast() throws(JobError) -> Bool {
        guard selection.wantsMore else { return true }
        if ahead == nil { ahead = try media.next() }
        return ahead == nil && !isInterrupted
    }

    private mutating func place(_ time: Int64, lasting duration: Int64?) throws(JobError) -> FrameTimeline.Place {
        if !hasBegun { try begin(at: time) }
        do throws(FrameTimeline.Misfit) {
            let place = try timeline.place(time, lasting: duration)
            if place.missing > 0 { timing.noteMissing(place, beforeFrame: frameCount - 1) }
            return place
        } catch {
            let (name, reason) = (media.name, "frame \(frameCount - 1) \(error.reason)")
            switch error.kind {
            case .offRate:
                throw .input(
                    .unsupported(name: name, reason: "\(reason) (use \(Setting.variableRate) to keep all times)")
                )
            case .backwards:
                guard let timing = media.timing else { throw .input(.damaged(name: name, reason: reason)) }
                throw .usage("\(timing) gives out frames that are not in the order of their times: \(reason)")
            case .tooClose:
                let others = OutputFormat.names { $0.isContainer && $0.tick == 1 }
                throw .config(
                    .unsupported("\(timing.unit), and \(reason) (use \(others), which stores microseconds)")
                )
            }
        }
    }

    /// Throws if a frame's tags differ from those of the first, which the output has.
    private mutating func checkTags(_ own: PictureTags) throws(JobError) {
        let before = tags ?? own
        tags = before
        guard let (tag, words) = own.change(since: before, in: statedTags) else { return }
        let advice = "\(tag.setting) states one for all of them"
        throw unsupported("has \(words) (\(advice))")
    }

    /// Frames may change their size where all of them are scaled to one.
    private mutating func prepareConversion(of layout: PictureLayout) throws(JobError) {
        guard layout != latest.source else { return }
        guard let own = try conversion(of: layout) else {
            let reason = "is \(layout.size) \(layout.format.rawValue)"
            let before = "those before it \(plan.source.size) \(plan.source.format.rawValue)"
            if let name = media.file(ofPicture: frameCount - 1 + wanted.skip) {
                let advice = "use \(Setting.scale) WIDTHxHEIGHT to make them one size"
                throw .input(.otherSize(name: name, layout.size, before: plan.source.size, advice: advice))
            }
            let advice = "use \(Setting.scale) WIDTHxHEIGHT to convert all frames to one size and format"
            throw unsupported("\(reason), and \(before) (\(advice))")
        }
        let (depth, coded) = (layout.format.bitDepth, plan.config.values.bitDepth)
        if depth > max(coded, plan.source.format.bitDepth), !hasNotedDepth {
            hasNotedDepth = true
            notices.add(
                "\(media.name): frame \(frameCount - 1) has \(depth) bits, of which \(coded) are coded, as of the first frame"
            )
        }
        latest = (layout, own)
    }

    /// The conversion of frames of a layout; `nil` where they must be like the first.
    private func conversion(of layout: PictureLayout) throws(JobError) -> PictureConversion? {
        guard layout != plan.source else { return plan.conversion }
        do throws(JobError) { return try conversion(layout) } catch {
            guard case .config(.unsupported(let words)) = error else { throw error }
            throw unsupported("is \(layout.format.rawValue), unlike the first: \(words)")
        }
    }

    /// An error of the latest frame, with the name of its file if it has one.
    private func unsupported(_ words: String) -> JobError {
        guard let name = media.file(ofPicture: frameCount - 1 + wanted.skip) else {
            return .input(.unsupported(name: media.name, reason: "frame \(frameCount - 1) \(words)"))
        }
        return .input(.unsupported(name: name, reason: "it \(words)"))
    }

    private func makeFrame(at timestamp: Int64, lasting duration: Int64?) throws(JobError) -> VideoFrame {
        do throws(OutOfMemory) {
            return try clock.measure(.waitingForOutput) { () throws(OutOfMemory) in
                try pool.makeFrame(timestamp: timestamp, duration: duration)
            }
        } catch {
            throw .input(.noMemory(error))
        }
    }

    private mutating func begin(at time: Int64) throws(JobError) {
        hasBegun = true
        if timing.keepsStart {
            try timing.checkStart(time, name: media.name)
            timeline.beginKeepingTime(time)
        } else {
            let lead = isCut ? 0 : audio?.lead(before: time) ?? 0
            timeline.begin(at: time, after: lead, inWholeFrames: timing.format.container?.layout == .isoBoxes)
        }
        audio?.begin(at: timeline.origin, isCut: isCut)
    }
}
