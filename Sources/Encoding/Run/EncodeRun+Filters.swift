internal import Containers
internal import EncoderCore
internal import Encoders
internal import Filtering
internal import Filters
internal import Ingest
internal import Jobs
internal import LibAV
internal import Logging
internal import Media
internal import Threading
internal import VideoTypes

// Encoding what filters make of the input.
extension EncodeRun {
    /// Encodes raw frames or Y4M through filters.
    func encodeFilteredFrames(_ source: consuming ByteSource, _ header: InputHeader?) throws(JobError) -> Receipt {
        let layout = try job.input.layout(header)
        let framerate = try EncodePlan.framerate(job, header)
        guard let schedule = EncodePlan.schedule(job, header, framerate) else {
            throw .defect("frames without a rate and without times")
        }
        let known = FilterSource(job, header, layout.format, framerate)
        let crop = try detectedCrop(source) { () throws(JobError) in
            var input = try openAgain()
            _ = try input.readY4MHeader(job.input.format)
            // What is seen does not depend on when.
            let schedule = FrameSchedule(framerate ?? .thirty, skip: job.input.selection.skip)
            let clock = StageClock()
            let sample = try RawPictures(
                input,
                header,
                layout,
                job,
                schedule: schedule,
                clock: clock,
                isSample: true
            )
            try sample.skip()
            return (sample, known)
        }
        let clock = context.progress.ingestClock
        let pictures = try RawPictures(source, header, layout, job, schedule: schedule, clock: clock)
        try pictures.skip()
        guard let first = try pictures.next() else { throw .interrupted }
        let resolved = try FilteredJob(job, crop: crop, known, layout, nil)
        let threads = job.config.threads
        let filtered = try FilteredPictures(
            pictures,
            first: first,
            resolved.plan,
            selection: nil,
            isCounted: job.input.isCounted,
            threads: threads
        )
        var before = header
        if framerate == nil, let rates = EncodePlan.rates(schedule) {
            var described = header ?? InputHeader(name: pictures.name, size: layout.size, format: layout.format)
            (described.averageFramerate, described.highestFramerate) = (rates.average, rates.highest)
            before = described
        }
        return try encode(filtered, of: nil, resolved, before, audio: nil, isCut: false)
    }

    /// Encodes a stream through filters.
    ///
    /// - Parameters:
    ///   - pictures: Its pictures.
    ///   - media: What decodes them.
    ///   - first: Its first picture.
    ///   - header: What is known of it.
    ///   - again: Opens the stream once more; `nil` if it can be read only once.
    ///   - audio: Audio of the input.
    func encodeFiltered(
        _ pictures: any TimedPictures,
        of media: DecodedMedia,
        first: consuming DecodedFrame,
        _ header: InputHeader,
        again: (() throws(JobError) -> DecodedMedia)?,
        _ audio: AudioCarriage?
    ) throws(JobError) -> Receipt {
        let known = FilterSource(job, header, first)
        let crop = try detectedCrop(isFile: again != nil) { () throws(JobError) in
            guard let sample = try again?() else { throw .defect("a stream that cannot be opened again") }
            for _ in 0..<job.input.selection.skip { _ = try sample.next() }
            return (sample, known)
        }
        let resolved = try FilteredJob(job, crop: crop, known, first.frame.layout, header.hdr)
        let filtered = try FilteredPictures(
            pictures,
            first: first,
            resolved.plan,
            selection: FrameSelection(job.input.selection),
            isCounted: job.input.isCounted,
            threads: job.config.threads
        )
        return try encode(
            filtered,
            of: media,
            resolved,
            header,
            audio: audio,
            isCut: job.input.selection.skip > 0
        )
    }

