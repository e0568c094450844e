internal import Encoders
internal import Jobs
internal import VideoTypes

/// How many encoders a job's frames are distributed to, as far as known before it runs.
struct EncoderSpread {
    /// What is known of the job's input and its encoder.
    struct Input {
        /// `nil` where it is not known which it will be.
        let backend: BackendDescriptor?
        let pictureBytes: Int
        /// `nil` if that is not known.
        let frames: Int?
        /// Each encoder can read its own part.
        let isFile: Bool
        /// Frames come at a constant rate.
        let hasRate: Bool
    }

    /// Threads that the job specifies; `nil` if it uses as many as it is given.
    let threads: Int?
    /// Threads of each encoder that works on segments; `nil` where one encoder does it all.
    let threadsPerEncoder: Int?
    /// Threads of encoders that have something to do; `nil` where one encoder does it all.
    let usefulThreads: Int?
    /// Encoders that certainly work side by side, 1 or more.
    let encoders: Int
    /// Bytes that wait for each additional encoder, without those in the encoder.
    let waitingBytes: Int

    /// As many as the widest machine has cores.
    private static let most = 128

    /// - Throws: ``JobError`` if the request does not fit into the job's memory.
    init(_ job: EncodeJob, _ input: Input) throws(JobError) {
        let cutting = try job.parallel.flatMap { options throws(JobError) in try Self.cutting(options, job, input) }
        guard let cutting else {
            (threads, threadsPerEncoder, usefulThreads) = (job.config.threads, nil, nil)
            (encoders, waitingBytes) = (1, 0)
            return
        }
        let each = job.config.threads ?? 1
        threadsPerEncoder = each
        threads = cutting.asked.map { $0 * each }
        usefulThreads = cutting.useful * each
        encoders = cutting.asked ?? 1
        waitingBytes = cutting.bounds.pictures * input.pictureBytes / (input.isFile ? 1 : max(1, cutting.useful))
    }

    private struct Cutting {
        /// How many encoders the job requests; `nil` for an automatic number.
        let asked: Int?
        /// How many have something to do, and room.
        let useful: Int
        let bounds: SegmentBounds
    }

    private static func cutting(
        _ options: ParallelOptions,
        _ job: EncodeJob,
        _ input: Input
    ) throws(JobError) -> Cutting? {
        let segmentation = Segmentation(
            segmentFrames: options.segmentFrames,
            keyFrameInterval: job.config.keyFrameInterval
        )
        func bounds(_ workers: Int) throws(JobError) -> SegmentBounds {
            try SegmentBounds(
                job.bounds,
                workers: workers,
                segmentation: segmentation,
                isFile: input.isFile,
                pictureBytes: input.pictureBytes,
                scratchBytes: 0
            )
        }
        if case .count(let count) = options.workers {
            return Cutting(asked: count, useful: count, bounds: try bounds(count))
        }
        let useful = min(most, input.frames.map { segmentation.count(ofFrames: $0) } ?? most)
        guard !isForOneEncoder(job, input, useful: useful) else { return nil }
        for workers in stride(from: useful, through: 2, by: -1) {
            if let bounds = try? bounds(workers) { return Cutting(asked: nil, useful: workers, bounds: bounds) }
        }
        return nil
    }

    private static func isForOneEncoder(_ job: EncodeJob, _ input: Input, useful: Int) -> Bool {
        ParallelChoice.reasonAgainst(
            backend: input.backend,
            hasRate: input.hasRate,
            isFile: input.isFile,
            latencyMode: job.config.latencyMode,
            cores: most,
            segments: useful
        ) != nil
    }
}
