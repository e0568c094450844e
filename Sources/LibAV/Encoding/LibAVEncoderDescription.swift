internal import Bitstream
public import VideoTypes

/// One of libavcodec's encoders: what it is called, and how a configuration is said to it.
public struct LibAVEncoderDescription: Sendable {
    /// FFmpeg's name for it, such as `libx265`.
    public let name: String
    /// The codec that it encodes.
    public let codec: VideoCodec
    /// It works on a device of its own, so that it can only be known to work when it was tried.
    public let isHardware: Bool
    /// A frame can be made a key frame. Where it cannot, ``LibAVEncoder/submit(_:options:)`` refuses such a frame.
    public let takesForcedKeyFrames: Bool
    /// A frame can have a quantizer of its own: with none of libavcodec's encoders.
    public var takesFrameQuantizers: Bool { false }

    /// The kind of device whose memory it reads pictures from; `nil` where it reads ours.
    let device: HardwareDevice.Kind?
    /// Says a configuration in the encoder's words, or why it cannot.
    let settings: @Sendable (ValidatedEncoderConfig) throws(EncoderConfigError) -> CodecSettings
    /// A reader of its packets.
    let reader: @Sendable (ValidatedEncoderConfig) -> any StreamReading
    /// The codec string that an opened encoder's stream gets: the one that was asked for, if it is kept, or the lowest.
    let choose: @Sendable (ValidatedEncoderConfig, any StreamReading) throws(EncoderConfigError) -> String

    /// The formats in which it takes frames of a configuration.
    public func inputFormats(_ config: ValidatedEncoderConfig) -> [PixelFormat] {
        let planar = PixelFormat.planar(config.values.chroma, bitDepth: config.values.bitDepth)
        let wanted = try? settings(config).pixelFormat
        switch wanted {
        case .nv12: return [.i420, .nv12]
        case .p010: return [.p010]
        default: return [wanted ?? planar]
        }
    }
}

extension LibAVEncoderDescription {
    /// Every encoder that Sluice knows how to talk to, in order of preference for a codec: software, then hardware.
    public static let all: [LibAVEncoderDescription] = software + hardware

    /// The encoders in software.
    public static let software: [LibAVEncoderDescription] = [.x265, .svtAV1, .rav1e]

    /// The encoders in hardware.
    public static let hardware: [LibAVEncoderDescription] = HardwareFamily.all.flatMap(\.encoders)

    /// The encoder of a name; `nil` if Sluice does not know it.
    public static func named(_ name: String) -> LibAVEncoderDescription? { all.first { $0.name == name } }
}
