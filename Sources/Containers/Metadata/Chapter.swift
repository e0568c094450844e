/// A named part of a video.
public struct Chapter: Hashable, Sendable {
    /// When it begins, in microseconds.
    public var start: Int64
    /// When it ends, in microseconds; `nil` where the next one begins, or with the last frame.
    public var end: Int64?
    /// Its title.
    public var title: String

    /// Chapters of an output, at most.
    package static let limit = 10_000

    /// A chapter; by default it ends where the next one begins.
    public init(start: Int64, end: Int64? = nil, title: String) {
        (self.start, self.end, self.title) = (start, end, title)
    }
}
