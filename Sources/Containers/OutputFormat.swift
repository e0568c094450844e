public import VideoTypes

/// A format that chunks can be written in. A new one is one line here and one writer.
public enum OutputFormat: String, CaseIterable, Hashable, Sendable {
    /// H.264 with start codes and the parameter sets in band (H.264 Annex B).
    case annexB = "annexb"
    /// H.264 with 4-byte lengths and the parameter sets in a record of their own (ISO/IEC 14496-15).
    case avcc

    /// The file name extensions that mean this format, without the dot.
    public var extensions: [String] {
        switch self {
        case .annexB: ["h264", "264", "avc", "annexb"]
        case .avcc: ["avcc"]
        }
    }

    /// The format that a file name extension means, in either case.
    public init?(extension name: String) {
        guard let format = Self.allCases.first(where: { $0.extensions.contains(name.lowercased()) }) else { return nil }
        self = format
    }

    /// How the encoder is to frame its chunks for this format.
    public var avcFormat: AVCFormat {
        switch self {
        case .annexB: .annexB
        case .avcc: .avc
        }
    }
}
