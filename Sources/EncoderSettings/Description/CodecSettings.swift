package import VideoTypes

/// A configuration as the settings of one of libavcodec's encoders.
package struct CodecSettings: Sendable {
    /// Options of `AVCodecContext` and of the encoder, in order.
    package var options: [EncoderOption] = []
    /// The option that holds a library's own parameters, such as `x265-params`.
    package var parameterOption = ""
    /// The library's own parameters, in order.
    package var parameters: [EncoderOption] = []
    /// The user's options, which go to the encoder's own ones.
    package var userOptions: [EncoderOption] = []
    /// What the encoder is fed.
    package var pixelFormat: PixelFormat
    /// Threads, 0 for as many as the encoder likes.
    package var threads = 0
    /// The bitstream depends only on our parameters; otherwise the context has color and aspect ratio.
    package var saysColor = true

    /// The user's settings, for messages about encoders that refuse settings without a reason.
    package let userText: String

    package init(_ config: ValidatedEncoderConfig) {
        let given = config.values.encoderOptions.map { "\($0.key)=\($0.value)" }
        userText = given.isEmpty ? "" : " with \(given.joined(separator: ", "))"
        pixelFormat = .planar(config.values.chroma, bitDepth: config.values.bitDepth)
        threads = config.values.threads ?? 0
    }

    package mutating func set(_ key: String, _ value: some CustomStringConvertible) {
        options.append(EncoderOption(key: key, value: value.description))
    }

    mutating func setParameter(_ key: String, _ value: some CustomStringConvertible) {
        parameters.append(EncoderOption(key: key, value: value.description))
    }
}
