package import VideoTypes

/// Makes chunks of AV1 of an encoder's temporal units: as they are, but for the level in the sequence header, which is the
/// codec string's, and the HDR metadata.
package struct AV1StreamReader: StreamReading {
    /// A temporal unit as it goes out, and what is in it.
    package struct Unit {
        /// The bytes.
        package var data: [UInt8]
        /// Decoding can start here.
        package let isKey: Bool
        /// `temporal_id` of the frame.
        package let temporalID: Int
        /// The frame headers.
        package let headers: [AV1FrameHeader]
    }

    private let config: ValidatedEncoderConfig
    private let promised: AV1CodecString?
    private let describesUnusual: Bool
    /// What follows the sequence header of a key frame: metadata that the encoder has no option for.
    private let metadata: [OBU]
    private var frames = AV1FrameHeaderReader()
    package private(set) var decoderConfig: DecoderConfig?

    /// - Parameters:
    ///   - config: The encoder's configuration.
    ///   - promised: The codec string whose level the stream gets; `nil`, the default, for that of the configuration.
    ///   - describesUnusual: The decoder's codec string specifies chroma and color if they are not 4:2:0 and BT.709, which a
    ///     string without them means (AV1-ISOBMFF 5), and none was promised. The default is only that a promised one does.
    package init(_ config: ValidatedEncoderConfig, promised: AV1CodecString? = nil, describesUnusual: Bool = false) {
        (self.config, self.describesUnusual) = (config, describesUnusual)
        if case .av1(let string) = config.codec { self.promised = promised ?? string } else { self.promised = promised }
        let (display, light) = (config.values.masteringDisplay, config.values.contentLightLevel)
        metadata = [light.map { AV1Metadata.obu($0) }, display.map { AV1Metadata.obu($0) }].compactMap(\.self)
    }

    /// One temporal unit shows one frame, in order.
    package var reorderedPictures: Int? { 0 }

    /// Empty: the header that SVT-AV1 returns when it is opened differs from the one that it writes later.
    package mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError) {}

    package mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture {
        let unit: Unit
        do throws(BitstreamError) {
            unit = try read(bytes)
        } catch {
            throw .unreadable("a temporal unit of AV1", error)
        }
        var picture = CodedPicture(data: unit.data, isKey: unit.isKey)
        picture.quantizerIndex = unit.headers.lazy.compactMap(\.baseQuantizerIndex).first
        picture.quantizer = picture.quantizerIndex.flatMap { QuantizerScale(.av1).level(nearestTo: $0) }
        return picture
    }

    /// Reads a temporal unit, and puts in what is missing.
    package mutating func read(_ bytes: [UInt8]) throws(BitstreamError) -> Unit {
        var unit = try AV1TemporalUnit(parsing: bytes)
        let hasSequence = try keepPromise(in: &unit)
        let headers = try frames.read(unit)
        let isKey = headers.contains(where: \.isShownKey)
        let getsMetadata = isKey && !metadata.isEmpty
        if getsMetadata { unit.insert(beforeFirstFrame: metadata) }
        if hasSequence { decoderConfig = frames.sequenceHeader.map(decoderConfig) }
        return Unit(
            data: hasSequence || getsMetadata ? unit.bytes : bytes,
            isKey: isKey,
            temporalID: unit.temporalID,
            headers: headers
        )
    }

    /// Gives the sequence headers the promised level; whether there are any.
    private func keepPromise(in unit: inout AV1TemporalUnit) throws(BitstreamError) -> Bool {
        var found = false
        for index in unit.obus.indices where unit.obus[index].type == .sequenceHeader {
            found = true
            guard let promised else { break }
            let old = unit.obus[index]
            let payload = try AV1SequenceHeader.rewriting(old.payload, level: promised.level, tier: promised.tier)
            unit.obus[index] = OBU(.sequenceHeader, layer: old.layer, payload: payload[...])
        }
        return found
    }

    private func decoderConfig(_ sequence: AV1SequenceHeader) -> DecoderConfig {
        let wantsFormat = if case .av1(let string) = config.codec { string.format != nil } else { false }
        let isUsual = sequence.color.chroma == .yuv420 && sequence.color.colorSpace == .bt709
        let addsFormat = describesUnusual && !isUsual && !config.promisesLevel
        let codec = sequence.codecString(hasFormat: wantsFormat || addsFormat).description
        return DecoderConfig(sequence, codec: codec, madeBy: config.values)
    }
}
