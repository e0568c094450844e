package import VideoTypes

/// What the headers of a stream specify about its pictures: a sequence parameter set, a sequence header, or a key frame.
package protocol CodedSequence {
    /// The size of the shown picture.
    var croppedSize: PictureSize { get }
    /// Width to height of a sample; `nil` in codecs that leave it to containers.
    var storedAspectRatio: PixelAspectRatio? { get }
    /// The color.
    var colorSpace: VideoColorSpace { get }
}

extension CodedSequence {
    /// Containers store it.
    package var storedAspectRatio: PixelAspectRatio? { nil }
}

extension DecoderConfig {
    /// How to set up a decoder for a stream with these headers.
    ///
    /// - Parameters:
    ///   - sequence: The headers.
    ///   - codec: The codec string.
    ///   - description: The decoder configuration record; `nil`, the default, where the stream has its parameter sets.
    ///   - values: The configuration of the encoder that made it, for what bitstreams do not store. The default is `nil`.
    package init(
        _ sequence: some CodedSequence,
        codec: String,
        description: [UInt8]? = nil,
        madeBy values: EncoderConfig? = nil
    ) {
        self.init(
            codec: codec,
            codedWidth: sequence.croppedSize.width,
            codedHeight: sequence.croppedSize.height,
            pixelAspectRatio: sequence.storedAspectRatio ?? values?.pixelAspectRatio ?? .square,
            colorSpace: sequence.colorSpace,
            description: description
        )
        orientation = values?.orientation ?? .upright
    }
}
