package import VideoTypes

/// Reads access units of HEVC, with start codes or, if a description is given, with lengths.
package struct HEVCUnitReader: UnitReading {
    private let needsOrder: Bool
    private let description: [UInt8]?
    private let framing: NALUnitFraming
    private var sets = HEVCParameterSets()
    private var counter = HEVCPictureCounter()
    private var continuity = HEVCContinuity()
    /// No random access picture has come.
    private var isAtStart = true
    /// The random access picture that decoding began with may have leading pictures that cannot be decoded.
    private var skipsLeading = false

    /// How to set up a decoder.
    package private(set) var decoderConfig: DecoderConfig?

    /// A reader at the beginning of a stream.
    package init(_ setup: UnitReaderSetup) throws(BitstreamError) {
        (needsOrder, description) = (setup.needsOrder, setup.description)
        guard let bytes = setup.description else {
            framing = .annexB
            return
        }
        let record = try HEVCDecoderConfigurationRecord(parsing: bytes)
        (framing, sets) = (record.framing, try HEVCParameterSets(record))
        describe()
    }

    /// The rate in the VUI parameters.
    package var framerate: FrameRate? { sets.latest?.vui?.frameRate }

    /// `sps_max_num_reorder_pics`.
    package var reorderDepth: Int { sets.latest?.maxNumReorderPics ?? PresentationOrder.largestDepth }

    /// Reads the next access unit.
    package mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        var summary = UnitSummary()
        (summary.hasPicture, summary.isShown) = (false, false)
        continuity.beginUnit()
        let nalUnits = try framing.split(unit)
        summary.hasUnknown = nalUnits.isEmpty
        for nalUnit in nalUnits {
            let header = try HEVCNALUnitHeader(parsing: nalUnit)
            guard header.layerID == 0 else {
                if header.type.isVCL { summary.extras.insert(.layers) }
                continue
            }
            if header.type == .prefixSEI {
                let messages = SEIMessage.read(nalUnit, headerBytes: 2).messages
                summary.extras.formUnion(messages.compactMap { StreamExtra($0) })
                if let count = messages.lazy.compactMap(\.recoveryOrderCount).first {
                    summary.entry = .recoveryPoint(frames: max(0, count))
                }
            }
            // Where Dolby Vision has its metadata and its enhancement layer.
            if header.type.rawValue == 62 || header.type.rawValue == 63 { summary.extras.insert(.dolbyVision) }
            summary.hasUnknown = summary.hasUnknown || !header.type.mayStandAlone
            if header.type.isVCL, let read = try checkContinuity(nalUnit) {
                summary.frameNumber = .init(orderCount: read.header, read.sps)
            }
            if header.type.isParameterSet {
                try sets.take(nalUnit)
                describe()
            } else if header.type.endsSequence {
                counter.endSequence()
                continuity.endSequence()
                isAtStart = true
            } else if header.type.isVCL, !summary.hasPicture {
                try readPicture(nalUnit, header.type, into: &summary)
            }
        }
        return summary
    }

    /// Throws if pictures, or the beginning of one, are missing before a slice. What cannot be read is left to the decoder.
    ///
    /// - Returns: The header of a picture's first slice.
    private mutating func checkContinuity(
        _ nalUnit: ArraySlice<UInt8>
    ) throws(BitstreamError) -> (header: HEVCSliceHeader, sps: HEVCSequenceParameterSet)? {
        // The first bit after the header: first_slice_segment_in_pic_flag.
        let isFirst = nalUnit.count > 2 && nalUnit[nalUnit.startIndex + 2] & 0x80 != 0
        let read = try? sets.header(ofAnySlice: nalUnit)
        guard isFirst else {
            let address = read?.header.segmentAddress ?? (try? sets.address(ofDependentSlice: nalUnit))
            try continuity.takeFurther(read?.header, address: address, at: nalUnit.startIndex)
            return nil
        }
        guard let read else {
            continuity.lose()
            return nil
        }
        try continuity.take(read.header, read.sps, at: nalUnit.startIndex)
        return read
    }

    private mutating func readPicture(
        _ nalUnit: ArraySlice<UInt8>,
        _ type: HEVCNALUnitType,
        into summary: inout UnitSummary
    ) throws(BitstreamError) {
        (summary.hasPicture, summary.isShown, summary.isKey) = (true, true, type.isRandomAccess)
        if type.isRandomAccess {
            skipsLeading = !type.isIDR && (isAtStart || type != .cleanRandomAccess)
            isAtStart = false
        }
        summary.isSkipped = type.isSkippedLeading && skipsLeading
        guard needsOrder, let (header, sps) = try sets.header(ofSlice: nalUnit) else { return }
        summary.order = counter.order(of: header, sps)
    }

    /// The parameter sets of a unit.
    package func parameterSets(of unit: [UInt8]) -> [UInt8] {
        framing.parameterSets(of: unit, HEVCNALUnitType.self)
    }

    private mutating func describe() {
        guard let sps = sets.latest else { return }
        decoderConfig = DecoderConfig(sps, codec: sps.codecString.description, description: description)
    }
}

extension UnitSummary.FrameNumber {
    fileprivate init(orderCount header: HEVCSliceHeader, _ sps: HEVCSequenceParameterSet) {
        self.init(value: header.picOrderCntLsb, modulus: 1 << sps.log2MaxPicOrderCntLsb, isOrder: true)
    }
}
