public import VideoTypes

/// A decoded picture, with what its stream says of it.
///
/// Its memory is one of the decoder's few: drop it, or give its ``frame`` on, before many more are wanted.
///
/// Thread-safety: may be moved between threads; used by one at a time, which ownership ensures.
public struct DecodedFrame: ~Copyable, Sendable {
    /// The picture, cropped as the bitstream says, with its chunk's timestamp and duration.
    public var frame: VideoFrame
    /// The color of ``frame``: as the bitstream says or, where it says nothing, the configuration. Of a frame that was
    /// converted to RGB, the matrix is the identity and the range full.
    public var colorSpace: VideoColorSpace
    /// Where 4:2:0 chroma is; left where the bitstream does not specify it.
    public var chromaLocation = ChromaLocation.left
    /// Width to height of one sample of ``frame``, as the bitstream says or, where it says nothing, the configuration.
    public var pixelAspectRatio = PixelAspectRatio.square
    /// How the picture is to be turned when it is shown, as the configuration says; no bitstream says it.
    public var orientation = Orientation.upright

    /// The bitstream says that the rows are of two fields, of two times, of which every second row is one.
    public var isInterlaced = false

    /// The decoder had to invent a part of the picture. Only a decoder that begins in the middle of a stream gives out such.
    package var isIncomplete = false

    /// Bytes of the chunk that it was decoded from; 0 where that is not known.
    package var codedBytes = 0

    /// What the bitstream says with this frame of the display and the light: as a rule with key frames. `nil` where it says
    /// nothing.
    public var hdr: HDRMetadata?

    /// A picture of a color.
    public init(_ frame: consuming VideoFrame, colorSpace: VideoColorSpace) {
        self.frame = frame
        self.colorSpace = colorSpace
    }

    /// The size in which the picture is to be shown, in square samples: turned, and one side lengthened by the aspect.
    public var displaySize: PictureSize {
        frame.size.displayed(with: pixelAspectRatio, orientation: orientation)
    }

    /// Gives the picture itself on.
    public consuming func takeFrame() -> VideoFrame { frame }
}
