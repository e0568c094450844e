public import VideoTypes

/// The form of a decoder's output frames.
public struct DecoderOptions: Hashable, Sendable {
    /// The format of the frames. `nil`, the default, is the stream's own.
    ///
    /// It is converted with the stream's own matrix and range. Where neither the stream nor its configuration names a
    /// matrix, it is taken to be BT.709 in pictures of more than 576 rows, and else BT.601
    /// (``VideoTypes/VideoColorSpace/guessingMatrix(for:)``): what standard and high definition were made with, and what
    /// players take. Browsers take BT.709 for all of them, and the ffmpeg command BT.601.
    public var outputFormat: PixelFormat?
    /// Whether transparency that is coded beside the pictures (``VideoTypes/EncodedVideoChunk/alphaData``, of VP8 and VP9) is
    /// decoded. With ``VideoTypes/AlphaOption/keep``, every chunk whose picture is shown must have it, and frames have the format
    /// `i420a` or `i444a`, unless ``outputFormat`` is another one. The default is that it is not.
    public var alpha = AlphaOption.discard
    /// Threads that decode, `1...64`. `nil`, the default, is one for each processor.
    public var threads: Int?
    /// Transparency beside YUV of more than 8 bits, or beside 4:2:2, is kept, for which the pictures get 8 bits: `i420a` of 4:2:0 and
    /// 4:2:2, and `i444a` of 4:4:4, unless ``outputFormat`` is another format. The default is that it is left out, and the colors
    /// stay as they are.
    package var keepsDeepAlpha = false
    /// The colors of pictures are multiplied by transparency that is a plane, and are divided by it. Only where the format is the
    /// stream's own. The default is that they are not.
    package var isPremultiplied = false
    /// The first chunk is not key, and may refer to missing pictures: incomplete pictures are not an error before the first
    /// complete one; after it, they are marked (``EncoderCore/DecodedFrame/isIncomplete``).
    package var isMidway = false

    /// By default, the stream's own format, and a thread for each processor.
    public init(outputFormat: PixelFormat? = nil, threads: Int? = nil) {
        (self.outputFormat, self.threads) = (outputFormat, threads)
    }

    /// The stream's own format, for an encode: transparency is decoded if something is done with it.
    package init(_ picture: PictureOptions, _ alpha: AlphaOption) {
        self.alpha = alpha == .keep || picture.background != nil ? .keep : .discard
        keepsDeepAlpha = self.alpha == .keep
        isPremultiplied = alpha == .keep && picture.isPremultiplied
    }
}
