internal import Bitstream
internal import VideoTypes

/// Access units of HEVC.
struct HEVCUnitInspector: UnitInspector {
    private(set) var parameterSets = ParameterSetList()
    /// That of the sequence parameter set in use, or of the first where none is yet.
    private(set) var profile: StreamProfile?
    private var profiles: [Int: StreamProfile] = [:]
    private var sets = HEVCParameterSets()
    private var framing = NALUnitFraming.annexB

    init(description: [UInt8]?) throws(BitstreamError) {
        guard let description else { return }
        let record = try HEVCDecoderConfigurationRecord(parsing: description)
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
        let header = try HEVCNALUnitHeader(parsing: nalUnit)
        facts.parts.append(.init(name: header.type.words, size: nalUnit.count))
        // Layers of the multiview and scalable extensions have parameter sets and slices of other shapes.
        guard header.layerID == 0 else { return }
        switch header.type {
        case .videoParameterSet:
            let parsed = try HEVCVideoParameterSet(parsing: nalUnit)
            parameterSets.add(nalUnit) { parsed.words(unit: $0) }
        case .sequenceParameterSet:
            let parsed = try sets.takeSequence(nalUnit)
            profiles[parsed.id] = StreamProfile(parsed)
            profile = profile ?? profiles[parsed.id]
            parameterSets.add(nalUnit) { parsed.words(unit: $0) }
        case .pictureParameterSet:
            let parsed = try sets.takePicture(nalUnit)
            parameterSets.add(nalUnit) { parsed.words(unit: $0) }
        case let type where type.isVCL:
            try readSlice(nalUnit, header, &facts)
        default: break
        }
    }

    private mutating func readSlice(
        _ nalUnit: ArraySlice<UInt8>,
        _ header: HEVCNALUnitHeader,
        _ facts: inout UnitFacts
    ) throws(BitstreamError) {
        facts.isKey = header.type.isRandomAccess
        facts.kind = header.type.words
        facts.temporalLayer = header.temporalID
        // Sub-layer non-reference pictures have the even types below 16 (table 7-1).
        facts.isReference = header.type.rawValue >= 16 || header.type.rawValue % 2 == 1
        guard let (slice, sps) = try sets.header(ofAnySlice: nalUnit) else { return }
        profile = profiles[sps.id]
        facts.quantizers.append(slice.quantizer)
        facts.type.join(slice.sliceType.pictureType)
    }
}

extension HEVCSliceHeader.SliceType {
    fileprivate var pictureType: InspectedUnit.PictureType {
        switch self {
        case .i: .intra
        case .p: .predicted
        case .b: .bipredicted
        }
    }
}

extension HEVCNALUnitType {
    /// The type in the terms of H.265 table 7-1.
    fileprivate var words: String {
        let names: [UInt8: String] = [
            0: "TRAIL_N", 1: "TRAIL_R", 2: "TSA_N", 3: "TSA_R", 4: "STSA_N", 5: "STSA_R", 6: "RADL_N", 7: "RADL_R",
            8: "RASL_N", 9: "RASL_R", 16: "BLA_W_LP", 17: "BLA_W_RADL", 18: "BLA_N_LP", 19: "IDR_W_RADL",
            20: "IDR_N_LP", 21: "CRA", 32: "VPS", 33: "SPS", 34: "PPS", 35: "AUD", 36: "end of sequence",
            37: "end of bitstream", 38: "filler", 39: "prefix SEI", 40: "suffix SEI",
        ]
        return names[rawValue] ?? "NAL \(rawValue)"
    }
}
