/// What can go wrong while decoding.
public enum DecoderError: Error, Sendable {
    /// The configuration is invalid.
    case invalidConfig(String)
    /// No decoder exists for it, or its pictures have a format that Sluice does not support.
    case unsupported(String)
    /// The stream is damaged: data after this point is not reliable. WebCodecs' `EncodingError`.
    case corrupt(String)
    /// The chunk cannot come here, such as one that is not key after a flush. It was not taken, and the decoder is as it
    /// was. WebCodecs' `DataError`.
    case dataError(String)
    /// The queue is at its hard limit, and the chunk was not taken. Try again when `decodeQueueSize` has fallen.
    case quotaExceeded(chunks: Int, bytes: Int)
    /// The call does not fit the decoder's state.
    case invalidState(String)
    /// A library refused a call, for another reason than the stream.
    case codec(operation: String, status: Int, message: String)
    /// The closure that takes the frames threw this.
    case output(any Error)
    /// The decoder was reset or closed while the call waited.
    case aborted
}

extension DecoderError: CustomStringConvertible {
    /// The thing, and what is wrong with it.
    public var description: String {
        switch self {
        case .invalidConfig(let reason), .unsupported(let reason), .dataError(let reason), .invalidState(let reason):
            reason
        case .corrupt(let reason): "the stream is damaged: \(reason)"
        case .quotaExceeded(let chunks, let bytes):
            "the decoder's queue is full: \(chunks) chunks, \(bytes) bytes are waiting"
        case .codec(let operation, let status, let message): "\(operation) failed: \(message) (\(status))"
        case .output(let error): "the output failed: \(error)"
        case .aborted: "the decoder was reset or closed"
        }
    }
}
