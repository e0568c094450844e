package import Bitstream
internal import CFFmpeg

/// What can be wrong with a file of media.
package enum DemuxerError: Error, Hashable, Sendable {
    /// A format that libavformat does not know, or without a stream that Sluice can decode.
    case unsupported(String)
    /// A file that names others, or addresses, instead of holding media.
    case refersToOthers(ReferringFormat)
    /// The file has more streams than are read; `nil` streams: they were not counted.
    case tooManyStreams(Int?, limit: Int)
    /// The file violates its format.
    case damaged(String)
    /// Reading failed; the input knows why.
    case readFailed
    /// Memory was refused.
    case outOfMemory(String)
}

extension DemuxerError {
    /// The video is encrypted.
    ///
    /// - Parameter scheme: By what, such as `cenc`.
    package static func encrypted(_ scheme: String) -> Self {
        .unsupported("its video is encrypted (\(scheme)), and Sluice has no key (decrypt it first)")
    }
}

extension DemuxerError: CustomStringConvertible {
    /// What is wrong.
    package var description: String {
        switch self {
        case .unsupported(let reason), .damaged(let reason): reason
        case .refersToOthers(let format): format.description
        case .tooManyStreams(let count?, let limit): "it has \(count) tracks, more than the limit of \(limit)"
        case .tooManyStreams(nil, let limit): "it has far more tracks than the limit of \(limit)"
        case .readFailed: "reading failed"
        case .outOfMemory(let operation): "\(operation): out of memory"
        }
    }
}

/// Turns a status of libavformat into an error.
///
/// - Parameters:
///   - operation: The function that returned it.
///   - status: An AVERROR if it is negative.
///   - reason: The message that the function logged, if it is known.
func checkDemuxing(_ operation: String, _ status: CInt, reason: String? = nil) throws(DemuxerError) {
    guard status < 0 else { return }
    guard status != cffmpeg_error_out_of_memory else { throw .outOfMemory(operation) }
    throw .damaged("\(operation): \(reason ?? libAVMessage(status))")
}
