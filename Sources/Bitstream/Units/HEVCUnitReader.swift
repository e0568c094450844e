public import VideoTypes

/// Reads access units of HEVC, with start codes or, where there is a description, with lengths.
public struct HEVCUnitReader: UnitReading {
    private let needsOrder: Bool
    private let description: [UInt8]?
    private let lengthSize: Int?
    private var sets = HEVCParameterSets()
    private var counter = HEVCPictureCounter()
    /// No unit with a picture has come.
    private var isAtStart = true
    /// The random access picture that decoding began with may have leading pictures that cannot be decoded.
    private var skipsLeading = false

    /// How to set up a decoder.
    public private(set) var decoderConfig: DecoderConfig?

    /// A reader at the beginning of a stream.
    public init(_ setup: UnitReaderSetup) throws(BitstreamError) {
        (needsOrder, description) = (setup.needsOrder, setup.description)
        guard let bytes = setup.description else {
            lengthSize = nil
            return
        }
        let record = try HEVCDecoderConfigurationRecord(parsing: bytes)
        lengthSize = record.lengthSize
        for unit in record.arrays.flatMap(\.nalUnits) { try sets.take(unit[...]) }
        describe()
    }

    /// The rate in the VUI parameters.
    public var framerate: FrameRate? { sets.latest?.vui?.frameRate }

    /// `sps_max_num_reorder_pics`.
    public var reorderDepth: Int { sets.latest?.maxNumReorderPics ?? PresentationOrder.largestDepth }

    /// Reads the next access unit.
    public mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        var summary = UnitSummary()
        (summary.hasPicture, summary.isShown) = (false, false)
        for nalUnit in try units(of: unit) {
            let header = try HEVCNALUnitHeader(parsing: nalUnit)
            guard header.layerID == 0 else { continue }
            if header.type.isParameterSet {
                try sets.take(nalUnit)
                describe()
            } else if header.type.endsSequence {
                counter.endSequence()
                isAtStart = true
            } else if header.type.isVCL, !summary.hasPicture {
                try readPicture(nalUnit, header.type, into: &summary)
            }
        }
        return summary
    }

    private mutating func readPicture(
        _ nalUnit: ArraySlice<UInt8>,
        _ type: HEVCNALUnitType,
        into summary: inout UnitSummary
    ) throws(BitstreamError) {
        (summary.hasPicture, summary.isShown, summary.isKey) = (true, true, type.isRandomAccess)
        if type.isRandomAccess { skipsLeading = !type.isIDR && (isAtStart || type != .cleanRandomAccess) }
        isAtStart = false
        summary.isSkipped = type.isSkippedLeading && skipsLeading
        guard needsOrder, let (header, sps) = try sets.header(ofSlice: nalUnit) else { return }
        summary.order = counter.order(of: header, sps)
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

extension HEVCNALUnitType {
    /// End of sequence, or of bitstream.
    fileprivate var endsSequence: Bool { rawValue == 36 || rawValue == 37 }
}
