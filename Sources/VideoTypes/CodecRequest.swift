/// A codec string that has been understood.
public enum CodecRequest: Hashable, Sendable {
    /// H.264 with this profile, these constraints and this level.
    case avc(AVCCodecString)
    /// HEVC with this profile, tier, level and these constraints.
    case hevc(HEVCCodecString)
    /// VP8, which has neither profiles that matter nor levels.
    case vp8
    /// VP9 with this profile, level and bit depth.
    case vp9(VP9CodecString)
    /// AV1 with this profile, level, tier and bit depth.
    case av1(AV1CodecString)
    /// The lowest profile and level that fit.
    case lowest(VideoCodec)

    /// The codec.
    public var codec: VideoCodec {
        switch self {
        case .avc: .h264
        case .hevc: .hevc
        case .vp8: .vp8
        case .vp9: .vp9
        case .av1: .av1
        case .lowest(let codec): codec
        }
    }

    /// The string requests pictures without chroma.
    package var isMonochrome: Bool {
        guard case .av1(let string) = self else { return false }
        return string.format?.isMonochrome ?? false
    }

    /// Parses a request.
    ///
    /// - Throws: ``EncoderConfigError/malformed(field:value:expected:)`` for an empty string and for one that begins as a
    ///   codec's does and breaks its rules; ``EncoderConfigError/unsupported(_:)`` for any other.
    public init(_ selection: CodecSelection) throws(EncoderConfigError) {
        switch selection {
        case .lowest(let codec): self = .lowest(codec)
        case .exact(let string): try self.init(string)
        }
    }

    private init(_ string: String) throws(EncoderConfigError) {
        guard !string.isEmpty else { throw .malformed(field: "codec", value: string, expected: "a codec string") }
        let entry = string.prefix { $0 != "." }
        switch entry {
        case "avc1", "avc3":
            self = .avc(try Self.require(AVCCodecString(string), string, "\(entry). and six hexadecimal digits"))
        case "hvc1", "hev1":
            self = .hevc(try Self.require(HEVCCodecString(string), string, HEVCCodecString.form))
        case "vp8" where string == "vp8":
            self = .vp8
        case "vp8", "vp08":
            throw .malformed(field: "codec", value: string, expected: "vp8 and nothing else")
        case "vp09":
            self = .vp9(try Self.require(VP9CodecString(string), string, VP9CodecString.form))
        case "av01":
            self = .av1(try Self.require(AV1CodecString(string), string, AV1CodecString.form))
        default:
            throw .unsupported(
                "codec \"\(string)\" is unknown (use avc1, avc3, hvc1, hev1, vp8, vp09 or av01)"
            )
        }
    }

    private static func require<Parsed>(
        _ parsed: Parsed?,
        _ string: String,
        _ expected: String
    ) throws(EncoderConfigError) -> Parsed {
        guard let parsed else { throw .malformed(field: "codec", value: string, expected: expected) }
        return parsed
    }
}
