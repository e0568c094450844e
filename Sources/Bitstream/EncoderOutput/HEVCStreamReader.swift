package import VideoTypes

/// Makes chunks of HEVC of an encoder's Annex B packets, with the parameter sets that the codec string promises.
package struct HEVCStreamReader: NALUnitReading {
    typealias UnitType = HEVCNALUnitType
    static let codec = VideoCodec.hevc

    let framing: NALUnitFraming
    private let sampleEntry: HEVCCodecString.SampleEntry
    /// The values that the parameter sets shall have; `nil` keeps what the encoder wrote.
    private let promised: HEVCProfileTierLevel?
    private let values: EncoderConfig
    private var sets = HEVCParameterSets()
    private var written: [HEVCNALUnitType: [[UInt8]]] = [:]
    package private(set) var decoderConfig: DecoderConfig?

    package init(_ config: ValidatedEncoderConfig, rewritesParameterSets: Bool) {
        values = config.values
        framing = NALUnitFraming(lengthSize: values.hevcFormat == .annexB ? nil : 4)
        if case .hevc(let string) = config.codec {
            sampleEntry = string.sampleEntry
            promised = rewritesParameterSets ? HEVCProfileTierLevel(string) : nil
        } else {
            (sampleEntry, promised) = (.hvc1, nil)
        }
    }

    package var sps: HEVCSequenceParameterSet? { sets.latest }
    package var reorderedPictures: Int? { sps?.maxNumReorderPics }

    var isInBand: Bool { framing == .annexB || sampleEntry == .hev1 }

    var parameterSets: [[UInt8]] {
        [.videoParameterSet, .sequenceParameterSet, .pictureParameterSet].flatMap { written[$0] ?? [] }
    }

    func quantizer(ofSlice unit: ArraySlice<UInt8>) throws(BitstreamError) -> Int? {
        sps == nil ? nil : try sets.header(ofAnySlice: unit)?.header.quantizer
    }

    mutating func takeParameterSets(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) {
        var found: [HEVCNALUnitType: [[UInt8]]] = [:]
        for unit in units {
            let type = try HEVCNALUnitType(of: unit)
            guard type.isParameterSet else { continue }
            let isRewritten = type != .pictureParameterSet
            found[type, default: []].append(
                try isRewritten ? promised?.rewriting(Array(unit)) ?? Array(unit) : Array(unit)
            )
        }
        guard found != written, let vps = found[.videoParameterSet]?.first,
            let spsBytes = found[.sequenceParameterSet]?.first, let pps = found[.pictureParameterSet]
        else { return }
        var sets = HEVCParameterSets()
        let sps = try sets.takeSequence(spsBytes[...])
        for unit in pps { try sets.take(unit[...]) }
        let record = try HEVCDecoderConfigurationRecord(vps: vps, sps: spsBytes, pps: pps, isComplete: !isInBand)
        (written, self.sets) = (found, sets)
        var codec = sps.codecString
        codec.sampleEntry = sampleEntry
        let description = framing == .annexB ? nil : record.bytes
        decoderConfig = DecoderConfig(sps, codec: codec.description, description: description, madeBy: values)
    }
}
