internal import EncoderCore
internal import Jobs
internal import LibAV
internal import Media
internal import VideoTypes

/// What is known of the pictures that are filtered.
struct FilterSource {
    var color: VideoColorSpace
    /// The range is known, rather than taken to be limited.
    let hasRange: Bool
    let chromaLocation: ChromaLocation?
    let pixelAspectRatio: PixelAspectRatio?
    let clock: FilterClock
    let framerate: FrameRate?

    /// Raw frames, or those of Y4M.
    ///
    /// - Parameter framerate: Their rate; `nil` where they come at any time.
    init(_ job: EncodeJob, _ header: InputHeader?, _ format: PixelFormat, _ framerate: FrameRate?) {
        color = job.colorOfFrames(header, format)
        hasRange =
            header?.fullRange != nil || job.color.fullRange != nil || job.inputColor.inputFullRange != nil
            || header?.isLuma == true
        chromaLocation = format.chroma == .yuv420 ? job.color.chromaLocation ?? header?.chromaLocation : nil
        pixelAspectRatio = header?.pixelAspectRatio
        // Filters may move frames to any time.
        let isVariable = job.input.hasVariableRate
        clock =
            framerate.map { isVariable ? FilterClock(fitting: $0) : FilterClock(counting: $0) } ?? .microseconds
        self.framerate = framerate
    }

    /// The pictures of a stream.
    init(_ job: EncodeJob, _ header: InputHeader, _ first: borrowing DecodedFrame) {
        color = job.inputColor.applied(to: first.colorSpace)
        hasRange = true
        chromaLocation = header.chromaLocation
        pixelAspectRatio = header.pixelAspectRatio
        let rate = job.input.hasVariableRate ? nil : header.framerate
        (clock, framerate) = (rate.map { FilterClock(fitting: $0) } ?? .microseconds, rate)
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