    /// Encodes what a graph gives out.
    ///
    /// - Parameters:
    ///   - filtered: The pictures.
    ///   - media: What decodes those that went in; `nil` for raw frames.
    ///   - resolved: What was done with them.
    ///   - before: What is known of those that went in; `nil` for raw frames.
    ///   - audio: Audio of the input.
    ///   - isCut: The input's first frames are skipped.
    private func encode(
        _ filtered: FilteredPictures,
        of media: DecodedMedia?,
        _ resolved: FilteredJob,
        _ before: InputHeader?,
        audio: AudioCarriage?,
        isCut: Bool
    ) throws(JobError) -> Receipt {
        guard let first = try filtered.next() else {
            guard !filtered.isInterrupted else { throw .interrupted }
            let filters = resolved.plan
            throw .usage("\(filters.filters.words) (\(filters.text)) gives out no frame")
        }
        let described = filtered.header(first, before)
        try checkDepth(first, resolved.plan)
        if let notice = resolved.notice { notices.add(notice) }
        let job = resolved.job(after: job)
        let run = EncodeRun(job, after: self)
        run.means.isKept = job.verification != nil
        let plan = try run.plan(described)
        try job.checkLastDuration(plan)
        let kept = plan.keptPictures * plan.target.byteCount
        let inGraph = job.bounds.maxBytes == nil ? 0 : filtered.bytes(givingOut: first.frame.layout)
        var planned = try RunPlan(
            run,
            plan,
            described,
            frames: nil,
            isFile: false,
            scratchBytes: kept + inGraph,
            ahead: media?.aheadMemory
        )
        if let bytes = planned.aheadBytes { media?.decodeAhead(within: bytes) }
        // A graph may begin at any time.
        planned.plan.countsMicroseconds = audio != nil && job.output.format.tick > 1
        let frames = MediaFrames(
            filtered,
            first: first,
            planned.plan,
            FrameReader.Selection(),
            pool: planned.pool,
            areKept: planned.segments != nil || planned.plan.framerateIsConverted,
            clock: context.progress.ingestClock,
            timing: OutputTiming(job, notices),
            audio: audio,
            isCut: isCut,
            statedTags: PictureTags.ofStreams.filter { !job.states($0) },
            conversion: { [plan = planned.plan, job] layout throws(JobError) in
                try plan.conversion(job, fromFramesOf: layout, described)
            },
            notices: notices
        )
        return try run.encode(frames, planned, audio: audio)
    }

    /// Filters of libavfilter that know only 8 bits get them from it, whatever there was.
    private func checkDepth(_ first: borrowing DecodedFrame, _ filters: FilterPlan) throws(JobError) {
        let (left, before) = (first.frame.format.bitDepth, filters.feed.source.format.bitDepth)
        guard left < before, job.picture.bitDepth == nil else { return }
        let words = "\(filters.filters.words) leaves \(left) of the \(before) bits of the input"
        let advice = "use a filter that keeps them, or \(Setting.bitDepth) \(left) to accept the loss"
        let transfer = first.colorSpace.transfer
        guard left > 8 || ![.pq, .hlg].contains(transfer) else {
            throw .config(.unsupported("\(words), which shows bands in \(transfer) (\(advice))"))
        }
        notices.add("\(words) (\(advice))")
    }

    private func detectedCrop(
        _ source: borrowing ByteSource,
        _ open: () throws(JobError) -> (any TimedPictures, FilterSource)
    ) throws(JobError) -> PictureArea? {
        let isFile = if case .path = job.input.origin { source.length != nil } else { false }
        return try detectedCrop(isFile: isFile, open)
    }

    /// The part within black borders, if that is to be found: the beginning of the file is read for it first.
    private func detectedCrop(
        isFile: Bool,
        _ open: () throws(JobError) -> (any TimedPictures, FilterSource)
    ) throws(JobError) -> PictureArea? {
        guard job.filters.crop == .auto else { return nil }
        guard isFile else {
            throw .usage(
                "\(Setting.crop) auto reads the beginning twice, so it needs a file, unlike \(job.input.origin.name) (use \(Setting.crop) WxH+X+Y)"
            )
        }
        let (pictures, known) = try open()
        defer { (pictures as? DecodedMedia)?.stop() }
        guard let first = try pictures.next() else { return nil }
        let (area, frames) = try CropDetection(pictures, known).area(first)
        notices.add("\(Setting.crop) auto: \(area), which the first \(frames) frames fill")
        return area
    }

    private func openAgain() throws(JobError) -> ByteSource {
        let (origin, access, interrupt) = (job.input.origin, context.fileAccess, context.interrupt)
        return try asJobError { () throws(IngestError) in
            try ByteSource(opening: origin, access: access, interrupt: interrupt, clock: StageClock())
        }
    }
}

extension InputDescription {
    /// The job says how many frames there are.
    fileprivate var isCounted: Bool { selection.count != nil || selection.expected != nil || frameTimes != nil }
}
