internal import Bitstream
internal import VideoTypes

/// Reads the headers of a codec's units, one after the other.
protocol UnitInspector: Sendable {
    /// The parameter sets so far, as text.
    var parameterSets: ParameterSetList { get }
    /// What the stream is; `nil` before the first parameter set or key frame.
    var profile: StreamProfile? { get }

    /// Reads the next unit in decoding order.
    mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitFacts
}

/// The properties of a whole stream.
struct StreamProfile: Sendable {
    /// The codec string from the stream's headers; if they store no level, with the lowest sufficient one.
    var codecString: @Sendable (_ lowestLevel: String?) -> String
    /// The same for people: `H.264 High, level 4.0`.
    var words: String
    /// The picture that is coded, in luma samples.
    var codedSize: PictureSize
    /// The picture that is shown, in luma samples.
    var shownSize: PictureSize
    /// `4:2:0, 8 bits`.
    var format: String
    /// The color.
    var colorSpace: VideoColorSpace
    /// Frames a second, if the stream stores it.
    var framerate: FrameRate?
    /// What the level is checked against.
    var level: LevelRules
}

/// The readers of the codecs.
enum UnitInspectors {
    /// The name of the scale of header quantizers, in the codec's terms.
    static func quantizerScale(_ codec: VideoCodec) -> String {
        switch codec {
        case .h264: "SliceQPY, 0 to 51"
        case .hevc: "SliceQpY, 0 to 51"
        case .vp8: "y_ac_qi, 0 to 127"
        case .vp9, .av1: "base_q_idx, 0 to 255"
        }
    }

    static func reader(_ codec: VideoCodec, description: [UInt8]?) throws(BitstreamError) -> any UnitInspector {
        switch codec {
        case .h264: try AVCUnitInspector(description: description)
        case .hevc: try HEVCUnitInspector(description: description)
        case .vp8: VP8UnitInspector()
        case .vp9: VP9UnitInspector()
        case .av1: try AV1UnitInspector(description: description)
        }
    }
}
