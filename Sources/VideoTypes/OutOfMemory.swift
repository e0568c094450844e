/// Memory that the system refused.
public struct OutOfMemory: Error, Hashable, Sendable, CustomStringConvertible {
    /// The requested bytes; `nil` if a library does not report them.
    public let byteCount: Int?
    /// What they were for.
    public let purpose: String

    /// - Parameters:
    ///   - byteCount: The requested bytes.
    ///   - purpose: What they were for.
    public init(byteCount: Int? = nil, for purpose: String) {
        self.byteCount = byteCount
        self.purpose = purpose
    }

    /// What was refused.
    public var description: String {
        "out of memory: the system refused " + (byteCount.map { "\($0) bytes for " } ?? "it for ") + purpose
    }
}
