internal import Encoders
internal import Ingest
internal import Jobs
internal import VideoTypes

/// An encode in segments: where it is cut, how many encoders work on them, and within what bounds.
package struct SegmentSetup: Sendable {
    package let workers: Int
    package let segmentation: Segmentation
    package let bounds: SegmentBounds
}

/// How an encode is spread over a machine's cores, once it is known what is encoded.
enum ParallelChoice: Sendable {
    /// Segments, several at a time.
    case segments(SegmentSetup)
    /// One encoder with threads of its own, and why.
    case oneEncoder(reason: String)

    /// What is known of the encode.
    struct Input {
        /// The encoder; `nil` if it is not known yet, and then it is taken to leave cores idle.
        let backend: BackendDescriptor?
        let config: EncoderConfig
        let pictureBytes: Int
        /// Bytes that each reader needs in addition to its pictures.
        var scratchBytes = 0
        /// How many frames there will be, if that is known.
        let frames: Int?
        /// Each encoder can read its own part.
        let isFile: Bool
        /// Frames come at a constant rate.
        let hasRate: Bool
        let bounds: PipelineBounds
        /// Cores that may be used.
        let cores: Int

        /// The setup for this number of encoders.
        fileprivate func setup(_ workers: Int, _ segmentation: Segmentation) throws(JobError) -> SegmentSetup {
            let found = try SegmentBounds(
                bounds,
                workers: workers,
                segmentation: segmentation,
                isFile: isFile,
                pictureBytes: pictureBytes,
                scratchBytes: scratchBytes
            )
            return SegmentSetup(workers: workers, segmentation: segmentation, bounds: found)
        }

        /// Why one encoder with threads of its own is better than a number of segments; `nil` if it is not.
        fileprivate func reason(against segments: Int) -> String? {
            if !hasRate { return "the frame times are variable" }
            if let backend, backend.keepsCoresBusy { return "\(backend.name) uses all cores by itself" }
            if cores < 2 { return "the machine has one core" }
            if segments < 2 { return "the input has one segment" }
            if !isFile, config.latencyMode == .realtime { return "a realtime stream cannot wait for a segment" }
            return nil
        }
    }

    /// Decides.
    ///
    /// - Throws: ``JobError`` if the requested number does not fit into the allowed memory.
    init(_ options: ParallelOptions, _ input: Input) throws(JobError) {
        let segmentation = Segmentation(
            segmentFrames: options.segmentFrames,
            keyFrameInterval: input.config.keyFrameInterval
        )
        switch options.workers {
        case .count(let workers): self = .segments(try input.setup(workers, segmentation))
        case .auto: self = Self.fastest(input, segmentation)
        }
    }

    private static func fastest(_ input: Input, _ segmentation: Segmentation) -> ParallelChoice {
        let segments = input.frames.map { segmentation.count(ofFrames: $0) }
        let useful = min(input.cores, segments ?? .max)
        if let reason = input.reason(against: useful) { return .oneEncoder(reason: reason) }
        for workers in stride(from: useful, through: 2, by: -1) {
            if let setup = try? input.setup(workers, segmentation) { return .segments(setup) }
        }
        return .oneEncoder(reason: "two segments do not fit into \(Setting.maxMemory)")
    }

    /// The notice about an automatic choice.
    var notice: String {
        switch self {
        case .segments(let setup):
            "\(Setting.parallel) auto: \(setup.workers) encoders, each on a segment of \(setup.segmentation.segmentFrames) frames"
        case .oneEncoder(let reason): "\(Setting.parallel) auto: one encoder with its own threads, because \(reason)"
        }
    }
}

extension ParallelChoice.Input {
    /// What is known of an encode that begins.
    init(_ plan: EncodePlan, frames: Int?, isFile: Bool, bounds: PipelineBounds, cores: Int) {
        self.init(
            backend: plan.backend,
            config: plan.config.values,
            pictureBytes: plan.target.byteCount,
            scratchBytes: plan.scratchBytes,
            frames: frames,
            isFile: isFile,
            hasRate: plan.framerate != nil,
            bounds: bounds,
            cores: cores
        )
    }
}
