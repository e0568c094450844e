internal import EncoderCore
internal import Encoders
package import Jobs
internal import Logging
package import Threading
package import VideoTypes

/// Encodes segments, each with an encoder of its own.
///
/// Thread-safety: segments may be encoded by several threads at once.
package struct SegmentEncoder: Sendable {
    /// Its configuration is that of a segment.
    let plan: EncodePlan
    /// What all encoders together spend their time on.
    package let clock = StageClock()
    /// Options for single frames, by their number in the whole encode.
    private let frameOptions: [Int: EncodeOptions]
    private let progress: JobProgress
    private let logger: Logger
    private let queue: QueueLimits

    /// - Parameter queue: How many pictures wait for an encoder at most.
    package init(_ plan: EncodePlan, _ job: EncodeJob, _ context: EncodeJob.Context, queue: QueueLimits) {
        (self.plan, frameOptions, self.queue) = (plan, job.frameOptions, queue)
        (progress, logger) = (context.progress, context.logger)
    }

    /// Takes chunks, on an encoder's thread.
    package typealias Delivery = @Sendable (EncodedVideoChunk) throws -> Void

    /// The result of a segment.
    package struct Result: Sendable {
        package var frames = 0
        package var chunks = 0
        /// What giving the encoder its frames took, with waiting.
        var feeding = Duration.zero
    }

    /// Encodes a segment's frames.
    ///
    /// - Parameters:
    ///   - frames: The frames.
    ///   - firstFrame: The first one's number in the whole encode.
    ///   - bytesPerFrame: The bytes of each frame for the progress; `nil` if the reader counts them.
    ///   - deliver: Takes the chunks.
    package func encode<Frames: SegmentFrames & ~Copyable>(
        _ frames: inout Frames,
        firstFrame: Int,
        bytesPerFrame: Int?,
        deliver: @escaping Delivery
    ) throws(JobError) -> Result {
        let chunks = SegmentChunks()
        let encoder = VideoEncoder(queue: queue) { chunk in
            try chunks.count(chunk)
            try deliver(chunk)
        }
        defer { for activity in StageClock.Activity.allCases { clock.add(encoder.clock, activity) } }
        let config = try asJobError { () throws(EncoderConfigError) in try plan.config.counting(fromFrame: firstFrame) }
        do throws(EncoderError) {
            try encoder.configure(plan.backend.makeSetup(config, logger))
        } catch {
            throw .encoder(error)
        }
        var result = Result()
        let start = ContinuousClock.now
        while let frame = try frames.nextOfSegment() {
            let options = frameOptions[firstFrame + result.frames] ?? EncodeOptions()
            try submit(frame, options, to: encoder, isReader: bytesPerFrame != nil)
            result.frames += 1
            if let bytesPerFrame { progress.addRead(bytes: bytesPerFrame) }
        }
        result.feeding = start.duration(to: .now)
        do throws(EncoderError) {
            try encoder.flush()
            try encoder.close()
        } catch {
            throw jobError(error)
        }
        result.chunks = chunks.all
        guard result.chunks == result.frames else {
            throw .defect("a segment of \(result.frames) frames became \(result.chunks) chunks")
        }
        return result
    }

    /// - Parameter isReader: The time that it takes is time that reading waits.
    private func submit(
        _ frame: consuming VideoFrame,
        _ options: EncodeOptions,
        to encoder: VideoEncoder,
        isReader: Bool
    ) throws(JobError) {
        let start = ContinuousClock.now
        defer { if isReader { progress.ingestClock.add(start.duration(to: .now), to: .waitingForOutput) } }
        do throws(EncoderError) { try encoder.submit(frame, options: options) } catch { throw jobError(error) }
    }

    /// What does not fit together is the input's fault where its times leave gaps, and otherwise ours.
    private func jobError(_ error: EncoderError) -> JobError {
        guard case .output(let mismatch as SegmentMismatch) = error else { return .encoder(error) }
        guard case .times = mismatch else { return .defect("\(mismatch)") }
        return .config(.unsupported("\(mismatch)"))
    }
}

/// Counts a segment's chunks, and sees that it begins as it has to.
private final class SegmentChunks: Sendable {
    private let counted = Monitor(0)

    var all: Int { counted.withLock { $0 } }

    func count(_ chunk: EncodedVideoChunk) throws(SegmentMismatch) {
        let number = counted.withLock { count in
            count += 1
            return count
        }
        guard number > 1 || chunk.type == .key else {
            throw .noKeyFrame
        }
    }
}

extension StageClock {
    /// Adds what another clock counted.
    fileprivate func add(_ other: StageClock, _ activity: Activity) {
        add(.seconds(other.seconds(activity)), to: activity)
    }
}
