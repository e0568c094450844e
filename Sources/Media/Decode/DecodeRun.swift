internal import CPosix
internal import Containers
internal import Encoders
package import Ingest
internal import Jobs
internal import Logging
internal import VideoTypes

/// One run of one decoding.
struct DecodeRun {
    private let job: DecodeJob
    private let context: DecodeJob.Context
    private let notices: Notices
    private let start = ContinuousClock.now
    private let stamp: InputStamp?

    init(_ job: DecodeJob, _ context: DecodeJob.Context) {
        (self.job, self.context) = (job, context)
        notices = Notices(context.logger)
        stamp = InputStamp(job.input)
    }

    func run() throws(JobError) -> DecodeReceipt {
        var options = job.media
        options.notices = notices
        // What is scaled is converted in the same step.
        var form = DecoderOptions(outputFormat: job.size == nil ? job.pixelFormat : nil, threads: job.threads)
        (form.alpha, form.keepsDeepAlpha) = (job.keepsAlpha ? .keep : .discard, job.keepsAlpha)
        let media = try DecodedMedia(
            opening: job.input,
            media: options,
            options: form,
            interrupt: context.interrupt,
            logger: context.logger
        )
        defer { media.stop() }
        // A frame has megabytes: with a larger pipe, writer and reader switch less often. Outputs that are not pipes stay as
        // they are.
        if job.output == .standardOutput { _ = cposix_enlarge_pipe(cposix_standard_output(), 1 << 20) }
        let sink = try asJobError { () throws(SinkError) in
            try ByteSink(opening: job.output, overwrite: job.overwrite, temporaries: context.temporaries)
        }
        for stream in media.info.otherStreams where !stream.isAudio {
            notices.add("\(media.info.name): \(stream.name) is dropped")
        }
        notices.addAtEnd { media.skippedNotice }
        notices.addAtEnd { media.interlaceNotice }
        var writer = FrameWriter(sink, job, media.info, notices) { media.file(ofPicture: $0 + job.selection.skip) }
        var selection = FrameSelection(job.selection)
        while selection.wantsMore, let frame = try media.next() {
            guard try asJobError({ () throws(IngestError) in try selection.takesNext() }) else { continue }
            try writer.write(frame)
        }
        if !media.isInterrupted { try asJobError { () throws(IngestError) in try selection.checkEnd() } }
        if !media.isInterrupted, job.selection.count == nil { try stamp?.check() }
        if !media.isInterrupted, let gap = media.gapNotice { notices.add(gap) }
        if let loss = media.loss { context.logger.warning("\(loss)") }
        return try complete(writer, media)
    }

    private func complete(_ writer: consuming FrameWriter, _ media: DecodedMedia) throws(JobError) -> DecodeReceipt {
        let isInterrupted = media.isInterrupted
        let loss = media.loss
        let receipt = DecodeReceipt(
            status: isInterrupted ? "interrupted" : loss == nil ? "complete" : "partial",
            input: DecodeReceipt.Input(
                name: media.info.name,
                format: media.info.format.rawValue,
                codec: media.info.codec,
                pictures: media.picturesRead,
                claimedFrames: media.info.frameCount,
                loss: loss.map { "\($0)" }
            ),
            output: writer.summary,
            notices: notices.all,
            sandbox: context.sandbox,
            wallSeconds: Self.seconds(start.duration(to: .now))
        )
        guard !isInterrupted else {
            // The output of an interrupted run is usable, but not what was requested.
            if writer.frames > 0 { try writer.publish(suffix: ".partial") }
            return receipt
        }
        try publish(writer, receipt)
        return receipt
    }

    private func publish(_ writer: consuming FrameWriter, _ receipt: DecodeReceipt) throws(JobError) {
        var sink: ByteSink?
        try asJobError { () throws(SinkError) in
            guard let destination = job.receipt else { return }
            sink = try ByteSink(
                opening: destination,
                job.receiptLookup,
                overwrite: job.overwrite,
                temporaries: context.temporaries,
                mayBeAbandoned: false
            )
            try sink?.write(receipt.line)
            try sink?.sync()
        }
        let publication = Publication(context.temporaries)
        do throws(JobError) {
            try writer.publish(suffix: "", in: publication)
            try asJobError { () throws(SinkError) in
                if let sink = sink.take() { try sink.publish(suffix: "", in: publication) }
            }
        } catch {
            publication.withdraw()
            throw error
        }
        publication.keep()
    }

    private static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return (Double(seconds) * 1000 + Double(attoseconds) * 1e-15).rounded() / 1000
    }
}

/// Which of the frames that come are taken, and whether there are as many as there must be.
package struct FrameSelection {
    private let selection: FrameReader.Selection
    /// Frames that have come.
    package private(set) var seen = 0
    /// Frames that were taken.
    private(set) var taken = 0

    package init(_ selection: FrameReader.Selection) { self.selection = selection }

    package var wantsMore: Bool { selection.count.map { taken < $0 } ?? true }

    /// Whether the next frame is one.
    package mutating func takesNext() throws(IngestError) -> Bool {
        seen += 1
        guard seen > selection.skip else { return false }
        taken += 1
        if let expected = selection.expected, taken > expected {
            throw .tooManyFrames(frames: nil, expected: expected)
        }
        return true
    }

    /// That there were enough.
    package func checkEnd() throws(IngestError) {
        guard taken > 0 else { throw .skippedPastEnd(frames: seen, skip: selection.skip) }
        guard let wanted = selection.count ?? selection.expected, taken < wanted else { return }
        throw .tooFewFrames(frames: taken, wanted: wanted)
    }
}
