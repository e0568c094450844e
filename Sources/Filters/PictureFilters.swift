/// What is done with pictures between decoding, or reading, and their conversion for the encoder.
public struct PictureFilters: Hashable, Sendable {
    /// A graph of the user's. The default is `nil`.
    public var graph: FilterDescription?

    /// Nothing.
    public init() {}

    /// Pictures stay as they are, and libavfilter is not called.
    public var isEmpty: Bool { self == PictureFilters() }

    /// The graph that does all of it, in order.
    package var text: String { graph?.text ?? "null" }

    /// The first filter that looks at more than one picture; `nil` if none does.
    public var filterAcrossPictures: String? { graph?.filterAcrossPictures }

    /// Files that filters read.
    public var files: [String] { graph?.files ?? [] }
}
