/// Why audio cannot be decoded, filtered or encoded.
enum AudioCodingError: Error {
    /// The stream is damaged.
    case damaged(String)
    /// A library lacks what is needed, or refuses it.
    case unsupported(String)
    /// The system refused memory.
    case outOfMemory
}
