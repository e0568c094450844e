internal import Jobs
internal import VideoTypes

/// How many encoders a job's frames are distributed to, as far as known before it runs.
struct EncoderSpread {
    /// Threads that the job specifies; `nil` if it uses as many as it is given.
    let threads: Int?
    /// Threads of each encoder that works on segments; `nil` where one encoder does it all.
    let threadsPerEncoder: Int?
    /// Threads of encoders that have something to do, 1 or more.
    let usefulThreads: Int
    /// Encoders that certainly work side by side, 1 or more.
    let encoders: Int
    /// Bytes that wait for each additional encoder, without those in the encoder.
    let waitingBytes: Int

    /// As many as the widest machine has cores.
    static let mostCores = 128
}

extension EncoderSpread {
    /// - Parameters:
    ///   - job: The job.
    ///   - input: What is known of its frames and its encoder.
    ///   - usefulThreads: Threads that one encoder of the whole would keep busy.
    /// - Throws: ``JobError`` if the request does not fit into the job's memory.
    init(_ job: EncodeJob, _ input: ParallelChoice.Input, usefulThreads: Int) throws(JobError) {
        let choice = try job.parallel.map { options throws(JobError) in try ParallelChoice(options, input) }
        guard case .segments(let setup) = choice else {
            self.init(
                threads: job.config.threads,
                threadsPerEncoder: nil,
                usefulThreads: usefulThreads,
                encoders: 1,
                waitingBytes: 0
            )
            return
        }
        let each = job.config.threads ?? 1
        let requested = job.parallel?.requestedWorkers
        let waiting = setup.bounds.pictures * input.pictureBytes
        self.init(
            threads: requested.map { $0 * each },
            threadsPerEncoder: each,
            usefulThreads: setup.workers * each,
            encoders: requested ?? 1,
            waitingBytes: waiting / (input.isFile ? 1 : max(1, setup.workers))
        )
    }
}

extension VideoCodec {
    /// Threads to which one encoder can give work: VP9 and AV1 work on columns of at least 256 samples, H.264 and HEVC on rows
    /// of several frames.
    func usefulThreads(_ size: PictureSize) -> Int {
        switch self {
        case .h264, .hevc: max(1, min(16, size.height / 48))
        case .vp8: max(1, min(8, size.height / 240))
        case .vp9, .av1: max(1, min(16, size.width / 256))
        }
    }
}
