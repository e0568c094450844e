package import VideoTypes

/// What a container stores about its stream, apart from the chunks. It is known before the first chunk.
package struct ContainerDescription: Hashable, Sendable {
    /// The codec.
    package var codec: VideoCodec
    /// The coded size.
    package var size: PictureSize
    /// The constant frame rate: every chunk's time is that of a frame (``FrameRate/timestamp(ofFrame:)``), or is rounded to
    /// it. `nil`, the default, means that frames come at any time; chunks then need durations, or the last has none.
    package var framerate: FrameRate?
    /// Times are in microseconds even with a rate, because frames are not at the times of ``framerate`` (a stream that does not
    /// begin at one). By default, frames are counted if there is a rate.
    package var countsMicroseconds = false
    /// Units a second in which times are counted without a rate, 1 to 1,000,000. The default is microseconds.
    package var ticksPerSecond = 1_000_000
    /// Chroma subsampling. The default is 4:2:0.
    package var chroma = ChromaSubsampling.yuv420
    /// Bits of a sample. The default is 8.
    package var bitDepth = 8
    /// Width to height of one sample. `nil`, the default, stores nothing, which means square.
    package var pixelAspectRatio: PixelAspectRatio?
    /// The rotation and flip of the picture for display. The default is none.
    package var orientation = Orientation.upright
    /// The color. The default is unspecified.
    package var colorSpace = VideoColorSpace.unspecified
    /// Where 4:2:0 chroma is. `nil`, the default, stores nothing.
    package var chromaLocation: ChromaLocation?
    /// The display on which the picture was mastered.
    package var masteringDisplay: MasteringDisplay?
    /// How bright the picture gets.
    package var contentLightLevel: ContentLightLevel?
    /// Chunks have ``EncodedVideoChunk/alphaData``. The default is that they do not.
    package var hasAlpha = false
    /// The requested bit rate, in bits a second.
    package var bitrate: Int?
    /// Whether MP4 is written in fragments even to a file. The default is false.
    package var fragment = false
    /// Whether the index of a file is behind its chunks, where it is written without moving them. The default is false: it is in
    /// front of them.
    package var indexAtEnd = false
    /// Text, chapters and a timecode. The default is nothing.
    package var metadata = ContainerMetadata()

    /// A description with every default.
    package init(codec: VideoCodec, size: PictureSize) { (self.codec, self.size) = (codec, size) }

    /// The description of a stream that is encoded with a configuration.
    package init(_ config: ValidatedEncoderConfig) {
        let values = config.values
        self.init(codec: config.codec.codec, size: config.size)
        (framerate, chroma, bitDepth) = (values.framerate, values.chroma, values.bitDepth)
        (pixelAspectRatio, orientation, colorSpace) = (values.pixelAspectRatio, values.orientation, values.colorSpace)
        chromaLocation = values.chroma == .yuv420 ? values.chromaLocation : nil
        (masteringDisplay, contentLightLevel) = (values.masteringDisplay, values.contentLightLevel)
        hasAlpha = values.alpha == .keep
        bitrate = values.bitrate
    }
}
