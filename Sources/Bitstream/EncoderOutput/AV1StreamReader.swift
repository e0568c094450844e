package import VideoTypes

/// Makes chunks of AV1 of an encoder's temporal units, with the level that the codec string promises.
package struct AV1StreamReader: StreamReading {
    private let config: ValidatedEncoderConfig
    private let promised: AV1CodecString?
    /// What follows each sequence header: metadata that the encoder has no option for.
    private let metadata: [OBU]
    private var frames = AV1FrameHeaderReader()
    package private(set) var decoderConfig: DecoderConfig?

    package init(_ config: ValidatedEncoderConfig) {
        self.config = config
        if case .av1(let string) = config.codec { promised = string } else { promised = nil }
        let (display, light) = (config.values.masteringDisplay, config.values.contentLightLevel)
        metadata = [light.map { AV1Metadata.obu($0) }, display.map { AV1Metadata.obu($0) }].compactMap(\.self)
    }

    package var sequenceHeader: AV1SequenceHeader? { frames.sequenceHeader }

    /// One temporal unit shows one frame, in order.
    package var reorderedPictures: Int? { 0 }

    /// Empty: the header that SVT-AV1 returns when it is opened differs from the one that it writes later.
    package mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError) {}

    package mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture {
        do throws(BitstreamError) {
            return try temporalUnit(AV1TemporalUnit(parsing: bytes))
        } catch {
            throw .unreadable("a temporal unit of AV1", error)
        }
    }

    private mutating func temporalUnit(_ coded: AV1TemporalUnit) throws(BitstreamError) -> CodedPicture {
        var unit = coded
        for index in unit.obus.indices where unit.obus[index].type == .sequenceHeader {
            unit.obus[index] = try keepingPromise(unit.obus[index])
        }
        if unit.sequenceHeader != nil { unit.insert(beforeFirstFrame: metadata) }
        let headers = try frames.read(unit)
        if unit.sequenceHeader != nil, let sequence = sequenceHeader { decoderConfig = decoderConfig(sequence) }
        var picture = CodedPicture(data: unit.bytes, isKey: headers.contains(where: \.isShownKey))
        picture.quantizerIndex = headers.lazy.compactMap(\.baseQuantizerIndex).first
        picture.quantizer = picture.quantizerIndex.flatMap { QuantizerScale(.av1).level(nearestTo: $0) }
        return picture
    }

    private func keepingPromise(_ header: OBU) throws(BitstreamError) -> OBU {
        guard let promised else { return header }
        let payload = try AV1SequenceHeader.rewriting(header.payload, level: promised.level, tier: promised.tier)
        return OBU(header.type, payload: payload[...])
    }

    private func decoderConfig(_ sequence: AV1SequenceHeader) -> DecoderConfig {
        var decoder = DecoderConfig(
            codec: sequence.codecString(hasFormat: promised?.format != nil).description,
            codedWidth: sequence.maxFrameWidth,
            codedHeight: sequence.maxFrameHeight,
            pixelAspectRatio: config.values.pixelAspectRatio ?? .square,
            colorSpace: sequence.color.colorSpace,
            description: nil
        )
        decoder.orientation = config.values.orientation
        return decoder
    }
}
