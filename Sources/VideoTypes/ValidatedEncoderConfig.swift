/// A configuration that has passed every check that needs no codec library. Backends accept no other.
public struct ValidatedEncoderConfig: Hashable, Sendable {
    /// The settings as they were given.
    public let values: EncoderConfig
    /// The codec, understood.
    public let codec: CodecRequest
    /// What keeps the rate.
    public let rateControl: RateControl
    /// The profile and level were chosen, not asked for: they fit the settings, and the settings need not fit them.
    public private(set) var hasChosenCodec = false
    /// The coded size.
    public var size: PictureSize { PictureSize(width: values.codedWidth, height: values.codedHeight) }

    /// What keeps the rate, with what it needs and nothing else.
    public enum RateControl: Hashable, Sendable {
        /// The whole averages this many bits a second, within a buffer of one second.
        case constant(bitrate: Int)
        /// The whole averages this many bits a second.
        case variable(bitrate: Int)
        /// Constant quality; `nil` is the encoder's default.
        case quality(Double?)
        /// This quantizer for every frame that brings none of its own.
        case quantizer(Int)
    }

    /// Checks everything that can be checked without a codec library.
    ///
    /// - Throws: ``EncoderConfigError``, which tells an invalid configuration from one that is merely unsupported.
    public init(_ values: EncoderConfig) throws(EncoderConfigError) {
        try Self.check("codedWidth", values.codedWidth, in: 1...PictureSize.limit)
        try Self.check("codedHeight", values.codedHeight, in: 1...PictureSize.limit)
        try Self.check("keyFrameInterval", values.keyFrameInterval, in: 1...Int(Int32.max))
        try Self.check("threads", values.threads, in: 1...128)
        try Self.check("bitrate", values.bitrate, in: 1000...2_000_000_000)
        guard values.colorSpace.matrix != .rgb || values.chroma == .yuv444 else {
            throw .unsupported("the matrix rgb needs 4:4:4 chroma (H.264 E.2.1)")
        }
        codec = try Self.understand(values.codec)
        rateControl = try Self.rateControl(of: values)
        self.values = values
    }

    /// The same configuration with the profile and level that were chosen for it.
    public func resolved(to string: AVCCodecString) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        var values = values
        values.codec = .exact(string.description)
        var resolved = try ValidatedEncoderConfig(values)
        if case .lowest = codec { resolved.hasChosenCodec = true }
        resolved.hasChosenCodec = resolved.hasChosenCodec || hasChosenCodec
        return resolved
    }

    private static func check(_ field: String, _ value: Int?, in allowed: ClosedRange<Int>) throws(EncoderConfigError) {
        guard let value, !allowed.contains(value) else { return }
        throw .outOfRange(field: field, actual: value, allowed: allowed)
    }

    private static func understand(_ selection: CodecSelection) throws(EncoderConfigError) -> CodecRequest {
        switch selection {
        case .lowest(let codec):
            return .lowest(codec)
        case .exact(let string):
            if let avc = AVCCodecString(string) { return .avc(avc) }
            if string.isEmpty { throw .malformed(field: "codec", value: string, expected: "a codec string") }
            if string.hasPrefix("avc1") || string.hasPrefix("avc3") {
                throw .malformed(field: "codec", value: string, expected: "avc1. and six hexadecimal digits")
            }
            throw .unsupported("codec \"\(string)\" is not one that Sluice can encode (avc1.PPCCLL is)")
        }
    }

    private static func rateControl(of values: EncoderConfig) throws(EncoderConfigError) -> RateControl {
        if values.bitrateMode == .quantizer {
            return try quantizerMode(of: values)
        }
        guard values.quantizer == nil else {
            throw .conflict("a quantizer needs bitrateMode quantizer, not \(values.bitrateMode.rawValue)")
        }
        if let quality = values.constantQuality {
            guard values.bitrate == nil else { throw .conflict("bitrate and constant quality exclude each other") }
            guard values.bitrateMode == .variable else {
                throw .conflict("constant quality and bitrateMode constant exclude each other")
            }
            guard quality >= 0, quality <= 51 else {
                throw .malformed(field: "constantQuality", value: "\(quality)", expected: "a number in 0...51")
            }
            return .quality(quality)
        }
        switch (values.bitrate, values.bitrateMode) {
        case (let bitrate?, .constant): return .constant(bitrate: bitrate)
        case (let bitrate?, _): return .variable(bitrate: bitrate)
        case (nil, .constant): throw .conflict("bitrateMode constant needs a bitrate")
        case (nil, _): return .quality(nil)
        }
    }

    private static func quantizerMode(of values: EncoderConfig) throws(EncoderConfigError) -> RateControl {
        guard values.bitrate == nil, values.constantQuality == nil else {
            throw .conflict("bitrateMode quantizer excludes a bitrate and constant quality")
        }
        guard let quantizer = values.quantizer else {
            throw .conflict("bitrateMode quantizer needs a quantizer")
        }
        try check("quantizer", quantizer, in: 0...51)
        return .quantizer(quantizer)
    }
}
