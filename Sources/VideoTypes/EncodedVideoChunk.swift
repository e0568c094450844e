/// One coded picture, as WebCodecs' `EncodedVideoChunk`, with the metadata of an encoder's output callback.
public struct EncodedVideoChunk: Hashable, Sendable {
    /// WebCodecs' `EncodedVideoChunkType`.
    public enum ChunkType: String, Hashable, Sendable {
        /// Decodable without any other chunk (H.264: an IDR picture).
        case key
        /// Needs the chunks before it.
        case delta
    }

    /// Whether decoding can start here.
    public var type: ChunkType
    /// Presentation time in microseconds, as the frame brought it.
    public var timestamp: Int64
    /// Duration in microseconds, as the frame brought it.
    public var duration: Int64?
    /// The decoding time of the chunk, in microseconds: not after ``timestamp``, and increasing from chunk to chunk. `nil`, the
    /// default, means ``timestamp``, as in all streams without reordering.
    public var decodeTimestamp: Int64?
    /// The bytes of the access unit.
    public var data: [UInt8]
    /// The quantizer as it is in the first slice's header; with adaptive quantization, blocks differ from it.
    public var quantizer: Int?
    /// The same in the bitstream's scale, where the codec has one (``QuantizerScale``).
    public var quantizerIndex: Int?
    /// The chunk of the picture's transparency, if it is kept: a chunk of the same codec of its own, whose luma it is.
    public var alphaData: [UInt8]?
    /// The temporal layer, 0 for the base layer.
    public var temporalLayerId = 0
    /// How to set up a decoder from here on; only on chunks where that has changed, and on the first.
    public var decoderConfig: DecoderConfig?

    /// A chunk.
    public init(type: ChunkType, timestamp: Int64, duration: Int64?, data: [UInt8]) {
        self.type = type
        self.timestamp = timestamp
        self.duration = duration
        self.data = data
    }
}

/// How to set up a decoder, as WebCodecs' `VideoDecoderConfig`, read back from the bitstream.
public struct DecoderConfig: Hashable, Sendable {
    /// The codec string of the bitstream.
    public var codec: String
    /// Width of the picture in luma samples, cropped as the bitstream specifies.
    public var codedWidth: Int
    /// Height of the picture in luma samples, cropped as the bitstream specifies.
    public var codedHeight: Int
    /// Width to height of one sample.
    public var pixelAspectRatio: PixelAspectRatio
    /// The color as it is in the bitstream.
    public var colorSpace: VideoColorSpace
    /// The decoder configuration record (`avcC`, `hvcC`) where the bitstream does not carry its parameter sets.
    public var description: [UInt8]?
    /// The rotation and flip of the picture for display, from the configuration; bitstreams do not store it.
    public var orientation = Orientation.upright

    /// A decoder configuration.
    public init(
        codec: String,
        codedWidth: Int,
        codedHeight: Int,
        pixelAspectRatio: PixelAspectRatio,
        colorSpace: VideoColorSpace,
        description: [UInt8]?
    ) {
        self.codec = codec
        self.codedWidth = codedWidth
        self.codedHeight = codedHeight
        self.pixelAspectRatio = pixelAspectRatio
        self.colorSpace = colorSpace
        self.description = description
    }
}

/// Options of one frame, as WebCodecs' `VideoEncoderEncodeOptions`.
public struct EncodeOptions: Hashable, Sendable {
    /// The frame becomes a key frame. The default is that the encoder decides.
    public var keyFrame: Bool
    /// The frame's quantizer, in quantizer mode only, in the codec libraries' scale (``EncoderConfig/quantizer``). `nil`, the
    /// default, is the configuration's.
    public var quantizer: Int?
    /// The frame's quantizer, in quantizer mode only, in the bitstream's scale (``EncoderConfig/quantizerIndex``); excludes
    /// ``quantizer``. Backends are given ``quantizer`` only.
    public var quantizerIndex: Int?

    /// Options for one frame.
    public init(keyFrame: Bool = false, quantizer: Int? = nil, quantizerIndex: Int? = nil) {
        self.keyFrame = keyFrame
        self.quantizer = quantizer
        self.quantizerIndex = quantizerIndex
    }
}
