package import VideoTypes

/// Makes chunks of H.264 of a hardware encoder's Annex B packets.
package struct AVCStreamReader: NALUnitReading {
    package static let codec = VideoCodec.h264

    package let isAnnexB: Bool
    private let sampleEntry: AVCCodecString.SampleEntry
    package let orientation: Orientation
    private var spsBytes: [UInt8] = []
    private var ppsBytes: [UInt8] = []
    private var sps: SequenceParameterSet?
    private var pps: PictureParameterSet?
    package private(set) var decoderConfig: DecoderConfig?

    package init(_ config: ValidatedEncoderConfig) {
        (isAnnexB, orientation) = (config.values.avcFormat == .annexB, config.values.orientation)
        if case .avc(let string) = config.codec { sampleEntry = string.sampleEntry } else { sampleEntry = .avc1 }
    }

    package var reorderedPictures: Int? { sps?.maxNumReorderFrames }

    private var isInBand: Bool { isAnnexB || sampleEntry == .avc3 }

    mutating func accessUnit(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) -> CodedPicture {
        try takeParameterSets(units)
        var picture = CodedPicture(data: [], isKey: false)
        var rest: [ArraySlice<UInt8>] = []
        for unit in units {
            let type = try NALUnitHeader(parsing: unit).type
            picture.isKey = picture.isKey || type == .idrSlice
            if type.isVCL, picture.quantizer == nil, let sps, let pps {
                picture.quantizer = try SliceHeader(parsing: unit, sps: sps, pps: pps).quantizer
            }
            if type == .accessUnitDelimiter {
                append(unit, to: &picture.data)
            } else if type != .sequenceParameterSet, type != .pictureParameterSet {
                rest.append(unit)
            }
        }
        if picture.isKey, isInBand { [spsBytes, ppsBytes].forEach { append($0[...], to: &picture.data) } }
        rest.forEach { append($0, to: &picture.data) }
        return picture
    }

    mutating func takeParameterSets(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) {
        let before = (spsBytes, ppsBytes)
        for unit in units {
            switch try NALUnitHeader(parsing: unit).type {
            case .sequenceParameterSet: spsBytes = Array(unit)
            case .pictureParameterSet: ppsBytes = Array(unit)
            default: break
            }
        }
        guard before != (spsBytes, ppsBytes), !spsBytes.isEmpty, !ppsBytes.isEmpty else { return }
        let sps = try SequenceParameterSet(parsing: spsBytes)
        pps = try PictureParameterSet(parsing: ppsBytes, sps: sps)
        self.sps = sps
        let record = try AVCDecoderConfigurationRecord(sps: [spsBytes], pps: [ppsBytes]).bytes
        var codec = sps.codecString
        codec.sampleEntry = sampleEntry
        decoderConfig = decoderConfig(sps, codec: codec.description, description: isAnnexB ? nil : record)
    }
}
