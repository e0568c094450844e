internal import EncoderCore
internal import Filtering
internal import LibAV
internal import Media
internal import VideoTypes

extension FilterSource {
    /// Raw frames, or those of Y4M.
    ///
    /// - Parameter framerate: Their rate; `nil` where they come at any time.
    init(_ job: EncodeJob, _ header: InputHeader?, _ format: PixelFormat, _ framerate: FrameRate?) {
        // Filters may move frames to any time.
        let isVariable = job.input.hasVariableRate
        self.init(
            color: job.colorOfFrames(header, format),
            hasRange: header?.fullRange != nil || job.color.fullRange != nil || job.inputColor.inputFullRange != nil
                || header?.isLuma == true,
            chromaLocation: format.chroma == .yuv420 ? job.color.chromaLocation ?? header?.chromaLocation : nil,
            pixelAspectRatio: header?.pixelAspectRatio,
            clock: framerate.map { isVariable ? FilterClock(fitting: $0) : FilterClock(counting: $0) } ?? .microseconds,
            framerate: framerate
        )
    }

    /// The pictures of a stream.
    init(_ job: EncodeJob, _ header: InputHeader, _ first: borrowing DecodedFrame) {
        let rate = job.input.hasVariableRate ? nil : header.framerate
        self.init(
            color: job.inputColor.applied(to: first.colorSpace),
            hasRange: true,
            chromaLocation: header.chromaLocation,
            pixelAspectRatio: header.pixelAspectRatio,
            clock: rate.map { FilterClock(fitting: $0) } ?? .microseconds,
            framerate: rate
        )
    }
}
