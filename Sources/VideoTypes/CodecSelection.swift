/// A video codec, whatever its profile and level.
public enum VideoCodec: String, CaseIterable, Hashable, Sendable {
    /// ITU-T H.264, also called AVC.
    case h264
}

/// A codec as it is asked for.
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

/// A codec string that has been understood.
public enum CodecRequest: Hashable, Sendable {
    /// H.264 with this profile, these constraints and this level.
    case avc(AVCCodecString)
    /// The lowest profile and level that fit.
    case lowest(VideoCodec)

    /// The codec.
    public var codec: VideoCodec {
        switch self {
        case .avc: .h264
        case .lowest(let codec): codec
        }
    }
}
