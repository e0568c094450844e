internal import VideoTypes

/// The shape of the samples of a stream's pictures, by its container and by its pictures.
struct SourceShape {
    private let container: PixelAspectRatio?
    /// That of the first picture that has one.
    private var first: PixelAspectRatio?

    /// - Parameter container: What the container, or the stream's first header, stores; players use it.
    init(_ container: PixelAspectRatio?) { self.container = container }

    /// The shape of a picture's samples. One that differs from the pictures before is a change, whatever the container has.
    ///
    /// - Parameter own: That of the picture; `nil` where it does not tell.
    mutating func take(_ own: PixelAspectRatio?) -> PixelAspectRatio {
        first = first ?? own
        if let own, own != first { return own }
        return container ?? own ?? .square
    }
}
