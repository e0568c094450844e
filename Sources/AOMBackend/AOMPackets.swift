internal import Bitstream
internal import VideoTypes

/// Makes a chunk's bytes of the temporal units that libaom gives: as they are, but for the level in the sequence header,
/// which is the codec string's, and the HDR metadata.
struct AOMPackets {
    /// A temporal unit, and what is in it.
    struct Unit {
        var data: [UInt8]
        let isKey: Bool
        let temporalID: Int
        /// `base_q_idx` of the frame that is shown.
        let quantizerIndex: Int?
        let headers: [AV1FrameHeader]
        /// The sequence header, if there is one.
        let sequence: AV1SequenceHeader?
    }

    private let codec: AV1CodecString
    private let metadata: [OBU]
    private var reader = AV1FrameHeaderReader()

    init(_ parameters: AOMParameters) {
        codec = parameters.codec
        let values = parameters.config.values
        metadata = [
            values.contentLightLevel.map { AV1Metadata.obu($0) }, values.masteringDisplay.map { AV1Metadata.obu($0) },
        ].compactMap { $0 }
    }

    /// Reads a temporal unit, and puts in what is missing.
    mutating func assemble(_ data: [UInt8]) throws(BitstreamError) -> Unit {
        var unit = try AV1TemporalUnit(parsing: data)
        let hasSequence = try rewriteLevels(&unit)
        let headers = try reader.read(unit)
        let isKey = headers.contains(where: \.isShownKey)
        if isKey { unit.insert(beforeFirstFrame: metadata) }
        let isChanged = hasSequence || (isKey && !metadata.isEmpty)
        return Unit(
            data: isChanged ? unit.bytes : data,
            isKey: isKey,
            temporalID: unit.temporalID,
            quantizerIndex: headers.last(where: \.isShown)?.baseQuantizerIndex,
            headers: headers,
            sequence: hasSequence ? reader.sequenceHeader : nil
        )
    }

    private func rewriteLevels(_ unit: inout AV1TemporalUnit) throws(BitstreamError) -> Bool {
        var found = false
        for index in unit.obus.indices where unit.obus[index].type == .sequenceHeader {
            let old = unit.obus[index]
            let payload = try AV1SequenceHeader.rewriting(old.payload, level: codec.level, tier: codec.tier)
            unit.obus[index] = OBU(.sequenceHeader, layer: old.layer, payload: payload[...])
            found = true
        }
        return found
    }
}

extension DecoderConfig {
    /// How to set up a decoder for a stream with this sequence header.
    init(_ sequence: AV1SequenceHeader, _ config: ValidatedEncoderConfig) {
        // A string without chroma and color means 4:2:0 and BT.709 (AV1-ISOBMFF 5).
        let wantsFormat = if case .av1(let string) = config.codec { string.format != nil } else { false }
        let isUsual = sequence.color.chroma == .yuv420 && sequence.color.colorSpace == .bt709
        self.init(
            codec: sequence.codecString(hasFormat: wantsFormat || (!isUsual && !config.promisesLevel)).description,
            codedWidth: sequence.maxFrameWidth,
            codedHeight: sequence.maxFrameHeight,
            pixelAspectRatio: config.values.pixelAspectRatio ?? .square,
            colorSpace: sequence.color.colorSpace,
            description: nil
        )
        orientation = config.values.orientation
    }
}
