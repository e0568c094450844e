internal import Containers
internal import EncoderCore
internal import Ingest
internal import Jobs
internal import Logging
internal import Media
internal import VideoTypes

// Encoding what is coded already.
extension EncodeRun {
    func runMedia(_ source: consuming ByteSource) throws(JobError) -> Receipt {
        guard !job.input.hasDigest else { throw .usage("the digest of an input is that of raw frames or Y4M") }
        var options = MediaOptions()
        options.acceptPartial = job.input.selection.acceptPartial
        let survey = try survey(source, options)
        let reading = audioReading(source)
        options.audio = reading?.intake
        options.notices = notices
        let media = try DecodedMedia(
            reading: source,
            media: options,
            framerate: job.input.framerate,
            interrupt: context.interrupt
        )
        defer { media.stop() }
        try media.info.requireRate()
        warn(of: media.info)
        notices.addAtEnd { media.skippedNotice }
        notices.addAtEnd { media.interlaceNotice }
        let audio = try audio(reading, with: media)
        guard let first = try media.next() else {
            throw .input(.empty(name: media.info.name, frameBytes: nil))
        }
        let described = InputHeader(media.info, first, survey)
        var plan = try plan(described)
        // Matroska begins at any millisecond where audio comes before the video; frames would be counted from 0.
        plan.countsMicroseconds =
            countsMicroseconds(plan, media.info, first) || (audio != nil && job.output.format.tick > 1)
        means.isKept = job.verification != nil
        let receipt: Receipt
        if let setup = try segmentSetup(&plan, described, frames: job.input.selection.count, isFile: false) {
            let pictures = setup.bounds.pictures
            let frames = mediaFrames(media, first: first, plan, pictures: pictures, areKept: true, audio, described)
            receipt = try run(frames, plan, setup, audio: audio)
        } else {
            let bounds = try bounds(plan, scratchBytes: 0)
            let frames = mediaFrames(
                media,
                first: first,
                plan,
                pictures: bounds.pictures,
                areKept: false,
                audio,
                described
            )
            receipt = try run(frames, plan, bounds, audio: audio)
        }
        if let loss = media.loss ?? audio?.loss { context.logger.warning("\(loss)") }
        return receipt
    }

    /// - Parameter areKept: Many wait at a time, so that the decoder's own pictures are too few.
    private func mediaFrames(
        _ media: DecodedMedia,
        first: consuming DecodedFrame,
        _ plan: EncodePlan,
        pictures: Int,
        areKept: Bool,
        _ audio: AudioCarriage?,
        _ described: InputHeader
    ) -> MediaFrames {
        let job = job
        return MediaFrames(
            media,
            first: first,
            plan,
            job.input.selection,
            pool: PicturePool(layout: plan.target, capacity: pictures),
            areKept: areKept,
            clock: context.progress.ingestClock,
            timing: OutputTiming(job, notices),
            audio: audio,
            statedTags: PictureTags.ofStreams.filter { !job.states($0) },
            conversion: { layout throws(JobError) in try plan.conversion(job, fromFramesOf: layout, described) },
            notices: notices
        )
    }

    /// The summary of a file's times, which are read beforehand; `nil` for a pipe, and for a stream without times.
    private func survey(_ source: borrowing ByteSource, _ options: MediaOptions) throws(JobError) -> TimeSurvey? {
        guard case .path(let path) = job.input.origin, source.length != nil else { return nil }
        return try TimeSurvey.read(path, options, context.interrupt)
    }

    /// Whether the output keeps a beginning that is at no time of the constant rate's own.
    private func countsMicroseconds(_ plan: EncodePlan, _ info: MediaInfo, _ first: borrowing DecodedFrame) -> Bool {
        guard job.input.keepsStartTime else { return false }
        var timeline = FrameTimeline(rate: plan.framerate, clockError: info.clockError)
        timeline.beginKeepingTime(first.frame.timestamp)
        return !timeline.isOnGrid
    }

    private func warn(of info: MediaInfo) {
        for stream in info.otherStreams where !(stream.isAudio && job.output.copiesAudio) {
            notices.add("\(info.name): \(stream.name) is dropped")
        }
        for name in info.leftovers { notices.add("\(info.name): \(name) dropped") }
        if info.hasAlpha { notices.add("\(info.name): the pictures' transparency is dropped") }
    }
}
