// Encoding what is coded already.
extension EncodeRun {
    func runMedia(_ source: consuming ByteSource) throws(JobError) -> Receipt {
        guard !job.input.hasDigest else { throw .usage("the digest of an input is that of raw frames or Y4M") }
        var options = MediaOptions()
        options.acceptPartial = job.input.selection.acceptPartial
        let media = try DecodedMedia(
            reading: source,
            media: options,
            framerate: job.input.framerate,
            interrupt: context.interrupt
        )
        defer { media.stop() }
        warn(of: media.info)
        guard let first = try media.next() else {
            throw .input(.empty(name: media.info.name, frameBytes: nil))
        }
        let described = InputHeader(media.info, first)
        var plan = try EncodePlan(job, described: described)
        means.isKept = job.verification != nil
        let receipt: Receipt
        if let setup = try segmentSetup(&plan, described, frames: job.input.selection.count, isFile: false) {
            let frames = mediaFrames(media, first: first, plan, pictures: setup.bounds.pictures, areKept: true)
            receipt = try run(frames, plan, setup)
        } else {
            let bounds = try bounds(plan, scratchBytes: 0)
            receipt = try run(mediaFrames(media, first: first, plan, pictures: bounds.pictures), plan, bounds)
        }
        if let loss = media.loss { context.logger.warning("\(loss)") }
        return receipt
    }

    /// - Parameter areKept: Many wait at a time, so that the decoder's own pictures are too few.
    private func mediaFrames(
        _ media: DecodedMedia,
        first: consuming DecodedFrame,
        _ plan: EncodePlan,
        pictures: Int,
        areKept: Bool = false
    ) -> MediaFrames {
        MediaFrames(
            media,
            first: first,
            plan,
            job.input.selection,
            pool: PicturePool(layout: plan.target, capacity: pictures),
            areKept: areKept,
            clock: context.progress.ingestClock
        )
    }

    private func warn(of info: MediaInfo) {
        for stream in info.otherStreams {
            context.logger.warning("\(info.name): a stream of \(stream.kind) (\(stream.codec)) is left behind")
        }
        if info.hasAlpha { context.logger.warning("\(info.name): the pictures' transparency is left behind") }
    }
}
