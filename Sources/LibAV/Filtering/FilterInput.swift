package import VideoTypes

/// The pictures that a graph is fed.
package struct FilterInput: Hashable, Sendable {
    /// Their format, which FFmpeg has a name for, and their size, rows without gaps.
    package var layout: PictureLayout
    /// Their color. Of an unspecified range, nothing is known.
    package var color: VideoColorSpace
    /// Whether the range is known: where it is not, limited is meant.
    package var hasRange = true
    /// Planes of green, blue and red that come out are named as those of YUV 4:4:4. The default is that they are not.
    package var namesIdentity = false
    /// Where 4:2:0 chroma is; `nil` if it is not specified.
    package var chromaLocation: ChromaLocation?
    /// Width to height of a sample; `nil` if it is not specified.
    package var pixelAspectRatio: PixelAspectRatio?
    /// What their times are counted in.
    package var clock: FilterClock
    /// The constant rate; `nil` where pictures come at any time.
    package var framerate: FrameRate?

    /// Pictures of which nothing else is known.
    package init(layout: PictureLayout, color: VideoColorSpace, clock: FilterClock, framerate: FrameRate?) {
        (self.layout, self.color, self.clock, self.framerate) = (layout, color, clock, framerate)
    }
}

/// Why a graph does not work.
package enum FilterError: Error, Hashable, Sendable {
    /// libavfilter is not installed.
    case missing(library: String)
    /// The graph is wrong; the text is libavfilter's.
    case invalid(reason: String)
    /// A filter failed at a picture.
    case failed(reason: String)
    /// Memory was refused.
    case outOfMemory(bytes: Int)
}
