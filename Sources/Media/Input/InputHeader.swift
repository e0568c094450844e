package import Bitstream
package import EncoderCore
package import VideoTypes

/// What an input specifies about its frames: a Y4M header, or a stream and its container.
package struct InputHeader: Sendable {
    /// What messages call it.
    package let name: String
    package let size: PictureSize
    package let format: PixelFormat
    /// `nil` if it is not specified, or if frames have variable times.
    package var framerate: FrameRate?
    /// Frames a second on average, and within any second at most, where frames come at any time and that is known.
    package var averageFramerate: FrameRate?
    package var highestFramerate: FrameRate?
    /// Frames come with times of their own, and need no rate.
    package var hasTimes = false
    package var pixelAspectRatio: PixelAspectRatio?
    package var chromaLocation: ChromaLocation?
    /// `nil` if it is not specified.
    package var colorSpace: VideoColorSpace?
    package var fullRange: Bool?
    /// ``PixelFormat/gray8`` is luma, which its owner has converted already.
    package var isLuma = false
    /// RGB and gray are converted to the usual color, as raw frames are.
    package var isConverted = false
    package var orientation = Orientation.upright
    package var hdr: HDRMetadata?
    /// Pictures with a file each, whose formats may differ: what is gray, or has few colors, is often stored as such.
    package var isPictures = false
    /// Transparency is a plane, and the colors are not, or no longer, multiplied by it: the decoder does what there is to do.
    package var isStraight = false
    /// The first frame is of two fields.
    package var isInterlaced = false
    /// Of two fields, the one with the second row is the first.
    package var isBottomFieldFirst = false

    /// Pictures of which nothing else is known.
    ///
    /// - Parameter name: What messages call the input.
    package init(name: String, size: PictureSize, format: PixelFormat) {
        (self.name, self.size, self.format) = (name, size, format)
    }

    package init(_ header: Y4MHeader) {
        (name, size, format) = ("the Y4M header", header.size, header.format)
        (framerate, pixelAspectRatio) = (header.frameRate, header.pixelAspectRatio)
        (chromaLocation, fullRange, isLuma) = (header.chromaLocation, header.fullRange, header.isLuma)
        (isInterlaced, isBottomFieldFirst) = (header.isInterlaced, header.isBottomFieldFirst)
    }

    /// What is known of a stream with its first frame.
    ///
    /// - Parameter survey: The result of reading all times first, if that was possible.
    package init(_ info: MediaInfo, _ first: borrowing DecodedFrame, _ survey: TimeSurvey? = nil) {
        (name, size, format) = ("the stream", first.frame.size, first.frame.format)
        let isConstant = info.hasConstantRate && survey?.fitsRate ?? true
        (framerate, hasTimes) = (isConstant ? info.framerate : nil, true)
        averageFramerate = survey?.average ?? info.framerate
        highestFramerate = survey?.highest ?? info.framerate
        pixelAspectRatio = info.containerAspect ?? first.pixelAspectRatio
        // Pictures of 4:2:0 may follow a gray one.
        let mayHaveLocation = first.frame.format.chroma == .yuv420 || info.isPictures
        chromaLocation = mayHaveLocation ? first.chromaLocation : nil
        let isRGB = first.frame.format.isRGB
        // RGB has yet to get a range and a matrix.
        (colorSpace, fullRange) = (first.colorSpace, isRGB ? nil : first.colorSpace.fullRange)
        // Gray with the matrix of RGB is what RGB of equal parts would be.
        isLuma = first.frame.format == .gray8 && first.colorSpace.matrix != .rgb
        isConverted = first.frame.format.isGray && first.colorSpace.matrix == .rgb
        isPictures = info.isPictures
        isStraight = first.frame.format.hasAlpha && !isRGB
        orientation = first.orientation
        isInterlaced = first.isInterlaced
        hdr = info.hdr?.completed(by: first.hdr) ?? first.hdr
    }
}
