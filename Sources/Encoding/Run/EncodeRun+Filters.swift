internal import Containers
internal import EncoderCore
internal import Encoders
internal import Filters
internal import Ingest
internal import Jobs
internal import Media
internal import Threading
internal import VideoTypes

// Encoding what filters make of the input.
extension EncodeRun {
    /// Encodes raw frames or Y4M through filters.
    func encodeFilteredFrames(_ source: consuming ByteSource, _ header: InputHeader?) throws(JobError) -> Receipt {
        let layout = try job.input.layout(header)
        guard let framerate = job.input.framerate ?? header?.framerate else {
            throw .usage("the input needs a frame rate, such as \(Setting.framerate) 30")
        }
        let clock = context.progress.ingestClock
        let pictures = try RawPictures(source, header, layout, job, framerate: framerate, clock: clock)
        try pictures.skip()
        guard let first = try pictures.next() else { throw .interrupted }
        let known = FilterSource(job, header, layout.format, framerate)
        let filtered = try FilteredPictures(
            pictures,
            first: first,
            known,
            job.filters,
            selection: nil,
            threads: job.config.threads
        )
        return try encode(filtered, header, audio: nil, isCut: false)
    }

    /// Encodes what a graph gives out.
    ///
    /// - Parameters:
    ///   - filtered: The pictures.
    ///   - before: What is known of those that went in; `nil` for raw frames.
    ///   - audio: Audio of the input.
    ///   - isCut: The input's first frames are skipped.
    func encode(
        _ filtered: FilteredPictures,
        _ before: InputHeader?,
        audio: AudioCarriage?,
        isCut: Bool
    ) throws(JobError) -> Receipt {
        guard let first = try filtered.next() else {
            guard !filtered.isInterrupted else { throw .interrupted }
            throw .usage("\(Setting.filter) \"\(job.filters.text)\" gives out no frame")
        }
        let described = filtered.header(first, before)
        var job = job
        job.input.takeHeader()
        job.filters = PictureFilters()
        let run = EncodeRun(job, after: self)
        run.means.isKept = job.verification != nil
        var planned = try RunPlan(run, run.plan(described), described, frames: nil, isFile: false, scratchBytes: 0)
        // A graph may begin at any time.
        planned.plan.countsMicroseconds = audio != nil && job.output.format.tick > 1
        let frames = MediaFrames(
            filtered,
            first: first,
            planned.plan,
            FrameReader.Selection(),
            pool: PicturePool(layout: planned.plan.target, capacity: planned.pictures),
            areKept: planned.segments != nil,
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
}

extension InputDescription {
    /// What the job told of raw frames is not true of what filters make of them.
    fileprivate mutating func takeHeader() {
        (size, pixelFormat, stride, planeRows) = (nil, nil, nil, nil)
        (sampleShift, isBottomUp) = (0, false)
    }
}

extension EncodeJob {
    /// Throws if what is asked for besides filters does not go with them.
    func checkFilters() throws(JobError) {
        guard !filters.isEmpty else { return }
        if let parallel, parallel.workers != .count(1), let name = filters.filterAcrossPictures {
            throw .usage(
                "\(Setting.parallel) needs filters that make each frame of one frame by itself, unlike \(name)"
            )
        }
        if verification?.leastPSNR != nil {
            throw .usage(
                "\(Setting.minPSNR) compares with the source, which \(Setting.filter) changes (use \(Setting.verification))"
            )
        }
    }
}
