package import VideoTypes

/// Makes chunks of HEVC of an encoder's Annex B packets, with the parameter sets that the codec string promises.
package struct HEVCStreamReader: NALUnitReading {
    package static let codec = VideoCodec.hevc

    package let isAnnexB: Bool
    private let sampleEntry: HEVCCodecString.SampleEntry
    /// The values that the parameter sets shall have; `nil` keeps what the encoder wrote.
    private let promised: HEVCProfileTierLevel?
    package let orientation: Orientation
    private var parameterSets: [HEVCNALUnitType: [[UInt8]]] = [:]
    private var pictureParameterSets: [HEVCPictureParameterSet] = []
    package private(set) var sps: HEVCSequenceParameterSet?
    package private(set) var decoderConfig: DecoderConfig?

    package init(_ config: ValidatedEncoderConfig, rewritesParameterSets: Bool) {
        isAnnexB = config.values.hevcFormat == .annexB
        orientation = config.values.orientation
        if case .hevc(let string) = config.codec {
            sampleEntry = string.sampleEntry
            promised = rewritesParameterSets ? HEVCProfileTierLevel(string) : nil
        } else {
            (sampleEntry, promised) = (.hvc1, nil)
        }
    }

    package var reorderedPictures: Int? { sps?.maxNumReorderPics }

    /// Parameter sets are in front of each key picture.
    private var isInBand: Bool { isAnnexB || sampleEntry == .hev1 }

    mutating func accessUnit(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) -> CodedPicture {
        var types: [HEVCNALUnitType] = []
        for unit in units { types.append(try HEVCNALUnitHeader(parsing: unit).type) }
        if types.contains(where: \.isParameterSet) { try takeParameterSets(units) }
        var picture = CodedPicture(data: [], isKey: types.contains(where: \.isIDR))
        if let slice = types.firstIndex(where: \.isVCL) { picture.quantizer = try quantizer(ofSlice: units[slice]) }
        let (first, rest) = zip(types, units).split { $0.0 == .accessUnitDelimiter }
        first.forEach { append($0.1, to: &picture.data) }
        if picture.isKey, isInBand { ownParameterSets.forEach { append($0[...], to: &picture.data) } }
        for (type, unit) in rest where !type.isParameterSet { append(unit, to: &picture.data) }
        return picture
    }

    private var ownParameterSets: [[UInt8]] {
        [.videoParameterSet, .sequenceParameterSet, .pictureParameterSet].flatMap { parameterSets[$0] ?? [] }
    }

    private func quantizer(ofSlice unit: ArraySlice<UInt8>) throws(BitstreamError) -> Int? {
        guard let sps else { return nil }
        // A slice names its picture parameter set; with only one set, no search is needed.
        for pps in pictureParameterSets.dropLast() {
            if let header = try? HEVCSliceHeader(parsing: unit, sps: sps, pps: pps) { return header.quantizer }
        }
        return try pictureParameterSets.last.flatMap { pps throws(BitstreamError) in
            try HEVCSliceHeader(parsing: unit, sps: sps, pps: pps)?.quantizer
        }
    }

    mutating func takeParameterSets(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) {
        var found: [HEVCNALUnitType: [[UInt8]]] = [:]
        for unit in units {
            let type = try HEVCNALUnitHeader(parsing: unit).type
            guard type.isParameterSet else { continue }
            let isRewritten = type != .pictureParameterSet
            found[type, default: []].append(
                try isRewritten ? promised?.rewriting(Array(unit)) ?? Array(unit) : Array(unit)
            )
        }
        guard found != parameterSets, let vps = found[.videoParameterSet]?.first,
            let spsBytes = found[.sequenceParameterSet]?.first, let pps = found[.pictureParameterSet]
        else { return }
        let sps = try HEVCSequenceParameterSet(parsing: spsBytes)
        pictureParameterSets = []
        for unit in pps { pictureParameterSets.append(try HEVCPictureParameterSet(parsing: unit)) }
        let record = try HEVCDecoderConfigurationRecord(vps: vps, sps: spsBytes, pps: pps, isComplete: !isInBand)
        (parameterSets, self.sps) = (found, sps)
        var codec = sps.codecString
        codec.sampleEntry = sampleEntry
        decoderConfig = decoderConfig(sps, codec: codec.description, description: isAnnexB ? nil : record.bytes)
    }
}

extension Sequence {
    /// The elements that satisfy a condition, and the others.
    fileprivate func split(_ isFirst: (Element) -> Bool) -> (first: [Element], rest: [Element]) {
        reduce(into: ([], [])) { isFirst($1) ? $0.first.append($1) : $0.rest.append($1) }
    }
}
