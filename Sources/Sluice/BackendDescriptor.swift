public import EncoderCore
public import Logging
public import VideoTypes

/// An encoder that this build has.
public struct BackendDescriptor: Sendable {
    /// The name of the encoder's library.
    public let name: String
    /// The codecs that it encodes.
    public let codecs: Set<VideoCodec>
    /// Chooses the profile and level where they were left open, and refuses what the encoder cannot do, without
    /// encoding anything.
    public let resolve: @Sendable (ValidatedEncoderConfig) throws(EncoderConfigError) -> ValidatedEncoderConfig
    /// A setup for a resolved configuration.
    public let makeSetup: @Sendable (ValidatedEncoderConfig, Logger) -> EncoderSetup
    /// The chroma subsampling that a codec string has room for.
    public let richestChroma: @Sendable (CodecRequest) -> ChromaSubsampling
}

/// The encoders of this build. A new one is a file of its own and a name in ``all``.
public enum BackendRegistry {
    /// In order of preference for a codec.
    public static let all: [BackendDescriptor] = [.x264]

    /// The encoder for a codec.
    public static func backend(for codec: VideoCodec) throws(EncoderConfigError) -> BackendDescriptor {
        guard let found = all.first(where: { $0.codecs.contains(codec) }) else {
            throw .unsupported("no encoder of this build does \(codec.rawValue)")
        }
        return found
    }
}
