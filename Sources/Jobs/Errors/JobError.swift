public import Containers
public import Ingest
public import Threading
public import VideoTypes

/// Why a job failed. The command line turns it into an exit status.
public enum JobError: Error, Sendable {
    /// What was asked for is incomplete or contradicts itself.
    case usage(String)
    /// The configuration is invalid or unsupported.
    case config(EncoderConfigError)
    /// The input is at fault.
    case input(IngestError)
    /// An output is at fault.
    case output(SinkError)
    /// The encoder failed.
    case encoder(EncoderError)
    /// Frame options cannot be read.
    case frameOptions(String)
    /// A list of frame times is not one.
    case frameTimes(String)
    /// A list of chapters is not one.
    case chapters(String)
    /// Frame options name a frame that the input does not have.
    case unusedFrameOptions(frame: Int, frames: Int)
    /// The output is not what it should be, or not as good.
    case verification(VerificationFailure)
    /// One of two inputs that are compared has more frames than the other.
    case differentFrameCounts(first: Int, second: Int)
    /// A plan is not one, or not for this.
    case plan(String)
    /// Shards of a plan are not there, or not whole, or another plan's.
    case unusableShards(UnusableShards)
    /// A shard is not what it has to be.
    case damagedShard(name: String, reason: String)
    /// Another process is writing the same shard, and has not finished: retry later.
    case shardInWork(name: String)
    /// An interrupt came before there was anything to keep.
    case interrupted
    /// The system refused a thread.
    case thread(WorkerThread.CreationError)
    /// Something that cannot be, was.
    case defect(String)
}

extension JobError: CustomStringConvertible {
    /// The thing, its value, and what would have been right.
    public var description: String {
        switch self {
        case .usage(let reason), .frameOptions(let reason), .frameTimes(let reason), .chapters(let reason): reason
        case .config(let error): error.description
        case .input(let error): error.description
        case .output(let error): error.description
        case .encoder(let error): error.description
        case .unusedFrameOptions(let frame, let frames):
            "the frame options name frame \(frame), but only \(Quantity.count(frames, "frame")) are encoded"
        case .verification(let failure): failure.description
        case .differentFrameCounts(let first, let second):
            "the first input has \(Quantity.count(first, "frame")), but the second has \(second)"
        case .plan(let reason): reason
        case .unusableShards(let shards): shards.description
        case .damagedShard(let name, let reason): "\(name) is damaged: \(reason)"
        case .shardInWork(let name): "another process is writing \(name): try again"
        case .interrupted: "interrupted before anything was written"
        case .thread(let error): error.description
        case .defect(let reason): "a defect in Sluice: \(reason)"
        }
    }
}
