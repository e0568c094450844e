public import EncoderCore
public import Logging
public import VideoTypes

/// An encoder that this build knows.
public struct BackendDescriptor: Sendable {
    /// What a single frame may be asked to be.
    public struct FrameCapabilities: Sendable {
        /// A frame can be made a key frame.
        public var keyFrames = true
        /// A frame can have a quantizer of its own.
        public var quantizers = true
    }

    /// The name in requests, such as `libx264`.
    public let name: String
    /// The codecs that it encodes.
    public var codecs: Set<VideoCodec> { Set(memory.keys) }
    /// What it takes of memory, for each codec.
    private let memory: [VideoCodec: EncoderMemory]
    /// Whether it is hardware, and so must be tried before it is believed.
    public let isHardware: Bool
    /// What single frames may be asked to be.
    public let frames: FrameCapabilities
    /// One encoder keeps several cores busy, so that segments bring no gain.
    package let keepsCoresBusy: Bool
    /// The preset with which trying it takes the least time; `nil` where the default does.
    let quickPreset: String?
    /// The formats in which frames are taken, the usual one first.
    package let inputFormats: @Sendable (ValidatedEncoderConfig) -> [PixelFormat]
    /// Chooses the profile and level where they were left open, and refuses what the encoder cannot do, without
    /// encoding anything.
    public let resolve: @Sendable (ValidatedEncoderConfig) throws(EncoderConfigError) -> ValidatedEncoderConfig
    /// A notice about an unexpected effect of a resolved configuration; `nil` without one.
    package let notice: @Sendable (ValidatedEncoderConfig) -> String?
    /// Opens the encoder and encodes a frame; why that failed, or `nil` if it did not.
    public let tryOut: @Sendable (ValidatedEncoderConfig) -> String?
    /// A setup for a resolved configuration.
    public let makeSetup: @Sendable (ValidatedEncoderConfig, Logger) -> EncoderSetup

    package init<Backend: EncoderBackend & ~Copyable>(
        name: String,
        memory: [VideoCodec: EncoderMemory],
        isHardware: Bool = false,
        frames: FrameCapabilities = FrameCapabilities(),
        keepsCoresBusy: Bool = true,
        quickPreset: String? = nil,
        inputFormats: @escaping @Sendable (ValidatedEncoderConfig) -> [PixelFormat] = { [$0.values.pictureFormat] },
        resolve: @escaping @Sendable (ValidatedEncoderConfig) throws(EncoderConfigError) -> ValidatedEncoderConfig,
        rules: @escaping @Sendable (ValidatedEncoderConfig) -> FrameRules,
        notice: @escaping @Sendable (ValidatedEncoderConfig) -> String? = { _ in nil },
        tryOut: @escaping @Sendable (ValidatedEncoderConfig) -> String? = { _ in nil },
        makeBackend: @escaping @Sendable (ValidatedEncoderConfig, Logger) throws(EncoderError) -> Backend
    ) {
        (self.name, self.memory, self.isHardware, self.frames) = (name, memory, isHardware, frames)
        self.keepsCoresBusy = keepsCoresBusy
        (self.quickPreset, self.inputFormats) = (quickPreset, inputFormats)
        (self.resolve, self.notice, self.tryOut) = (resolve, notice, tryOut)
        makeSetup = { config, logger in
            let preparation = FramePreparation(config, formats: inputFormats(config))
            return EncoderSetup(
                config: config,
                rules: rules(config),
                prepare: { frame throws(EncoderError) in try preparation.prepare(frame) },
                makeBackend: { () throws(EncoderError) in try makeBackend(config, logger) }
            )
        }
    }

    /// The memory that it takes for a codec.
    package func memory(of codec: VideoCodec) -> EncoderMemory { memory[codec] ?? .other(codec) }
}

/// The encoders that this build knows. A new one is a file of its own and a name in ``all``.
public enum BackendRegistry {
    /// In order of preference for a codec.
    public static let all: [BackendDescriptor] = [.x264, .vpx, .aom] + BackendDescriptor.libavcodec

    /// The encoders of a codec, in order of preference.
    package static func encoders(of codec: VideoCodec) -> [BackendDescriptor] {
        all.filter { $0.codecs.contains(codec) }
    }
}
