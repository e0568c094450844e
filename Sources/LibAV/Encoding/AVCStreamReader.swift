internal import Bitstream
internal import VideoTypes

/// Makes chunks of H.264 of a hardware encoder's Annex B packets.
struct AVCStreamReader: StreamReading {
    private let format: AVCFormat
    private let sampleEntry: AVCCodecString.SampleEntry
    private let orientation: Orientation
    private var spsBytes: [UInt8] = []
    private var ppsBytes: [UInt8] = []
    private var sps: SequenceParameterSet?
    private var pps: PictureParameterSet?
    private(set) var decoderConfig: DecoderConfig?

    init(_ config: ValidatedEncoderConfig) {
        (format, orientation) = (config.values.avcFormat, config.values.orientation)
        if case .avc(let string) = config.codec { sampleEntry = string.sampleEntry } else { sampleEntry = .avc1 }
    }

    var reorderedPictures: Int? { sps?.maxNumReorderFrames }

    private var isInBand: Bool { format == .annexB || sampleEntry == .avc3 }

    mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError) {
        do throws(BitstreamError) {
            try takeParameterSets(AnnexB.split(bytes))
        } catch {
            throw .unreadable("the encoder's parameter sets", error)
        }
    }

    mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture {
        do throws(BitstreamError) {
            return try accessUnit(AnnexB.split(bytes))
        } catch {
            throw .unreadable("an access unit of H.264", error)
        }
    }

    private mutating func accessUnit(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) -> CodedPicture {
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

    private func append(_ unit: ArraySlice<UInt8>, to data: inout [UInt8]) {
        switch format {
        case .annexB: data += [0, 0, 0, 1]
        case .avc: data += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: unit.count >> $0) }
        }
        data += unit
    }

    private mutating func takeParameterSets(_ units: [ArraySlice<UInt8>]) throws(BitstreamError) {
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
        decoderConfig = decoderConfig(sps, description: format == .avc ? record : nil)
    }

    private func decoderConfig(_ sps: SequenceParameterSet, description: [UInt8]?) -> DecoderConfig {
        var codec = sps.codecString
        codec.sampleEntry = sampleEntry
        var config = DecoderConfig(
            codec: codec.description,
            codedWidth: sps.croppedSize.width,
            codedHeight: sps.croppedSize.height,
            pixelAspectRatio: sps.pixelAspectRatio,
            colorSpace: sps.colorSpace,
            description: description
        )
        config.orientation = orientation
        return config
    }
}
