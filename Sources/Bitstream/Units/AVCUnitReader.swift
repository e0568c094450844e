package import VideoTypes

/// Reads access units of H.264, with start codes or, if a description is given, with lengths.
package struct AVCUnitReader: UnitReading {
    private let needsOrder: Bool
    private let description: [UInt8]?
    private let containerSize: PictureSize?
    private let framing: NALUnitFraming
    private var sets = AVCParameterSets()
    private var counter = AVCPictureCounter()
    private var continuity: AVCContinuity

    /// How to set up a decoder.
    package private(set) var decoderConfig: DecoderConfig?

    /// A reader at the beginning of a stream.
    package init(_ setup: UnitReaderSetup) throws(BitstreamError) {
        continuity = AVCContinuity(mayLackLeading: setup.mayLackLeading)
        (needsOrder, description, containerSize) = (setup.needsOrder, setup.description, setup.containerSize)
        guard let bytes = setup.description else {
            framing = .annexB
            return
        }
        let record = try AVCDecoderConfigurationRecord(parsing: bytes)
        (framing, sets) = (record.framing, try AVCParameterSets(record))
        describe()
    }

    /// The rate in the VUI parameters.
    package var framerate: FrameRate? { sets.latest?.vui?.timing?.frameRate }

    /// `max_num_reorder_frames`, or what the standard infers.
    package var reorderDepth: Int {
        sets.latest?.reorderDepth ?? PresentationOrder.largestDepth
    }

    /// Unless the sequence has frames only.
    package var mayHaveFields: Bool { sets.latest?.frameMbsOnly == false }

    /// Reads the next access unit.
    package mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        var summary = UnitSummary()
        (summary.hasPicture, summary.isShown) = (false, false)
        continuity.beginUnit()
        let nalUnits = try framing.split(unit)
        summary.hasUnknown = nalUnits.isEmpty
        for nalUnit in nalUnits {
            let type = try NALUnitHeader(parsing: nalUnit).type
            summary.hasUnknown = summary.hasUnknown || !type.mayStandAlone
            if type.isParameterSet {
                try sets.take(nalUnit)
                describe()
            }
            // Slices of MVC and SVC.
            if type.rawValue == 20 { summary.extras.insert(.layers) }
            if type == .sei { readSEI(nalUnit, into: &summary) }
            guard type.isVCL else { continue }
            try checkContinuity(nalUnit, type)
            if summary.hasPicture {
                // One slice that refers to others is enough.
                if summary.entry == .intra, !Self.isIntra(nalUnit) { summary.entry = nil }
                continue
            }
            (summary.hasPicture, summary.isShown, summary.isKey) = (true, true, type == .idrSlice)
            try readPicture(nalUnit, into: &summary)
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

    private func readSEI(_ nalUnit: ArraySlice<UInt8>, into summary: inout UnitSummary) {
        let messages = SEIMessage.read(nalUnit, headerBytes: 1).messages
        summary.extras.formUnion(messages.compactMap { StreamExtra($0) })
        guard let frames = messages.lazy.compactMap(\.recoveryFrameCount).first else { return }
        summary.entry = .recoveryPoint(frames: frames)
    }

    private mutating func readPicture(_ slice: ArraySlice<UInt8>, into summary: inout UnitSummary)
        throws(BitstreamError)
    {
        if summary.entry == nil, Self.isIntra(slice) { summary.entry = .intra }
        let read: (header: SliceHeader, sps: SequenceParameterSet)
        do throws(BitstreamError) {
            read = try sets.header(ofSlice: slice)
        } catch {
            guard needsOrder else { return }
            throw error
        }
        let (header, sps) = read
        summary.frameNumber = UnitSummary.FrameNumber(value: header.frameNum, modulus: 1 << sps.log2MaxFrameNum)
        (summary.isReference, summary.hasOneReference) = (header.refIdc != 0, sps.maxNumRefFrames <= 1)
        if needsOrder { summary.order = try counter.order(of: header, sps) }
    }

    /// Whether a slice refers to no other picture, as far as it can be read.
    private static func isIntra(_ slice: ArraySlice<UInt8>) -> Bool {
        var reader = BitReader(EmulationPrevention.unescape(slice, limit: 16))
        _ = try? reader.bits(8, "nal_unit_header")
        guard (try? reader.ue("first_mb_in_slice")) != nil, let type = try? reader.ue("slice_type", in: 0...9) else {
            return false
        }
        return SliceHeader.SliceType(rawValue: type % 5)?.isIntra == true
    }

    /// The parameter sets of a unit.
    package func parameterSets(of unit: [UInt8]) -> [UInt8] {
        framing.parameterSets(of: unit, NALUnitType.self)
    }

    private mutating func describe() {
        guard let sps = sets.latest else { return }
        let size = sps.shownSize(in: containerSize)
        var config = DecoderConfig(sps, codec: sps.codecString.description, description: description)
        (config.codedWidth, config.codedHeight) = (size.width, size.height)
        decoderConfig = config
    }
}
