internal import CFFmpeg
internal import VideoTypes

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
///   - reason: The message that the function logged, if it is known.
func checkDecoding(_ operation: String, _ status: CInt, reason: String? = nil) throws(DecoderError) {
    guard status < 0 else { return }
    guard status != cffmpeg_error_out_of_memory else { throw .outOfMemory(operation) }
    let message = reason ?? libAVMessage(status)
    guard status != cffmpeg_error_invalid_data else { throw .corrupt("\(operation): \(message)") }
    throw .codec(operation: operation, status: Int(status), message: message)
}
