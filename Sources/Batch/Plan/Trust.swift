/// How an output is recognized as the one in its receipt.
package enum Trust: String, CaseIterable, Sendable {
    /// By the SHA-256 of what is read and written.
    case digest
    /// By sizes and times, without reading.
    case mtime
}
