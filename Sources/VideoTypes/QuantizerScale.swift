/// The two scales of a codec's quantizers: the levels that the codec libraries use, and the index that is in the bitstream.
///
/// H.264 and HEVC have one scale, and so no index of their own.
public struct QuantizerScale: Hashable, Sendable {
    /// The libraries' scale.
    public let levels: ClosedRange<Int>
    /// The bitstream's index of each level; empty where it is the level itself.
    private let indices: [UInt8]

    /// The scale of a codec at 8 bits a sample or more; the libraries' scale does not depend on the depth.
    public init(_ codec: VideoCodec) {
        switch codec {
        case .h264, .hevc: (levels, indices) = (0...51, [])
        case .vp8: (levels, indices) = (0...63, Self.vp8)
        case .vp9, .av1: (levels, indices) = (0...63, Self.vp9)
        }
    }

    /// The indices that the bitstream can store: VP8 `y_ac_qi` (RFC 6386 9.6) `0...127`, VP9 and AV1 `base_q_idx` `0...255`;
    /// `nil` for codecs without an index.
    public var indexRange: ClosedRange<Int>? { indices.last.map { 0...Int($0) } }

    /// The bitstream's index of a level; `nil` for codecs without an index, or for an invalid level.
    public func index(ofLevel level: Int) -> Int? {
        indices.indices.contains(level) ? Int(indices[level]) : nil
    }

    /// The level that the bitstream's index comes from; `nil` if no level has it.
    public func level(ofIndex index: Int) -> Int? { indices.firstIndex { Int($0) == index } }

    /// The level whose index is nearest to `index`, the lower one of two; `nil` for codecs without an index, or if it is out of
    /// range.
    public func level(nearestTo index: Int) -> Int? {
        guard let range = indexRange, range.contains(index) else { return nil }
        return indices.indices.min { abs(Int(indices[$0]) - index) < abs(Int(indices[$1]) - index) }
    }

    /// libvpx `vp8/encoder/onyx_if.c`, `q_trans`.
    private static let vp8: [UInt8] = [
        0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 33, 35, 37,
        39,
        41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 64, 67, 70, 73, 76, 79, 82, 85, 88, 91, 94, 97, 100, 103, 106, 109,
        112,
        115, 118, 121, 124, 127,
    ]

    /// libvpx `vp9_quantize.c` and libaom `quantize.c`, `quantizer_to_qindex`.
    private static let vp9: [UInt8] = (0...61).map { UInt8($0 * 4) } + [249, 255]
}
