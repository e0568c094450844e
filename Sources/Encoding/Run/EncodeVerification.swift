internal import Audio
internal import Containers
internal import EncoderCore
internal import Ingest
internal import Jobs
internal import Media
internal import PixelConversion
internal import SystemPackage
internal import Threading
internal import VideoTypes

/// The decoding of an output before it is renamed into place.
struct EncodeVerification {
    private let job: EncodeJob
    private let context: EncodeJob.Context
    private let plan: EncodePlan
    private let means: PlaneMeansLog
    private let options: VerificationOptions
    /// The output, which has no name yet.
    private let file: FilePath

    /// - Parameter means: The frames that were encoded, where the source cannot be read again.
    /// - Returns: `nil` if no verification is requested.
    /// - Throws: ``Jobs/JobError/usage(_:)`` if it is not possible, before the first frame is read.
    init?(_ run: EncodeRun, _ plan: EncodePlan, _ stage: OutputStage) throws(JobError) {
        (job, context, means, self.plan) = (run.job, run.context, run.means, plan)
        guard let options = job.verification else { return nil }
        guard let file = stage.unnamedFile else {
            throw .usage(
                "\(Setting.verification) reads the output again, so it must be a file, unlike \(job.output.destination.name)"
            )
        }
        guard options.leastPSNR == nil || !means.isKept else {
            throw .usage(
                "\(Setting.minPSNR) reads the source again, so it must be a file of raw frames or Y4M, unlike \(job.input.origin.name)"
            )
        }
        (self.options, self.file) = (options, file)
    }

    /// Whether the source is a regular file by its own name: what was on standard input may have been read from before.
    static func canReadAgain(_ origin: ByteSource.Origin, _ input: borrowing ByteSource) -> Bool {
        if case .path = origin { input.length != nil } else { false }
    }

    /// The result of decoding the output, and of reading its audio; `nil` if a signal ended it.
    func verify(_ written: OutputFiles.Summary, _ audio: [Receipt.AudioTrack]) throws(JobError) -> Verification? {
        try AudioVerification(audio).check(file)
        let verification = OutputVerification(
            file: file,
            options: mediaOptions(written),
            tolerance: tolerance,
            interrupt: context.interrupt
        )
        let watch = PictureWatch(written, plan.config)
        guard !means.isKept else { return try verifyByMeans(verification, watch, frames: written.chunks) }
        let compared = try verifyBySource(verification, watch, frames: written.chunks)
        guard !context.interrupt.isTriggered else { return nil }
        try compared.check(atLeast: (job.config.lossless ? options.exact : options).leastPSNR)
        return Verification(frames: written.chunks, reference: .source, psnr: compared.result)
    }

    /// Matroska counts milliseconds; what counts frames or microseconds is read back as it was written. A bare stream stores no
    /// times: its frames are counted, and compared in their order.
    private var tolerance: Int64? {
        guard job.output.format.hasTimes else { return nil }
        return job.output.format.tick
    }

    private func mediaOptions(_ written: OutputFiles.Summary) -> MediaOptions {
        var options = MediaOptions()
        options.format = job.output.format.readAs
        options.codec = plan.config.codec.codec
        if !job.output.format.hasTimes { options.framerate = plan.framerate }
        if job.output.format == .avcc { options.record = written.description }
        return options
    }

    private func verifyByMeans(
        _ output: OutputVerification,
        _ watch: PictureWatch,
        frames: Int
    ) throws(JobError) -> Verification? {
        let means = means.all
        guard frames == means.count else { throw .defect("\(frames) chunks, but \(means.count) frames were measured") }
        var watch = watch
        try output.run(frames: frames) { number, frame, bytes throws(JobError) in
            do throws(VerificationFailure) {
                try watch.add(source: means[number].means, decoded: PlaneMeans(frame), frame: number, bytes: bytes)
            } catch {
                throw .verification(error)
            }
            return means[number].timestamp
        }
        try finish(&watch)
        return context.interrupt.isTriggered ? nil : Verification(frames: frames, reference: .means, psnr: nil)
    }

    /// Reads the source again, and converts it as it was for the encoder, but to the planes that a decoder gives.
    private func verifyBySource(
        _ output: OutputVerification,
        _ watch: PictureWatch,
        frames: Int
    ) throws(JobError) -> VerificationPSNR {
        let source = try openSourceAgain()
        guard plan.framerateIsConverted, let rate = plan.framerate else {
            return try compare(source, output, watch, frames: frames)
        }
        let pool = source.pool
        return try compare(
            RateConvertedFrames(source, rate, pool: pool, clock: StageClock(), knownFrameCount: nil),
            output,
            watch,
            frames: frames
        )
    }

    private func compare<Source: InputFrames & ~Copyable>(
        _ frameSource: consuming Source,
        _ output: OutputVerification,
        _ watch: PictureWatch,
        frames: Int
    ) throws(JobError) -> VerificationPSNR {
        var source = frameSource
        var (compared, watch) = (VerificationPSNR(), watch)
        try source.skipAll()
        try output.run(frames: frames) { number, decoded, bytes throws(JobError) in
            guard let frame = try source.nextFrame() else {
                guard !context.interrupt.isTriggered else { return nil }
                throw .input(.changedLength(name: job.input.origin.name))
            }
            do throws(VerificationFailure) {
                try compared.add(decoded, frame, frame: number)
                try watch.add(source: PlaneMeans(frame), decoded: PlaneMeans(decoded), frame: number, bytes: bytes)
            } catch {
                throw .verification(error)
            }
            return frame.timestamp
        }
        try finish(&watch)
        return compared
    }

    private func finish(_ watch: inout PictureWatch) throws(JobError) {
        do throws(VerificationFailure) { try watch.finish() } catch { throw .verification(error) }
    }

    private func openSourceAgain() throws(JobError) -> FrameReader {
        var input = try asJobError { () throws(IngestError) in
            try ByteSource(
                opening: job.input.origin,
                access: context.fileAccess,
                interrupt: context.interrupt,
                clock: StageClock()
            )
        }
        let header = try input.readY4MHeader(job.input.format)
        var plan = plan
        (plan.target, plan.conversion) = try asJobError { () throws(EncoderConfigError) in
            try EncodePlan.verifiedPicture(job, header.map(InputHeader.init(_:)), plan)
        }
        let pool = PicturePool(layout: plan.target, capacity: 1 + plan.keptPictures)
        return try FrameReader(input, isY4M: header != nil, plan, job.selection, pool: pool, StageClock())
    }
}

extension OutputFormat {
    /// The format in which the output is read again: what is not a container has the same name.
    fileprivate var readAs: MediaFormat { isContainer ? .media : MediaFormat(rawValue: rawValue) ?? .auto }
}
