internal import Sluice

/// The result of a job.
package struct JobResult: Sendable {
    /// How a job can end.
    package enum Status: String, Encodable, Sendable {
        /// Its output is new and complete.
        case done
        /// Its output was there already, and is what it should be.
        case upToDate = "up to date"
        /// It failed.
        case failed
        /// It was ended by a request; what it had read may be in the output's `.partial` file.
        case interrupted
        /// It was not begun: a job before it failed, or the batch ended.
        case notRun = "not run"
    }

    /// What is in an output.
    package struct Encoded: Encodable, Sendable {
        /// Frames.
        package let frames: Int
        /// Bytes.
        package let bytes: Int
        /// SHA-256 of the bytes.
        package let sha256: String?
        /// Whether the output is smaller than the input, and its file there; `nil` unless that was asked for.
        package let kept: Bool?
        /// Bytes of the input, which the output has to stay below to be kept; `nil` unless that was asked for.
        package let limit: Int?
        /// The codec string.
        package let codec: String
        /// The encoder's name.
        package let encoder: String
        /// Coded width.
        package let width: Int
        /// Coded height.
        package let height: Int
        /// Bits a second; `nil` where frames come at any time.
        package let bitrate: Double?
        /// Seconds that encoding took.
        package let seconds: Double
        /// PSNR over all planes and frames in dB, if the output was verified against its source.
        package let psnr: Double?
        /// What the user should know.
        package let notices: [String]

        /// Frames encoded a second.
        package var framesPerSecond: Double { ClaimedSeconds.rate(of: frames, in: seconds) }
    }

    /// The job.
    package let job: BatchJob
    /// How it ended.
    package internal(set) var status: Status
    /// Why it failed, or was not run.
    package internal(set) var failure: Failure?
    /// How often it was tried.
    package internal(set) var attempts = 0
    /// Seconds by the clock on the wall, the tries together.
    package internal(set) var seconds = 0.0
    /// Seconds of processor time.
    package internal(set) var cpuSeconds = 0.0
    /// The most memory that its process had resident, in bytes; `nil` if it did not run.
    package internal(set) var peakMemory: Int?
    /// What is in the output.
    package internal(set) var encoded: Encoded?

    /// The job was not begun, because the batch was asked to stop.
    package var wasStopped: Bool { status == .notRun && failure?.name == Failure.stopped.name }

    /// The job is done without an output, which would not be smaller than the input.
    package var isNotKept: Bool { encoded?.kept == false }

    /// How it ended, for people.
    var statusText: String { status.rawValue + (isNotKept ? ", not kept" : "") }

    /// The batch has ended before the job had.
    mutating func interrupt() {
        status = .interrupted
        failure = Failure(.temporary, name: "interrupted", message: "the batch ended while the job ran")
    }

    init(_ job: BatchJob, _ status: Status, _ failure: Failure? = nil) {
        (self.job, self.status, self.failure) = (job, status, failure)
    }
}

extension JobResult.Encoded {
    init(_ receipt: Receipt) {
        (frames, bytes, sha256) = (receipt.output.chunks, receipt.output.bytes, receipt.output.sha256)
        limit = receipt.output.limit
        kept = limit.map { _ in receipt.isKept }
        (codec, encoder) = (receipt.config.codec, receipt.config.encoder)
        (width, height) = (receipt.config.width, receipt.config.height)
        let rate = receipt.config.framerate.flatMap { FrameRate($0) }
        bitrate = rate.map {
            Double(receipt.output.bytes) * 8 * $0.approximate / Double(max(1, receipt.output.chunks))
        }
        seconds = receipt.wallSeconds
        psnr = receipt.verification?.psnr?.average.flatMap { $0.isFinite ? $0 : nil }
        notices = receipt.notices
    }
}
