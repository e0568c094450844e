package import VideoTypes

/// The encoder for a configuration, and the configuration as it carries it out.
package struct BackendChoice: Sendable {
    package let backend: BackendDescriptor
    /// The configuration, its codec string resolved.
    package let config: ValidatedEncoderConfig
    /// What the user should know of how it was chosen.
    package var notice: String?
    /// The request: the configuration before its codec string was resolved, without the settings that do not affect the choice.
    private let request: EncoderConfig

    /// Finds the requested encoder, or the best available one.
    ///
    /// - Parameters:
    ///   - config: What is to be encoded, and how.
    ///   - earlier: A choice that was made before in the same run; hardware that was tried for the same request is not
    ///     opened again. The default is `nil`.
    /// - Throws: ``EncoderConfigError`` without one, or if it does not support the request.
    package init(
        for config: ValidatedEncoderConfig,
        after earlier: BackendChoice? = nil
    ) throws(EncoderConfigError) {
        if let earlier, earlier.request == Self.request(config) {
            self = try Self(earlier.backend, config)
            notice = earlier.notice
        } else if let name = config.values.encoder {
            self = try Self.named(name, config)
        } else if config.values.hardwareAcceleration == .preferHardware {
            self = try Self.hardwareOrElse(config)
        } else {
            self = try Self.software(config)
        }
    }

    private init(_ backend: BackendDescriptor, _ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        self.backend = backend
        self.config = try backend.resolve(config)
        request = Self.request(config)
    }

    /// Threads, and whether the frames are a segment of the video, decide how an encoder works, but not which one.
    private static func request(_ config: ValidatedEncoderConfig) -> EncoderConfig {
        var values = config.values
        (values.threads, values.isSegment) = (nil, false)
        return values
    }

    private static func named(_ name: String, _ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> Self {
        let codec = config.codec.codec
        let candidates = BackendRegistry.encoders(of: codec)
        guard let backend = candidates.first(where: { $0.name == name }) else {
            let names = candidates.map(\.name).joined(separator: ", ")
            guard BackendRegistry.all.contains(where: { $0.name == name }) else {
                throw .malformed(field: "encoder", value: name, expected: "for \(codec.name): \(names)")
            }
            throw .unsupported("\(name) does not encode \(codec.name) (use \(names))")
        }
        if backend.isHardware, config.values.hardwareAcceleration == .preferSoftware {
            throw .conflict("the encoder \(name) is hardware, but \(Setting.hardwareAcceleration) is prefer-software")
        }
        let choice = try Self(backend, config)
        if let reason = backend.tryOut(choice.config) {
            throw .unsupported(Self.naming(name, reason))
        }
        return choice
    }

    /// The first hardware encoder that encodes a frame; without any, software, and why.
    private static func hardwareOrElse(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> Self {
        var reasons: [String] = []
        for backend in BackendRegistry.encoders(of: config.codec.codec) where backend.isHardware {
            do throws(EncoderConfigError) {
                let choice = try Self(backend, config)
                guard let reason = backend.tryOut(choice.config) else { return choice }
                reasons.append(Self.naming(backend.name, reason))
            } catch {
                reasons.append(Self.naming(backend.name, error.description))
            }
        }
        var choice = try software(config)
        let why = reasons.isEmpty ? "none exists for \(config.codec.codec.name)" : reasons.joined(separator: "; ")
        choice.notice = "no hardware encoder can be used (\(why)); using \(choice.backend.name)"
        return choice
    }

    /// Most reasons name the encoder themselves.
    private static func naming(_ name: String, _ reason: String) -> String {
        reason.hasPrefix(name) ? reason : "\(name): \(reason)"
    }

    private static func software(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> Self {
        let codec = config.codec.codec
        guard let backend = BackendRegistry.encoders(of: codec).first(where: { !$0.isHardware }) else {
            throw .unsupported("this build has no encoder for \(codec.name)")
        }
        return try Self(backend, config)
    }
}
