internal import VideoTypes

/// What the readers of H.264 and HEVC have in common: their encoders write Annex B, whatever the output format is.
protocol NALUnitReading: StreamReading {
    associatedtype UnitType: CodedNALUnitType

    static var codec: VideoCodec { get }
    /// What is before each NAL unit of a chunk.
    var framing: NALUnitFraming { get }
    /// Parameter sets are in front of each key picture.
    var isInBand: Bool { get }
    /// The parameter sets, in the order in which they are in the stream.
    var parameterSets: [[UInt8]] { get }
    /// Keeps the parameter sets among NAL units.
    mutating func takeParameterSets(_ units: [ArraySlice<UInt8>]) throws(BitstreamError)
    /// The quantizer of a picture's first slice; `nil` without parameter sets.
    mutating func quantizer(ofSlice unit: ArraySlice<UInt8>) throws(BitstreamError) -> Int?
}

extension NALUnitReading {
    package mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError) {
        do throws(BitstreamError) {
            try takeParameterSets(AnnexB.split(bytes))
        } catch {
            throw .unreadable("the encoder's parameter sets", error)
        }
    }

    package mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture {
        do throws(BitstreamError) {
            return try accessUnit(AnnexB.split(bytes))
        } catch {
            throw .unreadable("an access unit of \(Self.codec.name)", error)
        }
    }

    /// Makes a chunk of the NAL units of a packet.
    private mutating func accessUnit(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) -> CodedPicture {
        var types: [UnitType] = []
        for unit in units { types.append(try UnitType(of: unit)) }
        if types.contains(where: \.isParameterSet) { try takeParameterSets(units) }
        var picture = CodedPicture(data: [], isKey: types.contains(where: \.isIDR))
        if let slice = types.firstIndex(where: \.isVCL) { picture.quantizer = try quantizer(ofSlice: units[slice]) }
        for (type, unit) in zip(types, units) where type == .accessUnitDelimiter {
            framing.append(unit, to: &picture.data)
        }
        if picture.isKey, isInBand { parameterSets.forEach { framing.append($0[...], to: &picture.data) } }
        for (type, unit) in zip(types, units) where type != .accessUnitDelimiter && !type.isParameterSet {
            framing.append(unit, to: &picture.data)
        }
        return picture
    }
}
