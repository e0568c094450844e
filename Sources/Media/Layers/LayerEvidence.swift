package import Bitstream
package import VideoTypes

/// Evidence in a stream against the layers that it is assumed to have. Nothing can prove them, but if frames that stay refer to
/// dropped ones, the stream does not have them.
package struct LayerEvidence {
    private let codec: VideoCodec
    /// The slot of VP9's reference frames that holds the last frame of the base layer.
    private var lastSlot = 0
    /// The layer that the bitstream stores, if it stores one, and the allowed number of layers.
    private var said: (layers: TemporalLayers, count: Int)?
    /// The highest layer so far that the bitstream stores.
    private var highest = 0
    private var framing = NALUnitFraming.annexB
    /// By H.264's sequence parameter sets, the numbers of dropped frames are missed.
    private var missesNumbers = false

    /// - Parameters:
    ///   - codec: The codec.
    ///   - mode: The layers that it is taken to have.
    ///   - description: The decoder configuration record of a stream that has its parameter sets there.
    package init(codec: VideoCodec, mode: ScalabilityMode?, description: [UInt8]? = nil) throws(BitstreamError) {
        self.codec = codec
        if let description { try read(description) }
        guard let mode, [.av1, .hevc].contains(codec) else { return }
        said = (try TemporalLayers(codec: codec, mode: mode, lengthSize: framing.lengthSize), mode.temporalLayers)
    }

    private mutating func read(_ description: [UInt8]) throws(BitstreamError) {
        switch codec {
        case .h264:
            let record = try AVCDecoderConfigurationRecord(parsing: description)
            framing = record.framing
            for set in record.sequenceParameterSets { try readAVC(set[...]) }
        case .hevc: framing = try HEVCDecoderConfigurationRecord(parsing: description).framing
        case .vp8, .vp9, .av1: break
        }
    }

    /// Throws if the unit cannot belong to a stream of layers.
    ///
    /// - Parameters:
    ///   - unit: The next unit.
    ///   - isKept: Whether it stays.
    package mutating func check(_ unit: [UInt8], isKept: Bool) throws(BitstreamError) {
        switch codec {
        case .vp8: if !isKept { try Self.checkVP8(unit) }
        case .vp9: try checkVP9(unit, isKept: isKept)
        case .h264: try checkAVC(unit, isKept: isKept)
        case .av1, .hevc: try checkSaid(unit)
        }
    }

    private static func refusal(_ what: String) -> BitstreamError {
        BitstreamError(.invalid, what, at: .byte(0), expected: "a stream that was encoded with these layers")
    }

    private mutating func checkSaid(_ unit: [UInt8]) throws(BitstreamError) {
        guard let count = said?.count, let layer = try said?.layers.layer(of: unit) else { return }
        highest = max(highest, layer)
        guard layer < count else { throw Self.refusal("a frame of layer \(layer)") }
    }

    /// Throws if the bitstream has fewer layers than it is assumed to have: at the end of a stream with frames other than key
    /// frames.
    package func checkCount() throws(BitstreamError) {
        guard let count = said?.count, highest + 1 < count else { return }
        throw Self.refusal("no frame is above layer \(highest)")
    }

    private static func checkVP8(_ unit: [UInt8]) throws(BitstreamError) {
        guard try VP8FrameHeader(parsing: unit).refresh.last else { return }
        throw refusal("a frame that would be dropped is referenced by the next")
    }

    private mutating func checkVP9(_ unit: [UInt8], isKept: Bool) throws(BitstreamError) {
        for frame in try VP9Superframe.split(unit) {
            let header = try VP9FrameHeader(parsing: frame)
            if isKept {
                if let slot = header.referenceIndices.first { lastSlot = slot }
            } else if header.refreshFrameFlags >> UInt8(lastSlot) & 1 == 1 {
                throw Self.refusal("a frame that would be dropped is referenced by the next")
            }
        }
    }

    /// Without this flag, a decoder takes missing frame numbers for lost frames (H.264 7.4.3). Only frames that no other refers
    /// to have no number of their own.
    private mutating func checkAVC(_ unit: [UInt8], isKept: Bool) throws(BitstreamError) {
        for nalUnit in try framing.split(unit) {
            let header = try NALUnitHeader(parsing: nalUnit)
            if header.type == .sequenceParameterSet { try readAVC(nalUnit) }
            guard missesNumbers, !isKept, header.type.isVCL, header.refIdc > 0 else { continue }
            throw Self.refusal("the sequence parameter set does not allow gaps in frame_num")
        }
    }

    private mutating func readAVC(_ set: ArraySlice<UInt8>) throws(BitstreamError) {
        missesNumbers = try !SequenceParameterSet(parsing: set).gapsInFrameNumAllowed
    }
}
