internal import Bitstream
internal import Filters
internal import Ingest
public import Jobs
internal import LibAV
internal import Media
internal import Threading
public import VideoTypes

/// What a job will need, as far as known before it runs.
public struct JobForecast: Hashable, Sendable {
    /// Bytes of memory that its process is taken to have resident at its most, on the safe side.
    public let memory: Int
    /// What every thread but the first adds to that; 0 if ``threads`` specifies the number.
    public let memoryPerThread: Int
    /// Threads that the job specifies; `nil` if it uses as many as it is given.
    public let threads: Int?
    /// Threads that have something to do, 1 or more; further ones would only wait.
    public let usefulThreads: Int
    /// Threads of each of the encoders that work on segments side by side; `nil` where one encoder does it all.
    public let threadsPerEncoder: Int?
    /// The coded picture's size; `nil` where only the input will tell, which is then taken to be 1920x1080.
    public let size: PictureSize?
    /// Frames that there will be; `nil` if that is not known.
    public let frames: Int?
}

extension EncodeJob {
    /// Checks everything that can be checked without the frames, and estimates what the job will need.
    ///
    /// - Parameters:
    ///   - readingInput: Whether the input is a file that is there, whose beginning may be read.
    ///   - isConfined: Media is read by a thread that confines itself. The default is that it is not.
    /// - Throws: ``Jobs/JobError`` if the job cannot be run as it is.
    public func forecast(readingInput: Bool, isConfined: Bool = false) throws(JobError) -> JobForecast {
        try checkKeeping()
        try checkPlaces()
        try checkFilters()
        try checkTimes()
        let start = readingInput ? try inputStart(isConfined: isConfined) : InputStart()
        guard !start.isMedia else { return try forecast(coded: start) }
        let isRaw = input.format == .raw || start.isRead
        let isKnown = input.isDescribed && input.format != .media
        guard start.header != nil || isRaw || (isKnown && input.format != .y4m) else {
            return try forecast(coded: nil, frames: declaredFrames, hasRate: true)
        }
        try checkFrames()
        // What filters make of the frames is known with the first.
        guard !hasFilters(nil) else {
            return try forecast(coded: start.header?.size ?? input.size, frames: nil, hasRate: true)
        }
        let plan = try EncodePlan(self, header: start.header)
        _ = try ResolvedBounds(bounds, pictureBytes: plan.target.byteCount, scratchBytes: plan.scratchBytes)
        try checkVerifiable(isFileOfFrames: input.origin != .standardInput)
        let frames = plan.outputFrames(ofInput: declaredFrames ?? start.frames(plan.source, self))
        return try forecast(
            MemoryModel(plan),
            plan.config.codec.codec,
            ParallelChoice.Input(
                backend: plan.backend,
                config: config,
                pictureBytes: plan.target.byteCount,
                frames: frames,
                isFile: start.isRead && !input.hasDigest && !plan.framerateIsConverted,
                hasRate: plan.framerate != nil,
                bounds: bounds,
                cores: EncoderSpread.mostCores
            ),
            size: plan.config.size
        )
    }

    /// The geometry of a stream is in its headers, but its effect on the configuration is known only with the first frame.
    private func forecast(coded start: InputStart) throws(JobError) -> JobForecast {
        try checkVerifiable(isFileOfFrames: false)
        return try forecast(coded: start.size, frames: declaredFrames ?? start.codedFrames, hasRate: start.hasRate)
    }

    /// The forecast where the picture is known only when the first has come.
    private func forecast(coded size: PictureSize?, frames: Int?, hasRate: Bool) throws(JobError) -> JobForecast {
        let model = MemoryModel(self, coded: size)
        return try forecast(
            model,
            likelyCodec,
            ParallelChoice.Input(
                backend: likelyBackend,
                config: config,
                pictureBytes: model.pictureBytes,
                frames: frames,
                isFile: false,
                hasRate: input.frameTimes == nil && (hasRate || input.framerate != nil),
                bounds: bounds,
                cores: EncoderSpread.mostCores
            ),
            size: size
        )
    }

