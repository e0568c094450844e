internal import Containers
internal import EncoderCore
internal import Encoders
internal import Filters
internal import Ingest
internal import Jobs
internal import Logging
internal import Media
internal import VideoTypes

// Encoding what is coded already.
extension EncodeRun {
    func encodeMedia(_ source: consuming ByteSource) throws(JobError) -> Receipt {
        var options = try mediaOptions()
        let survey = try survey(source, options)
        let isFile = if case .path = job.input.origin { source.length != nil } else { false }
        let reading = AudioReading(job, source)
        options.audio = reading?.intake
        let (origin, own, form) = (
            job.input.origin, job.input.mediaOptions, DecoderOptions(job.picture, job.config.alpha)
        )
        let media = try DecodedMedia(
            reading: source,
            media: options,
            decoding: form,
            framerate: job.input.framerate,
            interrupt: context.interrupt
        )
        let again = { () throws(JobError) in
            try DecodedMedia(opening: origin, media: own, options: form, interrupt: context.interrupt)
        }
        return try encode(media, survey, again: isFile ? again : nil) { () throws(JobError) in
            try reading?.open(job, with: media, notices)
        }
    }

    /// Encodes a sequence of pictures.
    func encodePictures(_ sequence: PictureSequence) throws(JobError) -> Receipt {
        guard !job.output.copiesAudio, !job.input.keepsStartTime || job.input.frameTimes != nil else {
            let setting: Setting = job.output.copiesAudio ? .copiesAudio : .keepsStartTime
            throw .usage("\(setting) needs media, but \(sequence.name) has only pictures")
        }
        var options = try mediaOptions()
        options.framerate = job.input.framerate
        let form = DecoderOptions(job.picture, job.config.alpha)
        let open = { [options] () throws(JobError) in
            let opened = try OpenedMedia(sequence, options, context.interrupt)
            return try DecodedMedia(reading: opened, options, form, context.interrupt)
        }
        return try encode(try open(), nil, again: open) { nil }
    }

    private func mediaOptions() throws(JobError) -> MediaOptions {
        guard !job.input.hasDigest else { throw .usage("the digest of an input is that of raw frames or Y4M") }
        var options = job.input.mediaOptions
        options.notices = notices
        // Until it is known what the encoder takes.
        if job.bounds.maxBytes != nil { options.aheadBytes = 0 }
        return options
    }

    private func encode(
        _ media: DecodedMedia,
        _ survey: TimeSurvey?,
        again: (() throws(JobError) -> DecodedMedia)?,
        openAudio: () throws(JobError) -> AudioCarriage?
    ) throws(JobError) -> Receipt {
        defer { media.stop() }
        if job.input.frameTimes == nil { try media.info.requireRate() }
        let pictures = try pictures(of: media)
        warn(of: media.info)
        notices.addAtEnd { media.skippedNotice }
        if !job.filters.deinterlaces { notices.addAtEnd { media.interlaceNotice } }
        let audio = try openAudio()
        guard let first = try pictures.next() else {
            throw .input(.empty(name: media.info.name, frameBytes: nil))
        }
        let (hasAlpha, form) = (first.frame.format.hasAlpha, DecoderOptions(job.picture, job.config.alpha))
        if hasAlpha ? form.alpha == .discard : media.info.hasAlpha {
            notices.add("\(media.info.name): the pictures' transparency is dropped")
        }
        var run = self
        if first.isAssociated, form.alpha == .keep, !job.picture.isPremultiplied {
            var own = job
            own.picture.isPremultiplied = true
            run = EncodeRun(own, after: self)
        }
        let receipt = try run.encode(pictures, first: first, of: media, survey, again: again, audio)
        if let loss = media.loss ?? audio?.loss { context.logger.warning("\(loss)") }
        return receipt
    }

    /// Encodes pictures of which the first is known, and whatever the job says of them.
    private func encode(
        _ pictures: any TimedPictures,
        first: consuming DecodedFrame,
        of media: DecodedMedia,
        _ survey: TimeSurvey?,
        again: (() throws(JobError) -> DecodedMedia)?,
        _ audio: AudioCarriage?
    ) throws(JobError) -> Receipt {
        let described = job.described(InputHeader(media.info, first, survey))
        guard !job.hasFilters(first.colorSpace) else {
            return try encodeFiltered(pictures, of: media, first: first, described, again: again, audio)
        }
        means.isKept = job.verification != nil
        let plan = try plan(described)
        try job.checkLastDuration(plan)
        let frames = plan.outputFrames(ofInput: job.input.selection.count)
        let kept = plan.keptPictures * plan.target.byteCount
        var planned = try RunPlan(
            self,
            plan,
            described,
            frames: frames,
            isFile: false,
            scratchBytes: kept,
            ahead: media.aheadMemory
        )
        if let bytes = planned.aheadBytes { media.decodeAhead(within: bytes) }
        // Matroska begins at any millisecond where audio comes before the video; frames would be counted from 0.
        planned.plan.countsMicroseconds =
            countsMicroseconds(planned.plan, media.info, first) || (audio != nil && job.output.format.tick > 1)
        return try encode(mediaFrames(pictures, first: first, planned, audio, described), planned, audio: audio)
    }

    /// The pictures of a stream, with the times that the job lists.
    private func pictures(of media: DecodedMedia) throws(JobError) -> any TimedPictures {
        guard let times = job.input.frameTimes else { return media }
        return try RetimedPictures(media, times, job.input)
    }

    private func mediaFrames(
        _ pictures: any TimedPictures,
        first: consuming DecodedFrame,
        _ planned: RunPlan,
        _ audio: AudioCarriage?,
        _ described: InputHeader
    ) -> MediaFrames {
        let (job, plan) = (job, planned.plan)
        return MediaFrames(
            pictures,
            first: first,
            plan,
            job.input.selection,
            pool: planned.pool,
            // Many wait at a time: the decoder's own pictures are too few.
            areKept: planned.segments != nil || plan.framerateIsConverted,
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
        guard case .path(let path) = job.input.origin, source.length != nil, job.input.frameTimes == nil else {
            return nil
        }
        return try TimeSurvey.read(path, options, context.interrupt)
    }

    /// Whether the output keeps a beginning that is at no time of the constant rate's own.
    private func countsMicroseconds(_ plan: EncodePlan, _ info: MediaInfo, _ first: borrowing DecodedFrame) -> Bool {
        guard job.input.keepsStartTime, job.input.frameTimes == nil, !plan.framerateIsConverted else { return false }
        var timeline = FrameTimeline(rate: plan.framerate, clockError: info.clockError)
        timeline.beginKeepingTime(first.frame.timestamp)
        return !timeline.isOnGrid
    }

    private func warn(of info: MediaInfo) {
        for stream in info.otherStreams where !(stream.isAudio && job.output.copiesAudio) {
            notices.add("\(info.name): \(stream.name) is dropped")
        }
        for name in info.leftovers { notices.add("\(info.name): \(name) dropped") }
    }
}
