internal import Sluice

// The one table of exit statuses (sysexits.h where it has them).
extension Failure {
    /// The failure of a job.
    init(_ error: JobError) {
        switch error {
        case .usage: self.init(code: 64, name: "usage", message: "\(error)")
        case .config(let config): self.init(config)
        case .input(let input): self.init(input)
        case .output(let output): self.init(output)
        case .encoder(let encoder): self.init(encoder)
        case .frameOptions: self.init(code: 64, name: "invalidFrameOptions", message: "\(error)")
        case .unusedFrameOptions(let frame, _):
            self.init(code: 65, name: "unusedFrameOptions", message: "\(error)", frame: frame)
        case .verification(.quality): self.init(code: 76, name: "qualityTooLow", message: "\(error)")
        case .verification: self.init(code: 76, name: "verificationFailed", message: "\(error)")
        case .differentFrameCounts(let first, let second):
            self.init(code: 65, name: "differentFrameCounts", message: "\(error)", frame: min(first, second))
        case .plan: self.init(code: 78, name: "invalidPlan", message: "\(error)")
        case .unusableShards(let shards): self.init(shards)
        case .damagedShard: self.init(code: 65, name: "damagedShard", message: "\(error)")
        case .shardInWork: self.init(code: 75, name: "shardInWork", message: "\(error)")
        case .interrupted: self.init(code: 75, name: "interrupted", message: "\(error)")
        case .thread: self.init(code: 69, name: "threadRefused", message: "\(error)")
        case .defect: self.init(code: 70, name: "defect", message: "\(error)")
        }
    }

    /// The gravest of what is wrong: what is another plan's stays until somebody removes it, and `sluice shard` mends the rest.
    private init(_ shards: UnusableShards) {
        let (code, name): (Int32, String) =
            if !shards.ofAnotherPlan.isEmpty {
                (78, "shardsOfAnotherPlan")
            } else if !shards.damaged.isEmpty {
                (65, "damagedShards")
            } else {
                (66, "missingShards")
            }
        self.init(code: code, name: name, message: "\(shards)", shards: shards)
    }

    static func asFailure<Value>(_ body: () throws(JobError) -> Value) throws(Failure) -> Value {
        do throws(JobError) { return try body() } catch { throw Failure(error) }
    }

    private init(_ error: EncoderConfigError) {
        let (code, name): (Int32, String) =
            switch error {
            case .unsupported: (69, "unsupportedConfig")
            case .insufficientResources: (69, "insufficientResources")
            case .unknownOption: (64, "unknownEncoderOption")
            case .outOfRange, .malformed, .conflict: (64, "invalidConfig")
            }
        self.init(code: code, name: name, message: "\(error.naming(flags: Self.flags))")
    }

    /// The library's names of settings, and the flags that people type.
    private static let flags = [
        "bitrate": "--bitrate", "codec": "--codec", "constantQuality": "--crf",
        "keyFrameInterval": "--key-frame-interval",
        "preset": "--preset", "quantizer": "--quantizer", "qindex": "--qindex", "threads": "--threads",
        "bitDepth": "--bit-depth", "encoder": "--encoder", "bitrateMode": "--bitrate-mode",
        "latencyMode": "--latency-mode", "scalabilityMode": "--scalability-mode",
        "hardwareAcceleration": "--hardware-acceleration", "contentHint": "--content-hint",
        "chromaLocation": "--chroma-location",
    ]

    /// Libraries do not always say that what they lacked was memory.
    private static var memoryWords: String { MemoryLimit.description.map { " (\($0))" } ?? "" }

    init(_ error: IngestError) {
        switch error {
        case .cannotOpen:
            self.init(code: error.isShortage ? 69 : 66, name: "cannotOpenInput", message: "\(error)")
        case .isFolder: self.init(code: 66, name: "inputIsFolder", message: "\(error)")
        case .notRegular: self.init(code: 66, name: "inputIsNoFile", message: "\(error)")
        case .readFailed(_, let frame, _): self.init(code: 74, name: "readFailed", message: "\(error)", frame: frame)
        case .timedOut(_, let frame, _):
            self.init(code: 74, name: "inputTimeout", message: "\(error)", frame: frame)
        case .changed: self.init(code: 65, name: "inputChanged", message: "\(error)")
        case .empty: self.init(code: 65, name: "emptyInput", message: "\(error)")
        case .partialFrame(let frame, _, _):
            self.init(code: 65, name: "partialFrame", message: "\(error)", frame: frame)
        case .sampleOutOfRange(let frame, _):
            self.init(code: 65, name: "sampleOutOfRange", message: "\(error)", frame: frame)
        case .skippedPastEnd: self.init(code: 65, name: "skippedPastEnd", message: "\(error)")
        case .tooFewFrames: self.init(code: 65, name: "tooFewFrames", message: "\(error)")
        case .tooManyFrames: self.init(code: 65, name: "tooManyFrames", message: "\(error)")
        case .damagedHeader: self.init(code: 65, name: "damagedHeader", message: "\(error)")
        case .noMemory: self.init(code: 69, name: "outOfMemory", message: "\(error)" + Self.memoryWords)
        case .damaged: self.init(code: 65, name: "damagedInput", message: "\(error)")
        case .refersToOthers: self.init(code: 65, name: "inputNamesOthers", message: "\(error)")
        case .unsupported:
            self.init(code: 69, name: "unsupportedInput", message: "\(error)" + Self.memoryWords)
        }
    }

    init(_ error: SinkError) {
        switch error {
        case .exists, .isAnother: self.init(code: 73, name: "outputExists", message: "\(error)")
        case .leadsNowhere, .cannotCreate, .isNoFile, .isLink, .foreignLink, .foreignPipe, .fixed, .outside,
            .notRegular:
            self.init(code: 73, name: "cannotCreateOutput", message: "\(error)")
        case .failed: self.init(code: 74, name: "writeFailed", message: "\(error)")
        case .closedPipe: self.init(code: 74, name: "closedPipe", message: "\(error)")
        case .cannotHold: self.init(code: 69, name: "unsupportedConfiguration", message: "\(error)")
        case .refused: self.init(code: 74, name: "writeFailed", message: "\(error)")
        }
    }

    private init(_ error: EncoderError) {
        switch error {
        case .config(let config): self.init(config)
        case .codec: self.init(code: 69, name: "encoderFailed", message: "\(error)" + Self.memoryWords)
        case .output(let sink as SinkError): self.init(sink)
        // A job's frames are as its input has them: times that go back, for one.
        case .invalidFrame: self.init(code: 65, name: "invalidFrame", message: "\(error)")
        case .quotaExceeded, .invalidState, .output, .aborted:
            self.init(code: 70, name: "defect", message: "a defect in Sluice: \(error)")
        }
    }
}
