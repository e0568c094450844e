public import VideoTypes

/// Reads access units of H.264, with start codes or, where there is a description, with lengths.
public struct AVCUnitReader: UnitReading {
    private let needsOrder: Bool
    private let description: [UInt8]?
    private let lengthSize: Int?
    private var sets = AVCParameterSets()
    private var counter = AVCPictureCounter()
    private var continuity = AVCContinuity()

    /// How to set up a decoder.
    public private(set) var decoderConfig: DecoderConfig?

    /// A reader at the beginning of a stream.
    public init(_ setup: UnitReaderSetup) throws(BitstreamError) {
        (needsOrder, description) = (setup.needsOrder, setup.description)
        guard let bytes = setup.description else {
            lengthSize = nil
            return
        }
        let record = try AVCDecoderConfigurationRecord(parsing: bytes)
        lengthSize = record.lengthSize
        for unit in record.sequenceParameterSets + record.pictureParameterSets { try sets.take(unit[...]) }
        describe()
    }

    /// The rate in the VUI parameters.
    public var framerate: FrameRate? { sets.latest?.vui?.timing?.frameRate }

    /// `max_num_reorder_frames`, or what the standard infers.
    public var reorderDepth: Int {
        guard let sps = sets.latest else { return PresentationOrder.largestDepth }
        if sps.pictureOrderCount == .decodingOrder { return 0 }
        return min(sps.maxNumReorderFrames ?? PresentationOrder.largestDepth, PresentationOrder.largestDepth)
    }

    /// Unless the sequence has frames only.
    public var mayHaveFields: Bool { sets.latest?.frameMbsOnly == false }

    /// Reads the next access unit.
    public mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        var summary = UnitSummary()
        (summary.hasPicture, summary.isShown) = (false, false)
        continuity.beginUnit()
        for nalUnit in try units(of: unit) {
            let type = try NALUnitHeader(parsing: nalUnit).type
            summary.hasUnknown = summary.hasUnknown || !type.mayStandAlone
            if type == .sequenceParameterSet || type == .pictureParameterSet {
                try sets.take(nalUnit)
                describe()
            }
            guard type.isVCL else { continue }
            try checkContinuity(nalUnit, type)
            guard !summary.hasPicture else { continue }
            (summary.hasPicture, summary.isShown, summary.isKey) = (true, true, type == .idrSlice)
            if needsOrder {
                let (header, sps) = try sets.header(ofSlice: nalUnit)
                summary.order = try counter.order(of: header, sps)
            }
        }
        return summary
    }

    /// Throws if pictures, or the beginning of one, are missing before a slice. What cannot be read is left to the decoder.
    private mutating func checkContinuity(_ nalUnit: ArraySlice<UInt8>, _ type: NALUnitType) throws(BitstreamError) {
        // The further partitions of a slice have no header.
        guard type == .nonIDRSlice || type == .idrSlice || type == .dataPartitionA else { return }
        guard let (header, sps) = try? sets.header(ofSlice: nalUnit) else { return continuity.lose() }
        try continuity.take(header, sps, at: nalUnit.startIndex)
    }

    private func units(of unit: [UInt8]) throws(BitstreamError) -> [ArraySlice<UInt8>] {
        guard let lengthSize else { return AnnexB.split(unit) }
        return try LengthPrefixed.split(unit, lengthSize: lengthSize)
    }

    private mutating func describe() {
        guard let sps = sets.latest else { return }
        decoderConfig = DecoderConfig(
            codec: sps.codecString.description,
            codedWidth: sps.croppedSize.width,
            codedHeight: sps.croppedSize.height,
            pixelAspectRatio: sps.pixelAspectRatio,
            colorSpace: sps.colorSpace,
            description: description
        )
    }
}

extension NALUnitType {
    /// Parameter sets, delimiters, ends, and information about pictures.
    fileprivate var mayStandAlone: Bool { (6...11).contains(rawValue) || (13...15).contains(rawValue) }
}
