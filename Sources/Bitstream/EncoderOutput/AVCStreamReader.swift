package import VideoTypes

/// Makes chunks of H.264 of a hardware encoder's Annex B packets.
package struct AVCStreamReader: NALUnitReading {
    typealias UnitType = NALUnitType
    static let codec = VideoCodec.h264

    let framing: NALUnitFraming
    private let sampleEntry: AVCCodecString.SampleEntry
    private let values: EncoderConfig
    private var sets = AVCParameterSets()
    private(set) var parameterSets: [[UInt8]] = []
    package private(set) var decoderConfig: DecoderConfig?

    package init(_ config: ValidatedEncoderConfig) {
        values = config.values
        framing = NALUnitFraming(lengthSize: values.avcFormat == .annexB ? nil : 4)
        if case .avc(let string) = config.codec { sampleEntry = string.sampleEntry } else { sampleEntry = .avc1 }
    }

    package var reorderedPictures: Int? { sets.latest?.maxNumReorderFrames }

    var isInBand: Bool { framing == .annexB || sampleEntry == .avc3 }

    mutating func quantizer(ofSlice unit: ArraySlice<UInt8>) throws(BitstreamError) -> Int? {
        decoderConfig == nil ? nil : try sets.header(ofSlice: unit).header.quantizer
    }

    mutating func takeParameterSets(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) {
        var (spsBytes, ppsBytes) = (parameterSets.first ?? [], parameterSets.last ?? [])
        for unit in units {
            switch try NALUnitType(of: unit) {
            case .sequenceParameterSet: spsBytes = Array(unit)
            case .pictureParameterSet: ppsBytes = Array(unit)
            default: break
            }
        }
        guard parameterSets != [spsBytes, ppsBytes], !spsBytes.isEmpty, !ppsBytes.isEmpty else { return }
        parameterSets = [spsBytes, ppsBytes]
        let sps = try sets.takeSequence(spsBytes[...])
        _ = try sets.takePicture(ppsBytes[...])
        let record = try AVCDecoderConfigurationRecord(sps: [spsBytes], pps: [ppsBytes]).bytes
        var codec = sps.codecString
        codec.sampleEntry = sampleEntry
        let description = framing == .annexB ? nil : record
        decoderConfig = DecoderConfig(sps, codec: codec.description, description: description, madeBy: values)
    }
}
