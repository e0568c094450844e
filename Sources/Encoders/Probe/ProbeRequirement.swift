public import VideoTypes

/// `CODEC@WxHpFPS[,option=value…]`: a configuration that a machine has to support, on one line.
public struct ProbeRequirement: Sendable {
    /// The text as it was given.
    public let text: String
    /// The configuration that it means.
    public let config: EncoderConfig

    /// Reads a requirement.
    ///
    /// - Parameter text: For instance `av01.0.08M.10@1920x1080p30,scalabilityMode=L1T3,encoder=libaom`.
    /// - Throws: ``VideoTypes/EncoderConfigError/malformed(field:value:expected:)`` if the text is not a requirement.
    public init(_ text: String) throws(EncoderConfigError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        var config = try Self.configuration(parts[0], text)
        var given: Set<String> = []
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, let apply = Self.options[pair[0]] else {
                let names = Self.options.keys.sorted().joined(separator: ", ")
                throw .malformed(
                    field: "requirement",
                    value: text,
                    expected: "one of the options \(names), with a value"
                )
            }
            guard given.insert(pair[0]).inserted else {
                throw .malformed(field: "requirement", value: text, expected: "\(pair[0]) once")
            }
            guard apply(&config, pair[1]) else {
                throw .malformed(
                    field: pair[0],
                    value: pair[1],
                    expected: Self.expectations[pair[0]] ?? "another value"
                )
            }
        }
        Self.complete(&config, given)
        (self.text, self.config) = (text, config)
    }

    /// How a requirement is written.
    public static let form = "CODEC@WIDTHxHEIGHTpFPS, such as av01.0.08M.10@1920x1080p30"

    private static func configuration(
        _ text: Substring,
        _ whole: String
    ) throws(EncoderConfigError) -> EncoderConfig {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        let picture = halves.count == 2 ? halves[1].split(separator: "p", omittingEmptySubsequences: false) : []
        guard picture.count == 2, let size = PictureSize(String(picture[0])),
            let framerate = FrameRate(String(picture[1]))
        else { throw .malformed(field: "requirement", value: whole, expected: form) }
        let name = String(halves[0])
        let codec = VideoCodec(name: name).map { CodecSelection.lowest($0) } ?? .exact(name)
        var config = EncoderConfig(codec: codec, width: size.width, height: size.height)
        config.framerate = framerate
        return config
    }

    private typealias Option = @Sendable (inout EncoderConfig, String) -> Bool

    /// Sets a member if the text can be read.
    private static func set<Value>(
        _ member: any WritableKeyPath<EncoderConfig, Value> & Sendable,
        _ read: @escaping @Sendable (String) -> Value?
    ) -> Option {
        { config, text in
            guard let value = read(text) else { return false }
            config[keyPath: member] = value
            return true
        }
    }

    /// Sets a member that may be left open.
    private static func set<Value>(
        _ member: any WritableKeyPath<EncoderConfig, Value?> & Sendable,
        _ read: @escaping @Sendable (String) -> Value?
    ) -> Option {
        { config, text in
            guard let value = read(text) else { return false }
            config[keyPath: member] = value
            return true
        }
    }

    private static let options: [String: Option] = [
        "alpha": set(\.alpha) { AlphaOption(rawValue: $0) },
        "bitDepth": set(\.bitDepth) { Int($0) },
        "bitrate": set(\.bitrate) { Int($0) },
        "bitrateMode": set(\.bitrateMode) { BitrateMode(rawValue: $0) },
        "contentHint": set(\.contentHint) { ContentHint(rawValue: $0) },
        "lossless": set(\.lossless) { Bool($0) },
        "chroma": set(\.chroma) { ChromaSubsampling(rawValue: $0) },
        "encoder": set(\.encoder) { $0.isEmpty ? nil : $0 },
        "hardwareAcceleration": set(\.hardwareAcceleration) { HardwareAcceleration(rawValue: $0) },
        "latencyMode": set(\.latencyMode) { LatencyMode(rawValue: $0) },
        "preset": set(\.preset) { $0.isEmpty ? nil : $0 },
        "quantizer": set(\.quantizer) { Int($0) },
        "scalabilityMode": set(\.scalabilityMode) { ScalabilityMode($0) },
    ]

    private static let expectations: [String: String] = [
        "alpha": "discard or keep",
        "bitDepth": "8, 10 or 12",
        "bitrate": "bits a second, a whole number",
        "bitrateMode": "constant, variable or quantizer",
        "contentHint": "text, detail or motion",
        "lossless": "true or false",
        "chroma": "420, 422 or 444",
        "encoder": "an encoder's name",
        "hardwareAcceleration": "no-preference, prefer-hardware or prefer-software",
        "latencyMode": "quality or realtime",
        "preset": "a preset's name",
        "quantizer": "a number",
        "scalabilityMode": "L1T1, L1T2 or L1T3",
    ]

    /// What was left open is chosen as the codec string has it, and so that the answer comes soon.
    private static func complete(_ config: inout EncoderConfig, _ given: Set<String>) {
        // What is wrong with the codec is found when it is tried.
        guard let request = try? CodecRequest(config.codec) else { return }
        if config.quantizer != nil, !given.contains("bitrateMode") { config.bitrateMode = .quantizer }
        if config.bitrateMode == .quantizer, config.quantizer == nil { config.quantizer = 24 }
        if config.bitrateMode == .constant, config.bitrate == nil { config.bitrate = 2_000_000 }
        guard config.preset == nil else { return }
        let name = config.encoder
        config.preset =
            BackendRegistry.encoders(of: request.codec)
            .first { name == nil ? !$0.isHardware : $0.name == name }?.quickPreset
    }
}
