internal import Bitstream
public import EncoderCore
public import Threading
public import VideoTypes

/// Reads frames from an input, one after another, each exactly: a frame is complete, or an error.
///
/// Thread-safety: used by one thread at a time.
public struct FrameReader: ~Copyable, Sendable {
    /// Which frames of the input are wanted.
    public struct Selection: Hashable, Sendable {
        /// Frames to pass over at the beginning, 0 or more. The default is 0.
        public var skip = 0
        /// Frames to read then; the input may have more. `nil`, the default, means all.
        public var count: Int?
        /// Frames that there must be then, no more and no fewer. `nil`, the default, means any number but none.
        public var expected: Int?
        /// An input that ends within a frame counts as ending before it.
        public var acceptPartial = false
        /// Samples must not have bits that the picture does not keep: the low ones of `p010`. By default, they are ignored.
        public var keepsAllBits = false

        /// Every frame.
        public init() {}
    }

    private var input: ByteSource
    private var pictures: PictureReader
    private let source: PictureLayout
    private let isY4M: Bool
    private let selection: Selection
    private let schedule: FrameSchedule
    private let conversion: PictureConversion
    /// Where the pictures come from.
    package let pool: PicturePool
    private let clock: StageClock
    /// The number of the first frame among those that are wanted.
    private let firstFrame: Int
    /// Frames that have been given out.
    public private(set) var frameCount = 0
    /// Bytes of a partial last frame that was accepted and dropped.
    public private(set) var droppedBytes = 0

    /// A reader at the first frame's first byte.
    ///
    /// - Parameters:
    ///   - input: The input; a Y4M stream's header has been read from it.
    ///   - source: How a frame's bytes are laid out in the input.
    ///   - isY4M: Each frame has a line of its own before it.
    ///   - conversion: Makes the encoder's picture of them.
    ///   - selection: Which frames are wanted.
    ///   - framerate: Gives the frames their times; the first requested frame has time 0.
    ///   - pool: Where the pictures come from; when all are out, reading waits.
    ///   - clock: Counts the time that is spent waiting for pictures.
    ///   - firstFrame: Frames of those wanted that the input is after already; those to be skipped are skipped then,
    ///     and the selection's count is that of the others. The default is 0.
    public init(
        input: consuming ByteSource,
        source: PictureLayout,
        isY4M: Bool,
        conversion: PictureConversion,
        selection: Selection,
        framerate: FrameRate,
        pool: PicturePool,
        clock: StageClock,
        firstFrame: Int = 0
    ) {
        self.init(
            input: input,
            source: source,
            isY4M: isY4M,
            conversion: conversion,
            selection: selection,
            schedule: FrameSchedule(framerate, skip: selection.skip),
            pool: pool,
            clock: clock,
            firstFrame: firstFrame
        )
    }

    /// The same for frames that may have listed times.
    package init(
        input: consuming ByteSource,
        source: PictureLayout,
        isY4M: Bool,
        conversion: PictureConversion,
        selection: Selection,
        schedule: FrameSchedule,
        pool: PicturePool,
        clock: StageClock,
        firstFrame: Int = 0
    ) {
        self.input = input
        self.source = source
        self.isY4M = isY4M
        self.selection = selection
        self.schedule = schedule
        self.conversion = conversion
        self.pool = pool
        self.clock = clock
        self.firstFrame = firstFrame
        pictures = PictureReader(source: source, conversion: conversion, keepsAllBits: selection.keepsAllBits)
    }

    /// Bytes of the input that have been read.
    public var byteCount: Int { input.position }

    /// Reading was asked to stop; no more frames follow.
    public var isInterrupted: Bool { input.isInterrupted }

    /// The number of frames in the input, if it is known without reading it.
    public var knownFrameCount: Int? {
        guard let length = input.length else { return selection.count }
        let frameBytes = source.byteCount + (isY4M ? Y4MFrameHeader.magic.count + 1 : 0)
        let frames = max(0, (length - input.position) / frameBytes - selection.skip)
        return min(frames, selection.count ?? frames)
    }

    /// Finds all errors of a raw file that can be found without reading it, before anything is encoded.
    public func checkLength() throws(IngestError) {
        guard let length = input.length, !isY4M else { return }
        let rest = length - input.position
        guard rest > 0 else { throw .empty(name: input.name, frameBytes: source.byteCount) }
        let (frames, partial) = rest.quotientAndRemainder(dividingBy: source.byteCount)
        try checkListed(ofFile: frames, isWhole: partial == 0)
        if let count = selection.count, frames > selection.skip, frames - selection.skip >= count {
            return try checkCount(count, isExact: true)
        }
        guard partial == 0 || (selection.acceptPartial && frames > 0) else {
            throw .partialFrame(frame: frames, bytes: partial, frameBytes: source.byteCount)
        }
        guard frames > selection.skip else { throw .skippedPastEnd(frames: frames, skip: selection.skip) }
        if let count = selection.count { throw .tooFewFrames(frames: frames - selection.skip, wanted: count) }
        try checkCount(frames - selection.skip, isExact: true)
    }

    /// Skips the requested number of frames.
    public mutating func skipFrames() throws(IngestError) {
        for skipped in 0..<selection.skip {
            if !isY4M, input.skip(source.byteCount) { continue }
            var frame = try makeFrame(timestamp: 0, duration: nil)
            let read = try readPicture(into: &frame, number: skipped, isWanted: false)
            guard read || isInterrupted else { throw .skippedPastEnd(frames: skipped, skip: selection.skip) }
        }
    }

