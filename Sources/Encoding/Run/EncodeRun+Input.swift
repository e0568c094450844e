internal import Bitstream
internal import EncoderCore
internal import Filters
package import Ingest
package import Jobs
internal import Media
internal import VideoTypes

extension EncodeJob {
    /// Whether the run may hand bytes to libavformat: its input may be media, or its output is read back.
    package var mayReadMedia: Bool {
        guard verification == nil, filters.files.isEmpty else { return true }
        switch input.format {
        case .raw, .y4m: return false
        case .media: return true
        case .auto: return input.size == nil || input.pixelFormat == nil
        }
    }

    /// Throws for what only media has, where the input is raw frames or Y4M.
    func checkFrames() throws(JobError) {
        guard !output.copiesAudio else {
            throw .usage("\(Setting.copiesAudio) needs media, but \(input.origin.name) has only frames")
        }
        guard input.startNumber == nil else {
            throw .usage("\(Setting.startNumber) needs a pattern of pictures' names, unlike \(input.origin.name)")
        }
        guard !input.keepsStartTime || input.frameTimes != nil else {
            throw .usage("\(Setting.keepsStartTime) needs media with times, but \(input.origin.name) has only frames")
        }
        guard input.durationOfLast == nil || input.frameTimes != nil else {
            throw .usage(
                "\(Setting.durationOfLast) is for variable frame times, but \(input.origin.name) has a constant rate"
                    + " (use \(Setting.frameTimes))"
            )
        }
    }

    /// The checks of input frames: a lossless encode refuses frames of which it would lose bits.
    package var selection: FrameReader.Selection {
        var selection = input.selection
        selection.keepsAllBits = config.lossless
        return selection
    }
}

/// A file whose parts can be encoded by themselves, and how.
package struct PlannedRanges: Sendable {
    /// The file.
    package let file: FileRanges
    /// The first line of Y4M; `nil` for raw frames.
    package let header: String?
    /// The plan for segments.
    package let plan: EncodePlan
}

// Opening the input, and finding out what it is.
extension EncodeRun {
    /// The pictures of a pattern of names; `nil` for a file or a pipe.
    func pictureSequence() throws(JobError) -> PictureSequence? {
        let input = job.input
        let sequence = try OpenedMedia.sequence(input.origin, input.mediaOptions)
        guard let sequence else { return nil }
        let raw: [Setting?] = [input.size.map { _ in .size }, input.pixelFormat.map { _ in .pixelFormat }]
        if let setting = raw.compactMap(\.self).first {
            throw .usage("\(setting) is for raw frames; the pictures of \(sequence.name) tell it themselves")
        }
        guard [.auto, .media].contains(input.format) else {
            throw .usage("\(sequence.name) is a pattern of pictures' names, not \(input.format.rawValue)")
        }
        return sequence
    }

    func openInput() throws(JobError) -> ByteSource {
        var observe: (@Sendable (RawSpan) -> Void)?
        if job.input.hasDigest { observe = { [digest] bytes in digest.update(bytes) } }
        return try asJobError { () throws(IngestError) in
            try ByteSource(
                opening: job.input.origin,
                access: context.fileAccess,
                interrupt: context.interrupt,
                clock: context.progress.ingestClock,
                timeout: job.input.timeout,
                observe: observe
            )
        }
    }

    /// Whether the input is coded: it is specified as such, or it begins like a coded stream and no layout of raw frames is
    /// specified.
    func isMedia(_ input: inout ByteSource) throws(JobError) -> Bool {
        switch job.input.format {
        case .media: return true
        case .raw, .y4m: return false
        case .auto:
            guard job.input.size == nil || job.input.pixelFormat == nil else { return false }
            return try input.isMedia(mayBeFrames: job.input.size != nil)
        }
    }

    func makeReader(
        _ input: consuming ByteSource,
        isY4M: Bool,
        _ plan: EncodePlan,
        _ pool: PicturePool
    ) throws(JobError) -> FrameReader {
        let clock = context.progress.ingestClock
        let reader = try FrameReader(input, isY4M: isY4M, plan, job.selection, pool: pool, clock)
        try asJobError { () throws(IngestError) in try reader.checkLength() }
        return reader
    }

    /// Opens an input whose parts will be encoded separately, and plans their encode.
    package func openRanges() throws(JobError) -> PlannedRanges {
        guard !job.hasFilters(nil) else {
            let words = job.filters.isEmpty ? job.inputColor.words : job.filters.words
            throw .usage("a plan's shards read frames by their place in the file, without filters: omit \(words)")
        }
        if let pictures = try pictureSequence() {
            let advice = "encode them in one run, or make a Y4M of them by sluice decode"
            throw .config(.unsupported("\(pictures.name) is a sequence of pictures, which has no plan (\(advice))"))
        }
        var input = try openInput()
        guard try !isMedia(&input) else {
            throw .config(
                .unsupported(
                    "\(input.name) is coded, so its frames cannot be read one by one: decode it to raw frames or Y4M"
                )
            )
        }
        try job.checkFrames()
        guard job.inputColor.referenceWhite == nil else { throw ColorSteps.unusedWhite }
        guard input.length != nil else {
            throw .usage("a plan needs a file that every machine can read, unlike \(input.name)")
        }
        guard job.input.frameTimes == nil, job.output.constantFramerate == nil else {
            let setting = job.output.constantFramerate == nil ? Setting.frameTimes : .framerateOfOutput
            throw .usage(
                "\(setting) cannot be planned: the segments of a plan have the input's frames at a constant rate"
            )
        }
        let line = try headerLine(&input)
        let header = try input.readY4MHeader(job.input.format)
        let plan = try job.segmentPlan(header.map(InputHeader.init(_:)))
        guard let shape = FileShape(input, plan.source, isY4M: header != nil, job.input.selection) else {
            throw try reasonAgainst(input, isY4M: header != nil, plan)
        }
        return PlannedRanges(file: FileRanges(input, shape), header: header.flatMap { _ in line }, plan: plan)
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
        let pool = PicturePool(layout: plan.target, capacity: 1)
        var reader = try makeReader(input, isY4M: isY4M, plan, pool)
        try reader.skipAll()
        while try reader.nextFrame() != nil {}
        return .config(.unsupported("\(name) has frames with parameters, so their positions are not fixed"))
    }
}
