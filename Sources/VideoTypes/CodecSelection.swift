/// A video codec, whatever its profile and level.
public enum VideoCodec: String, CaseIterable, Hashable, Sendable {
    /// ITU-T H.264, also called AVC.
    case h264
    /// ITU-T H.265.
    case hevc
    /// RFC 6386.
    case vp8
    /// VP9 Bitstream & Decoding Process Specification.
    case vp9
    /// AV1 Bitstream & Decoding Process Specification.
    case av1

    /// What people call it.
    public var name: String {
        switch self {
        case .h264: "H.264"
        case .hevc: "HEVC"
        case .vp8: "VP8"
        case .vp9: "VP9"
        case .av1: "AV1"
        }
    }

    /// Whether Sluice writes HDR metadata for it: into HEVC and AV1 itself, and for VP9 into containers.
    public var hasHDRMetadata: Bool {
        switch self {
        case .hevc, .vp9, .av1: true
        case .h264, .vp8: false
        }
    }

    /// Whether the bitstream can store a width or height that is not a multiple of its chroma's: H.264 and HEVC crop in whole
    /// chroma samples, the others round chroma up.
    public var hasOddSizes: Bool {
        switch self {
        case .h264, .hevc: false
        case .vp8, .vp9, .av1: true
        }
    }
}

/// A requested codec.
public enum CodecSelection: Hashable, Sendable {
    /// A codec string whose profile and level are a promise, such as `avc1.640028`.
    case exact(String)
    /// The lowest profile and level of this codec that the other settings fit into.
    case lowest(VideoCodec)
}

extension CodecSelection: ExpressibleByStringLiteral {
    /// A codec string, exactly.
    public init(stringLiteral value: String) { self = .exact(value) }
}

extension CodecSelection: CustomStringConvertible {
    /// The codec string or the codec's short name.
    public var description: String {
        switch self {
        case .exact(let string): string
        case .lowest(let codec): codec.rawValue
        }
    }
}
