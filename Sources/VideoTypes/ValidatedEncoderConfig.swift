/// A configuration that has passed every check that needs no codec library. Backends accept no other.
public struct ValidatedEncoderConfig: Hashable, Sendable {
    /// The settings as they were given.
    public let values: EncoderConfig
    /// The codec, understood.
    public let codec: CodecRequest
    /// What keeps the rate.
    public let rateControl: RateControl
    /// The profile and level were chosen, not requested: they fit the settings, and the settings do not have to fit them.
    public private(set) var hasChosenCodec = false
    /// The coded size.
    public var size: PictureSize { PictureSize(width: values.codedWidth, height: values.codedHeight) }

    /// The rate control, with only the values that it needs.
    public enum RateControl: Hashable, Sendable {
        /// On average this many bits a second, within a buffer of one second.
        case constant(bitrate: Int)
        /// On average this many bits a second.
        case variable(bitrate: Int)
        /// Constant quality; `nil` is the encoder's default.
        case quality(Double?)
        /// This quantizer for every frame without its own.
        case quantizer(Int)
    }

    /// Checks everything that can be checked without a codec library.
    ///
    /// - Throws: ``EncoderConfigError``, which distinguishes an invalid configuration from an unsupported one.
    public init(_ given: EncoderConfig) throws(EncoderConfigError) {
        let values = try given.withDisplayAspect()
        codec = try CodecRequest(values.codec)
        try Self.check("codedWidth", values.codedWidth, in: 1...PictureSize.limit)
        try Self.check("codedHeight", values.codedHeight, in: 1...PictureSize.limit)
        try Self.check("keyFrameInterval", values.keyFrameInterval, in: 1...Int(Int32.max))
        try Self.check("threads", values.threads, in: 1...128)
        try Self.check("bitrate", values.bitrate, in: 1000...2_000_000_000)
        guard [8, 10, 12].contains(values.bitDepth) else {
            throw .malformed(field: "bitDepth", value: "\(values.bitDepth)", expected: "8, 10 or 12")
        }
        guard values.colorSpace.matrix != .rgb || values.chroma == .yuv444 else {
            throw .unsupported("the matrix rgb needs 4:4:4 chroma (H.273 8.3; \(Setting.chroma) 444)")
        }
        try Self.checkHDR(values)
        try Self.checkOptions(values)
        try codec.check(values)
        rateControl = try values.rateControl(for: codec.codec)
        self.values = values
    }

    /// Of two values of one option one would be ignored; `tune` has several.
    private static func checkOptions(_ values: EncoderConfig) throws(EncoderConfigError) {
        var seen: Set<String> = []
        for option in values.encoderOptions where option.key != "tune" {
            guard seen.insert(option.key).inserted else {
                throw .conflict("encoder option \(option.key) is given twice")
            }
        }
    }

    /// The same configuration with the profile and level that were chosen for it.
    ///
    /// - Parameter string: A full codec string.
    public func resolved(to string: String) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        var values = values
        values.codec = .exact(string)
        var resolved = try ValidatedEncoderConfig(values)
        if case .lowest = codec { resolved.hasChosenCodec = true }
        resolved.hasChosenCodec = resolved.hasChosenCodec || hasChosenCodec
        return resolved
    }

    /// The configuration for frames from one on, by its number in the whole encode: frame numbers in the encoder's options
    /// count from there. An option that is empty after that is removed.
    ///
    /// - Parameter firstFrame: 0 or more.
    package func counting(fromFrame firstFrame: Int) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        guard firstFrame > 0, values.encoderOptions.contains(where: { $0.key == FrameZones.option }) else {
            return self
        }
        var values = values
        values.encoderOptions = values.encoderOptions.compactMap { option in
            guard option.key == FrameZones.option, let zones = FrameZones(option.value) else { return option }
            return zones.counting(fromFrame: firstFrame).map { EncoderOption(key: option.key, value: $0.description) }
        }
        var counted = try ValidatedEncoderConfig(values)
        counted.hasChosenCodec = hasChosenCodec
        return counted
    }

    /// Throws if an encoder option sets what the content hint sets.
    package func checkHint(against options: Set<String>) throws(EncoderConfigError) {
        guard let hint = values.contentHint,
            let option = values.encoderOptions.first(where: { options.contains($0.key) })
        else { return }
        throw .conflict(
            "\(Setting.contentHint) \(hint.rawValue) and the encoder option \(option.key) set the same thing"
        )
    }

    /// Throws if the encoder does not have a tuning for the content hint.
    package func refuseHint(_ hints: Set<ContentHint> = [.text, .detail], encoder: String) throws(EncoderConfigError) {
        guard let hint = values.contentHint, hints.contains(hint) else { return }
        throw .unsupported("\(encoder) has no tuning for \(Setting.contentHint) \(hint.rawValue)")
    }

    /// What fixes the quantizer, for messages.
    package var fixedBy: String { values.lossless ? "lossless" : "\(Setting.bitrateMode) quantizer" }

    /// The profile and level were requested, and the stream has to conform to them.
    public var promisesLevel: Bool {
        if case .lowest = codec { false } else { !hasChosenCodec }
    }

    /// The same configuration with another average rate.
    package func expecting(_ rate: FrameRate?) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        var values = values
        values.averageFramerate = rate
        var expecting = try ValidatedEncoderConfig(values)
        expecting.hasChosenCodec = hasChosenCodec
        return expecting
    }

    /// The rate that a level has to hold; `nil` where only the timestamps tell.
    public var levelFramerate: FrameRate? { values.framerate ?? values.highestFramerate }

    /// How much denser frames come at most than on average, 1 or more: by so much an encoder that counts frames exceeds its bit
    /// rate while they do.
    package var burst: Double {
        guard values.framerate == nil, let average = values.averageFramerate, let highest = values.highestFramerate
        else {
            return 1
        }
        return max(1, highest.approximate / average.approximate)
    }

    /// The rates by which a level is chosen that is left open, the first for which there is one.
    package var ratesForLevel: [FrameRate?] {
        guard let rate = levelFramerate else { return [FrameRate(120), FrameRate(60), .thirty, nil] }
        return [rate]
    }

    private static func checkHDR(_ values: EncoderConfig) throws(EncoderConfigError) {
        if let display = values.masteringDisplay, !display.isInRange {
            let ranges = "chromaticities in 0...50000, and a least luminance of 0 or more below the most"
            throw .malformed(field: "masteringDisplay", value: "\(display)", expected: ranges)
        }
        if let level = values.contentLightLevel, !level.isInRange {
            throw .malformed(field: "contentLightLevel", value: "\(level)", expected: "two numbers in 0...65535")
        }
    }

    static func check(_ field: String, _ value: Int?, in allowed: ClosedRange<Int>) throws(EncoderConfigError) {
        guard let value, !allowed.contains(value) else { return }
        throw .outOfRange(field: field, actual: value, allowed: allowed)
    }
}
