internal import Bitstream
internal import VideoTypes

/// Access units of H.264.
struct AVCUnitInspector: UnitInspector {
    private(set) var parameterSets = ParameterSetList()
    /// That of the sequence parameter set in use, or of the first where none is yet.
    private(set) var profile: StreamProfile?
    private var profiles: [Int: StreamProfile] = [:]
    private var sets = AVCParameterSets()
    private var framing = NALUnitFraming.annexB

    init(description: [UInt8]?) throws(BitstreamError) {
        guard let description else { return }
        let record = try AVCDecoderConfigurationRecord(parsing: description)
        framing = record.framing
        var facts = UnitFacts()
        for nalUnit in record.parameterSets { try read(nalUnit[...], &facts) }
    }

    mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitFacts {
        parameterSets.unit += 1
        var facts = UnitFacts()
        for nalUnit in try framing.split(unit) { try read(nalUnit, &facts) }
        return facts
    }

    private mutating func read(_ nalUnit: ArraySlice<UInt8>, _ facts: inout UnitFacts) throws(BitstreamError) {
        let header = try NALUnitHeader(parsing: nalUnit)
        facts.parts.append(.init(name: header.type.words, size: nalUnit.count))
        switch header.type {
        case .sequenceParameterSet: try readSequence(nalUnit)
        case .pictureParameterSet: try readPicture(nalUnit)
        case .nonIDRSlice, .dataPartitionA, .idrSlice: try readSlice(nalUnit, &facts)
        default: break
        }
    }

    private mutating func readSequence(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        let parsed = try sets.takeSequence(nalUnit)
        profiles[parsed.id] = StreamProfile(parsed)
        profile = profile ?? profiles[parsed.id]
        parameterSets.add(nalUnit) { parsed.words(unit: $0) }
    }

    private mutating func readPicture(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        let parsed = try sets.takePicture(nalUnit)
        parameterSets.add(nalUnit) { parsed.words(unit: $0) }
    }

    private mutating func readSlice(_ nalUnit: ArraySlice<UInt8>, _ facts: inout UnitFacts) throws(BitstreamError) {
        let (slice, sps) = try sets.header(ofSlice: nalUnit)
        profile = profiles[sps.id]
        facts.quantizers.append(slice.quantizer)
        facts.isKey = facts.isKey || slice.isIDR
        facts.isReference = facts.isReference || slice.refIdc != 0
        facts.type.join(slice.sliceType.pictureType)
        facts.kind = facts.isKey ? "IDR" : slice.isField ? "field" : facts.type == .intra ? "intra" : ""
    }
}

extension InspectedUnit.PictureType {
    /// A picture's type is that of its slice that may refer to most.
    mutating func join(_ other: Self) {
        let order: [Self] = [.none, .intra, .predicted, .bipredicted]
        if (order.firstIndex(of: other) ?? 0) > (order.firstIndex(of: self) ?? 0) { self = other }
    }
}

extension SliceHeader.SliceType {
    fileprivate var pictureType: InspectedUnit.PictureType {
        switch self {
        case .i, .si: .intra
        case .p, .sp: .predicted
        case .b: .bipredicted
        }
    }
}

extension NALUnitType {
    /// The type as text (H.264 table 7-1).
    fileprivate var words: String {
        let names: [UInt8: String] = [
            1: "slice", 2: "partition A", 3: "partition B", 4: "partition C", 5: "IDR slice", 6: "SEI", 7: "SPS",
            8: "PPS", 9: "AUD", 10: "end of sequence", 11: "end of stream", 12: "filler", 13: "SPS extension",
            14: "prefix", 15: "subset SPS", 19: "auxiliary slice", 20: "slice extension",
        ]
        return names[rawValue] ?? "NAL \(rawValue)"
    }
}
