internal import CFFmpeg

/// What can go wrong while decoding.
public enum DecoderError: Error, Hashable, Sendable {
    /// libavcodec has no decoder for it, or Sluice no name for its pictures.
    case unsupported(String)
    /// The stream is damaged: nothing that comes after this is to be trusted.
    case corrupt(String)
    /// libavcodec refused a call, for another reason than the stream.
    case codec(operation: String, status: Int, message: String)
}

extension DecoderError: CustomStringConvertible {
    /// The thing, and what is wrong with it.
    public var description: String {
        switch self {
        case .unsupported(let reason): reason
        case .corrupt(let reason): "the stream is damaged: \(reason)"
        case .codec(let operation, let status, let message): "\(operation) failed: \(message) (\(status))"
        }
    }
}

extension DecoderError {
    static func outOfMemory(_ operation: String) -> Self {
        .codec(operation: operation, status: Int(cffmpeg_error_out_of_memory), message: "out of memory")
    }
}

/// Turns a status of libavcodec into an error.
///
/// - Parameters:
///   - operation: The function that returned it.
///   - status: An AVERROR if it is negative.
///   - reason: What the function logged of it, if it is known.
func checkDecoding(_ operation: String, _ status: CInt, reason: String? = nil) throws(DecoderError) {
    guard status < 0 else { return }
    let message = reason ?? libAVMessage(status)
    guard status != cffmpeg_error_invalid_data else { throw .corrupt("\(operation): \(message)") }
    throw .codec(operation: operation, status: Int(status), message: message)
}
