package import Containers
internal import EncoderCore
package import Ingest
internal import VideoTypes

// The one place where errors become exit statuses.
extension Failure {
    /// The failure of a job.
    package init(_ error: JobError) {
        switch error {
        case .usage: self.init(.usage, name: "usage", message: "\(error)")
        case .config(let config): self.init(config)
        case .input(let input): self.init(input)
        case .output(let output): self.init(output)
        case .encoder(let encoder): self.init(encoder)
        case .frameOptions: self.init(.usage, name: "invalidFrameOptions", message: "\(error)")
        case .unusedFrameOptions(let frame, _):
            self.init(.badInput, name: "unusedFrameOptions", message: "\(error)", frame: frame)
        case .frameTimes: self.init(.badInput, name: "invalidFrameTimes", message: "\(error)")
        case .chapters: self.init(.badInput, name: "invalidChapters", message: "\(error)")
        case .verification(.quality): self.init(.gateFailed, name: "qualityTooLow", message: "\(error)")
        case .verification: self.init(.gateFailed, name: "verificationFailed", message: "\(error)")
        case .differentFrameCounts(let first, let second):
            self.init(.badInput, name: "differentFrameCounts", message: "\(error)", frame: min(first, second))
        case .plan: self.init(.badManifest, name: "invalidPlan", message: "\(error)")
        case .unusableShards(let shards): self.init(shards)
        case .damagedShard: self.init(.badInput, name: "damagedShard", message: "\(error)")
        case .shardInWork: self.init(.temporary, name: "shardInWork", message: "\(error)")
        case .interrupted: self.init(.temporary, name: "interrupted", message: "\(error)")
        case .thread: self.init(.unavailable, name: "threadRefused", message: "\(error)")
        case .defect: self.init(.defect, name: "defect", message: "\(error)")
        }
    }

    /// The gravest of what is wrong: what is another plan's stays until somebody removes it, and `sluice shard` mends the rest.
    private init(_ shards: UnusableShards) {
        let (status, name): (ExitStatus, String) =
            if !shards.ofAnotherPlan.isEmpty {
                (.badManifest, "shardsOfAnotherPlan")
            } else if !shards.damaged.isEmpty {
                (.badInput, "damagedShards")
            } else {
                (.missingInput, "missingShards")
            }
        self.init(status, name: name, message: "\(shards)", shards: shards)
    }

    private init(_ error: EncoderConfigError) {
        let (status, name): (ExitStatus, String) =
            switch error {
            case .unsupported: (.unavailable, "unsupportedConfig")
            case .insufficientResources: (.unavailable, "insufficientResources")
            case .unknownOption: (.usage, "unknownEncoderOption")
            case .outOfRange, .malformed, .conflict: (.usage, "invalidConfig")
            }
        self.init(status, name: name, message: "\(error)")
    }

    /// Libraries do not always report that memory was the reason.
    private static var memoryWords: String { MemoryLimit.description.map { " (\($0))" } ?? "" }

    /// The failure of an input.
    package init(_ error: IngestError) {
        switch error {
        case .cannotOpen:
            self.init(error.isShortage ? .unavailable : .missingInput, name: "cannotOpenInput", message: "\(error)")
        case .isFolder: self.init(.missingInput, name: "inputIsFolder", message: "\(error)")
        case .notRegular: self.init(.missingInput, name: "inputIsNoFile", message: "\(error)")
        case .readFailed(_, let frame, _):
            self.init(.transferFailed, name: "readFailed", message: "\(error)", frame: frame)
        case .timedOut(_, let frame, _):
            self.init(.transferFailed, name: "inputTimeout", message: "\(error)", frame: frame)
        case .changed: self.init(.badInput, name: "inputChanged", message: "\(error)")
        case .empty: self.init(.badInput, name: "emptyInput", message: "\(error)")
        case .partialFrame(let frame, _, _):
            self.init(.badInput, name: "partialFrame", message: "\(error)", frame: frame)
        case .sampleOutOfRange(let frame, _):
            self.init(.badInput, name: "sampleOutOfRange", message: "\(error)", frame: frame)
        case .skippedPastEnd: self.init(.badInput, name: "skippedPastEnd", message: "\(error)")
        case .tooFewFrames: self.init(.badInput, name: "tooFewFrames", message: "\(error)")
        case .tooManyFrames: self.init(.badInput, name: "tooManyFrames", message: "\(error)")
        case .wrongNumberOfTimes: self.init(.badInput, name: "wrongNumberOfTimes", message: "\(error)")
        case .damagedHeader: self.init(.badInput, name: "damagedHeader", message: "\(error)")
        case .noMemory: self.init(.unavailable, name: "outOfMemory", message: "\(error)" + Self.memoryWords)
        case .damaged: self.init(.badInput, name: "damagedInput", message: "\(error)")
        case .refersToOthers: self.init(.badInput, name: "inputNamesOthers", message: "\(error)")
        case .unsupported:
            self.init(.unavailable, name: "unsupportedInput", message: "\(error)" + Self.memoryWords)
        }
    }

    /// The failure of an output.
    package init(_ error: SinkError) {
        switch error {
        case .exists, .isAnother: self.init(.cannotCreate, name: "outputExists", message: "\(error)")
        case .leadsNowhere, .cannotCreate, .isNoFile, .isLink, .foreignLink, .foreignPipe, .fixed, .outside,
            .notRegular:
            self.init(.cannotCreate, name: "cannotCreateOutput", message: "\(error)")
        case .failed: self.init(.transferFailed, name: "writeFailed", message: "\(error)")
        case .closedPipe: self.init(.transferFailed, name: "closedPipe", message: "\(error)")
        case .cannotHold: self.init(.unavailable, name: "unsupportedConfiguration", message: "\(error)")
        case .refused: self.init(.transferFailed, name: "writeFailed", message: "\(error)")
        }
    }

    private init(_ error: EncoderError) {
        switch error {
        case .config(let config): self.init(config)
        case .codec: self.init(.unavailable, name: "encoderFailed", message: "\(error)" + Self.memoryWords)
        case .output(let sink as SinkError): self.init(sink)
        // A job's frames are as its input has them: times that go back, for one.
        case .invalidFrame: self.init(.badInput, name: "invalidFrame", message: "\(error)")
        case .quotaExceeded, .invalidState, .output, .aborted:
            self.init(.defect, name: "defect", message: "a defect in Sluice: \(error)")
        }
    }
}
