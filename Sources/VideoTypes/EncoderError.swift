/// What can go wrong while encoding.
public enum EncoderError: Error, Sendable {
    /// The configuration is invalid or unsupported.
    case config(EncoderConfigError)
    /// The queue is at its hard limit, and the frame was not taken. Try again when `encodeQueueSize` has fallen.
    case quotaExceeded(frames: Int, bytes: Int)
    /// The call does not fit the encoder's state.
    case invalidState(String)
    /// The frame does not fit the configuration or the frames before it.
    case invalidFrame(String)
    /// A codec library refused a call.
    case codec(operation: String, status: Int)
    /// The closure that takes the chunks threw this.
    case output(any Error)
    /// The encoder was reset or closed while the call waited.
    case aborted
}

extension EncoderError: CustomStringConvertible {
    /// The thing, its value, and what would have been right.
    public var description: String {
        switch self {
        case .config(let error): error.description
        case .quotaExceeded(let frames, let bytes):
            "the encoder's queue is full: \(frames) frames, \(bytes) bytes are waiting"
        case .invalidState(let reason), .invalidFrame(let reason): reason
        case .codec(let operation, let status): "\(operation) failed with status \(status)"
        case .output(let error): "the output failed: \(error)"
        case .aborted: "the encoder was reset or closed"
        }
    }
}
