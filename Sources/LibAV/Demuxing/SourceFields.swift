internal import CFFmpeg

/// The fields of interlaced pictures whose container alone tells that they are.
enum SourceFields: Sendable {
    /// The field with the first row is the earlier one.
    case topFirst
    /// The field with the second row is.
    case bottomFirst

    /// What a container stores; `nil` for whole pictures, where it is not known, and for a codec whose pictures tell themselves.
    init?(_ order: AVFieldOrder, of codec: AVCodecID) {
        guard !Self.tellThemselves.contains(codec) else { return nil }
        switch order {
        // The order in which they are shown, which is not always that in which they are stored.
        case AV_FIELD_TT, AV_FIELD_BT: self = .topFirst
        case AV_FIELD_BB, AV_FIELD_TB: self = .bottomFirst
        default: return nil
        }
    }

    /// Each of their pictures may be another kind: libavformat has the order of the first one.
    private static let tellThemselves: Set<AVCodecID> = [
        AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4, AV_CODEC_ID_VC1, AV_CODEC_ID_WMV3,
        AV_CODEC_ID_CAVS, AV_CODEC_ID_DVVIDEO,
    ]
}
