public import VideoTypes

/// A decoded picture, with the metadata of its stream.
///
/// Its memory is one of the decoder's few: drop it, or give its ``frame`` on, before many more are wanted.
///
/// Thread-safety: may be moved between threads; used by one at a time, which ownership ensures.
public struct DecodedFrame: ~Copyable, Sendable {
    /// The picture, cropped as the bitstream specifies, with its chunk's timestamp and duration.
    public var frame: VideoFrame
    /// The color of ``frame``: from the bitstream or, if it stores none, from the configuration. If the frame was converted to
    /// RGB, the matrix is the identity and the range is full.
    public var colorSpace: VideoColorSpace
    /// Where 4:2:0 chroma is; left where the bitstream does not specify it.
    public var chromaLocation = ChromaLocation.left
    /// Width to height of one sample of ``frame``, from the bitstream or, if it stores none, from the configuration.
    public var pixelAspectRatio = PixelAspectRatio.square
    /// The rotation and flip of the picture for display, from the configuration; bitstreams do not store it.
    public var orientation = Orientation.upright

    /// The bitstream marks the picture as two fields with different times, each in every second row.
    public var isInterlaced = false
    /// The field with the first row is the earlier one of an interlaced picture. The default is that it is not.
    package var isTopFieldFirst = false

    /// The decoder had to invent a part of the picture. Only a decoder that begins in the middle of a stream gives out such.
    package var isIncomplete = false

    /// The picture has transparency, which ``frame`` has no room for.
    package var dropsAlpha = false

    /// The colors of ``frame`` are multiplied by its transparency. The default is that they are not.
    package var isAssociated = false

    /// Bytes of the chunk that it was decoded from; 0 where that is not known.
    package var codedBytes = 0

    /// The bitstream's metadata at this frame about the display and the light, usually at key frames. `nil` without any.
    public var hdr: HDRMetadata?

    /// A picture of a color.
    public init(_ frame: consuming VideoFrame, colorSpace: VideoColorSpace) {
        self.frame = frame
        self.colorSpace = colorSpace
    }

    /// The display size of the picture, in square samples: rotated, and one side lengthened by the aspect ratio.
    public var displaySize: PictureSize {
        frame.size.displayed(with: pixelAspectRatio, orientation: orientation)
    }

    /// Gives the picture itself on.
    public consuming func takeFrame() -> VideoFrame { frame }
}
