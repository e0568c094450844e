internal import Bitstream
internal import VideoTypes

/// What a stream itself says against having the layers that it is taken to have: nothing proves that it has them, but one
/// whose dropped frames are referred to by those that stay has none.
struct LayerEvidence {
    private let codec: VideoCodec
    /// The slot of VP9's reference frames that holds the last frame of the base layer.
    private var lastSlot = 0
    /// What the bitstream itself says, where it says it, and the number of layers that it may say.
    private var said: (layers: TemporalLayers, count: Int)?

    init(codec: VideoCodec, mode: ScalabilityMode?) throws(BitstreamError) {
        self.codec = codec
        guard let mode, [.av1, .hevc].contains(codec) else { return }
        said = (try TemporalLayers(codec: codec, mode: mode), mode.temporalLayers)
    }

    /// Throws if the unit cannot belong to a stream of layers.
    ///
    /// - Parameters:
    ///   - unit: The next unit.
    ///   - isKept: Whether it stays.
    mutating func check(_ unit: [UInt8], isKept: Bool) throws(BitstreamError) {
        switch codec {
        case .vp8: if !isKept { try Self.checkVP8(unit) }
        case .vp9: try checkVP9(unit, isKept: isKept)
        case .h264: try Self.checkAVC(unit)
        case .av1, .hevc: try checkSaid(unit)
        }
    }

    private static func refusal(_ what: String) -> BitstreamError {
        BitstreamError(.invalid, what, at: .byte(0), expected: "a stream that was made with these layers")
    }

    private mutating func checkSaid(_ unit: [UInt8]) throws(BitstreamError) {
        guard let count = said?.count, let layer = try said?.layers.layer(of: unit), layer >= count else { return }
        throw Self.refusal("a frame of layer \(layer)")
    }

    private static func checkVP8(_ unit: [UInt8]) throws(BitstreamError) {
        guard try VP8FrameHeader(parsing: unit).refresh.last else { return }
        throw refusal("a frame that would be dropped is one that the next refers to")
    }

    private mutating func checkVP9(_ unit: [UInt8], isKept: Bool) throws(BitstreamError) {
        for frame in try VP9Superframe.split(unit) {
            let header = try VP9FrameHeader(parsing: frame)
            if isKept {
                if let slot = header.referenceIndices.first { lastSlot = slot }
            } else if header.refreshFrameFlags >> UInt8(lastSlot) & 1 == 1 {
                throw Self.refusal("a frame that would be dropped is one that the next refers to")
            }
        }
    }

    /// Without this flag, a decoder takes the numbers of dropped frames for lost ones (H.264 7.4.3).
    private static func checkAVC(_ unit: [UInt8]) throws(BitstreamError) {
        for nalUnit in AnnexB.split(unit) where try NALUnitHeader(parsing: nalUnit).type == .sequenceParameterSet {
            guard try !SequenceParameterSet(parsing: nalUnit).gapsInFrameNumAllowed else { continue }
            throw refusal("the sequence parameter set allows no gaps in frame_num")
        }
    }
}
