/// How an output is held to be the one that its receipt tells of.
package enum Trust: String, CaseIterable, Sendable {
    /// By the SHA-256 of what is read and written.
    case digest
    /// By sizes and times, without reading.
    case mtime
}