    private func forecast(
        _ model: MemoryModel,
        _ codec: VideoCodec,
        _ frames: ParallelChoice.Input,
        size: PictureSize?
    ) throws(JobError) -> JobForecast {
        let spread = try EncoderSpread(self, frames, usefulThreads: codec.usefulThreads(model.size))
        let memory = model.likely(config, maxBytes: bounds.maxBytes, spread)
        return JobForecast(
            memory: memory.bytes,
            memoryPerThread: memory.bytesPerThread,
            threads: spread.threads,
            usefulThreads: spread.usefulThreads,
            threadsPerEncoder: spread.threadsPerEncoder,
            size: size,
            frames: frames.frames
        )
    }

    private var declaredFrames: Int? { input.selection.count ?? input.selection.expected }

    private func checkVerifiable(isFileOfFrames: Bool) throws(JobError) {
        guard verification?.leastPSNR != nil, !isFileOfFrames else { return }
        let name = input.origin.name
        throw .usage(
            "\(Setting.minPSNR) reads the source again, so it must be a file of raw frames or Y4M, unlike \(name)"
        )
    }

    /// Reads enough of the input to identify it.
    private func inputStart(isConfined: Bool) throws(JobError) -> InputStart {
        var start = InputStart()
        if try OpenedMedia.sequence(input.origin, input.mediaOptions) != nil {
            start.isMedia = true
            try start.readMedia(input, isConfined: isConfined)
            return start
        }
        var source = try asJobError { () throws(IngestError) in
            try ByteSource(opening: input.origin, interrupt: Interrupt(), clock: StageClock())
        }
        // A pipe's bytes are there once.
        guard let length = source.length else { return start }
        guard length > 0 else { throw .input(.empty(name: source.name, frameBytes: nil)) }
        start.isMedia = try isMedia(&source)
        if start.isMedia {
            try start.readMedia(input, isConfined: isConfined)
        } else {
            start.header = try source.readY4MHeader(input.format)
            start.length = length - source.position
            start.isRead = true
        }
        return start
    }

    private func isMedia(_ source: inout ByteSource) throws(JobError) -> Bool {
        guard input.format == .auto else { return input.format == .media }
        guard input.size == nil || input.pixelFormat == nil else { return false }
        return try source.isMedia(mayBeFrames: input.size != nil)
    }
}

/// The information at the beginning of an input.
private struct InputStart {
    var isRead = false
    var isMedia = false
    var header: Y4MHeader?
    /// Bytes after the header.
    var length: Int?
    var size: PictureSize?
    var codedFrames: Int?
    /// Frames come at a constant rate.
    var hasRate = true

    /// Frames of a file of raw frames or Y4M, whose frames have a line of their own.
    func frames(_ layout: PictureLayout, _ job: EncodeJob) -> Int? {
        guard let length, layout.byteCount > 0 else { return nil }
        let frameBytes = layout.byteCount + (header == nil ? 0 : "FRAME\n".utf8.count)
        return max(0, length / frameBytes - job.input.selection.skip)
    }

    mutating func readMedia(_ input: InputDescription, isConfined: Bool) throws(JobError) {
        let info = try Self.mediaInfo(input, isConfined: isConfined)
        size = info.codedSize
        (codedFrames, hasRate) = (info.frameCount, info.hasConstantRate)
    }

    private static func mediaInfo(_ input: InputDescription, isConfined: Bool) throws(JobError) -> MediaInfo {
        let read: @Sendable () -> Result<MediaInfo, JobError> = {
            var options = input.mediaOptions
            options.framerate = input.framerate
            return Result { [options] () throws(JobError) in
                try MediaInfo.read(input.origin, options)
            }
        }
        guard isConfined, case .path(let path) = input.origin else { return try read().get() }
        let place = PictureSequence.folder(of: path) ?? path
        let result: Result<MediaInfo, JobError>
        do throws(WorkerThread.CreationError) {
            result = try ConfinedThread.run(reading: place, read)
        } catch {
            throw .thread(error)
        }
        return try result.get()
    }
}
