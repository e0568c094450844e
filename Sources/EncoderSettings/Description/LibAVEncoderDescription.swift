package import Bitstream
package import VideoTypes

/// One of libavcodec's encoders: its name, and the mapping of a configuration to its options.
package struct LibAVEncoderDescription: Sendable {
    /// FFmpeg's name for it, such as `libx265`.
    package let name: String
    /// The codec that it encodes.
    package let codec: VideoCodec
    /// It works on a device of its own, so that it can only be known to work when it was tried.
    package let isHardware: Bool
    /// A frame can be made a key frame. Where it cannot, ``LibAVEncoder/submit(_:options:)`` refuses such a frame.
    package let takesForcedKeyFrames: Bool
    /// A frame can have a quantizer of its own: with none of libavcodec's encoders.
    package var takesFrameQuantizers: Bool { false }

    /// The kind of device whose memory it reads pictures from; `nil` where it reads ours.
    package let device: DeviceKind?
    /// Maps a configuration to the encoder's options, or throws the reason why it cannot.
    package let settings: @Sendable (ValidatedEncoderConfig) throws(EncoderConfigError) -> CodecSettings
    /// A reader of its packets.
    package let reader: @Sendable (ValidatedEncoderConfig) -> any StreamReading
    /// The codec string that an opened encoder's stream gets: the one that was asked for, if it is kept, or the lowest.
    package let choose: @Sendable (ValidatedEncoderConfig, any StreamReading) throws(EncoderConfigError) -> String
    /// A notice about an unexpected effect of a configuration; `nil` without one.
    package var notice: @Sendable (ValidatedEncoderConfig) -> String? = { _ in nil }

    /// The formats in which it takes frames of a configuration.
    package func inputFormats(_ config: ValidatedEncoderConfig) -> [PixelFormat] {
        let planar = PixelFormat.planar(config.values.chroma, bitDepth: config.values.bitDepth)
        let wanted = try? settings(config).pixelFormat
        switch wanted {
        case .nv12: return [.i420, .nv12]
        case .p010: return [.p010]
        default: return [wanted ?? planar]
        }
    }
}
