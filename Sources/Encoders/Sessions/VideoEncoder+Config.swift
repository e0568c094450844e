public import EncoderCore
public import Jobs
public import Logging
public import VideoTypes

/// WebCodecs' answer to `VideoEncoder.isConfigSupported()`: if it is, with the codec string that the bitstream will have.
public typealias ConfigSupport = CodecSupport<EncoderConfig>

/// WebCodecs' answers to `isConfigSupported()`.
public enum CodecSupport<Config: Hashable & Sendable>: Hashable, Sendable {
    /// It can be done, as this configuration.
    case supported(Config)
    /// It means something, but cannot be done here, for this reason.
    case unsupported(String)
    /// The configuration is invalid, for this reason.
    case invalid(String)
}

extension VideoEncoder {
    /// Opens the encoder that does the configuration's codec, and waits until it is open.
    ///
    /// - Parameters:
    ///   - config: What to encode. Frames may then have the configured size in any ``VideoTypes/PixelFormat`` that can
    ///     become the configured chroma.
    ///   - logger: Takes the codec library's messages.
    /// - Throws: ``VideoTypes/EncoderError/config(_:)`` for what is invalid or unsupported, and what
    ///   ``EncoderCore/VideoEncoder/configure(_:)`` throws.
    @available(*, noasync, message: "blocks the calling thread")
    public func configure(_ config: EncoderConfig, logger: Logger = .silent) throws(EncoderError) {
        try configure(EncoderSetup.resolving(config, logger: logger))
    }

    /// Whether a configuration can be encoded, without encoding anything. A codec that was left open
    /// (``VideoTypes/CodecSelection/lowest(_:)``) is answered with the codec string that was chosen.
    public static func isConfigSupported(_ config: EncoderConfig) -> ConfigSupport {
        do throws(EncoderConfigError) {
            return .supported(try BackendChoice(for: ValidatedEncoderConfig(config)).config.values)
        } catch {
            return error.isUnsupported ? .unsupported(error.description) : .invalid(error.description)
        }
    }
}

extension AsyncVideoEncoder {
    /// Opens the encoder that does the configuration's codec; ``EncoderCore/VideoEncoder/configure(_:logger:)`` for
    /// tasks.
    public func configure(_ config: EncoderConfig, logger: Logger = .silent) async throws {
        try await configure(EncoderSetup.resolving(config, logger: logger))
    }
}

extension EncoderSetup {
    /// Finds the encoder for a configuration and resolves it.
    static func resolving(_ config: EncoderConfig, logger: Logger) throws(EncoderError) -> EncoderSetup {
        do throws(EncoderConfigError) {
            let choice = try BackendChoice(for: ValidatedEncoderConfig(config))
            if let notice = choice.notice { logger.notice("\(notice)") }
            return choice.backend.makeSetup(choice.config, logger)
        } catch {
            throw .config(error)
        }
    }
}