    /// The next frame, waiting while all pictures are out; `nil` at the end.
    public mutating func next() throws(IngestError) -> VideoFrame? {
        if let count = selection.count, frameCount == count { return try ended() }
        let number = selection.skip + firstFrame + frameCount
        let place = schedule.place(ofFrame: number)
        if isMapped, let buffer = input.map(source.byteCount) {
            guard let place else { throw unplaced(number) }
            var frame = VideoFrame(
                layout: source,
                buffer: buffer,
                timestamp: place.timestamp,
                duration: place.duration
            )
            try pictures.check(&frame, number: number)
            frameCount += 1
            return frame
        }
        var frame = try makeFrame(timestamp: place?.timestamp ?? 0, duration: place?.duration)
        guard try readPicture(into: &frame, number: number) else {
            return try ended()
        }
        guard place != nil else { throw unplaced(number) }
        if let expected = selection.expected, frameCount == expected {
            throw .tooManyFrames(frames: nil, expected: expected)
        }
        frameCount += 1
        return frame
    }

    /// Frames that need no conversion and have no lines between them; their number was checked with the file's length.
    private var isMapped: Bool {
        if case .none = conversion { !isY4M } else { false }
    }

    private func makeFrame(timestamp: Int64, duration: Int64?) throws(IngestError) -> VideoFrame {
        do throws(OutOfMemory) {
            return try clock.measure(.waitingForOutput) { () throws(OutOfMemory) in
                try pool.makeFrame(timestamp: timestamp, duration: duration)
            }
        } catch {
            throw .noMemory(error)
        }
    }

    /// Reads a picture; `false` if the input ends before it.
    private mutating func readPicture(
        into frame: inout VideoFrame,
        number: Int,
        isWanted: Bool = true
    ) throws(IngestError) -> Bool {
        do throws(IngestError) {
            if isY4M, try !readY4MFrameLine(number) { return false }
            let read = try pictures.read(from: &input, into: &frame, number: isWanted ? number : nil)
            guard read < source.byteCount else { return true }
            try endWithin(number, read: read)
            return false
        } catch .readFailed(let name, _, let errno) {
            throw .readFailed(name: name, frame: number, errno)
        } catch .timedOut(let name, _, let time) {
            throw .timedOut(name: name, frame: number, after: time)
        }
    }

    /// The input ended `read` bytes into a frame.
    private mutating func endWithin(_ number: Int, read: Int) throws(IngestError) {
        guard !isInterrupted, read > 0 || isY4M else { return }
        guard selection.acceptPartial else {
            throw .partialFrame(frame: number, bytes: read, frameBytes: source.byteCount)
        }
        droppedBytes = read
    }

    private mutating func readY4MFrameLine(_ number: Int) throws(IngestError) -> Bool {
        switch try input.readLine(limit: Y4MHeader.maxLength) {
        case .end(let bytes):
            if bytes > 0 { try endWithin(number, read: bytes) }
            return false
        case .complete(let line):
            do throws(BitstreamError) {
                try Y4MFrameHeader.check(line)
                return true
            } catch {
                throw .damagedHeader(name: input.name, reason: "frame \(number): \(error)")
            }
        }
    }

    /// Throws if bytes were mapped that the file did not have any more when the encoder read them.
    public func checkNothingLost() throws(IngestError) { try input.checkNothingLost() }

    /// Checks the number of frames, at the end of the input or of the requested part.
    private func ended() throws(IngestError) -> VideoFrame? {
        guard !isInterrupted else { return nil }
        if frameCount != selection.count { try input.checkUnchanged() }
        if frameCount == 0, droppedBytes > 0 {
            throw .partialFrame(frame: selection.skip, bytes: droppedBytes, frameBytes: source.byteCount)
        }
        if frameCount == 0, selection.count != 0 {
            guard selection.skip == 0 else { throw .skippedPastEnd(frames: selection.skip, skip: selection.skip) }
            throw .empty(name: input.name, frameBytes: source.byteCount)
        }
        if let count = selection.count, frameCount < count {
            throw .tooFewFrames(frames: frameCount, wanted: count)
        }
        try checkCount(frameCount, isExact: false)
        if selection.count == nil, droppedBytes == 0 {
            try checkListed(selection.skip + firstFrame + frameCount, isExact: true)
        }
        return nil
    }

    /// Throws if a file has more frames than their list of times, or fewer that all are wanted.
    private func checkListed(ofFile frames: Int, isWhole: Bool) throws(IngestError) {
        guard let listed = schedule.listedFrames else { return }
        guard let count = selection.count else {
            return isWhole || frames > listed ? try checkListed(frames, isExact: true) : ()
        }
        let isEnough = count <= listed - selection.skip || frames - selection.skip < count
        guard isEnough else { return try checkListed(frames, isExact: true) }
    }

    /// Throws if the input has another number of frames than their list of times.
    private func checkListed(_ frames: Int, isExact: Bool) throws(IngestError) {
        guard let listed = schedule.listedFrames, frames != listed else { return }
        throw schedule.wrongNumber(isExact ? frames : nil, listed)
    }

    /// The error of a frame that has no time.
    private func unplaced(_ number: Int) -> IngestError {
        guard let listed = schedule.listedFrames else {
            return .tooManyFrames(frames: nil, expected: firstFrame + frameCount)
        }
        return schedule.wrongNumber(nil, listed)
    }

    private func checkCount(_ frames: Int, isExact: Bool) throws(IngestError) {
        guard let expected = selection.expected else { return }
        if frames < expected { throw .tooFewFrames(frames: frames, wanted: expected) }
        if frames > expected { throw .tooManyFrames(frames: isExact ? frames : nil, expected: expected) }
    }
}
