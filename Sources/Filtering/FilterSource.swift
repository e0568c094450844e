internal import EncoderCore
package import LibAV
package import VideoTypes

/// What is known of the pictures that are filtered.
package struct FilterSource {
    package var color: VideoColorSpace
    /// The range is known, rather than taken to be limited.
    package let hasRange: Bool
    package let chromaLocation: ChromaLocation?
    let pixelAspectRatio: PixelAspectRatio?
    let clock: FilterClock
    let framerate: FrameRate?

    /// - Parameters:
    ///   - color: Their color, as far as it is known.
    ///   - hasRange: The range is known, rather than taken to be limited.
    ///   - chromaLocation: Where 4:2:0 chroma is; `nil` if that is not known.
    ///   - pixelAspectRatio: The shape of pixels; `nil` if it is not known.
    ///   - clock: The graph's clock.
    ///   - framerate: The constant rate; `nil` where pictures come at any time.
    package init(
        color: VideoColorSpace,
        hasRange: Bool,
        chromaLocation: ChromaLocation?,
        pixelAspectRatio: PixelAspectRatio?,
        clock: FilterClock,
        framerate: FrameRate?
    ) {
        (self.color, self.hasRange, self.chromaLocation) = (color, hasRange, chromaLocation)
        (self.pixelAspectRatio, self.clock, self.framerate) = (pixelAspectRatio, clock, framerate)
    }

    /// The matrix that pictures of no known one are taken to have, by filters as by players; `nil` if it is known, or there is
    /// none. libavfilter takes large pictures for small ones.
    func guessedMatrix(_ layout: PictureLayout) -> MatrixCoefficients? {
        guard color.matrix == .unspecified, layout.format.chroma != nil else { return nil }
        return color.guessingMatrix(for: layout.size).matrix
    }

    /// What a graph is told.
    func input(_ layout: PictureLayout) -> FilterInput {
        var color = color
        if let matrix = guessedMatrix(layout) { color.matrix = matrix }
        var input = FilterInput(layout: layout, color: color, clock: clock, framerate: framerate)
        (input.hasRange, input.chromaLocation, input.pixelAspectRatio) = (hasRange, chromaLocation, pixelAspectRatio)
        return input
    }
}
