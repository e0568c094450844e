/// The parameter sets of an HEVC stream that have come so far, each with the number that slices name it by.
package struct HEVCParameterSets: Sendable {
    private var sequences: [Int: HEVCSequenceParameterSet] = [:]
    private var pictures: [Int: HEVCPictureParameterSet] = [:]
    /// The sequence parameter set that came last.
    package private(set) var latest: HEVCSequenceParameterSet?

    /// No parameter sets.
    package init() {}

    /// Those of a record.
    package init(_ record: HEVCDecoderConfigurationRecord) throws(BitstreamError) {
        for nalUnit in record.parameterSets { try take(nalUnit[...]) }
    }

    /// Keeps a NAL unit if it is a sequence or picture parameter set of the base layer.
    package mutating func take(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        let header = try HEVCNALUnitHeader(parsing: nalUnit)
        guard header.layerID == 0 else { return }
        switch header.type {
        case .sequenceParameterSet: _ = try takeSequence(nalUnit)
        case .pictureParameterSet: _ = try takePicture(nalUnit)
        default: break
        }
    }

    /// Keeps a sequence parameter set.
    package mutating func takeSequence(
        _ nalUnit: ArraySlice<UInt8>
    ) throws(BitstreamError) -> HEVCSequenceParameterSet {
        let sps = try HEVCSequenceParameterSet(parsing: nalUnit)
        (sequences[sps.id], latest) = (sps, sps)
        return sps
    }

    /// Keeps a picture parameter set.
    package mutating func takePicture(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> HEVCPictureParameterSet {
        let pps = try HEVCPictureParameterSet(parsing: nalUnit)
        pictures[pps.id] = pps
        return pps
    }

    /// The header of a picture's first slice segment.
    ///
    /// - Returns: The header, and the sequence parameter set that it is read by; `nil` for a further slice segment.
    package func header(
        ofSlice nalUnit: ArraySlice<UInt8>
    ) throws(BitstreamError) -> (header: HEVCSliceHeader, sps: HEVCSequenceParameterSet)? {
        guard try HEVCSliceHeaderSyntax.pictureParameterSetID(of: nalUnit) != nil else { return nil }
        return try header(ofAnySlice: nalUnit)
    }

    /// The header of any slice segment; `nil` for a dependent one, which has none of its own.
    package func header(
        ofAnySlice nalUnit: ArraySlice<UInt8>
    ) throws(BitstreamError) -> (header: HEVCSliceHeader, sps: HEVCSequenceParameterSet)? {
        let (sps, pps) = try sets(ofSlice: nalUnit)
        return try HEVCSliceHeader(parsing: nalUnit, sps: sps, pps: pps).map { ($0, sps) }
    }

    /// `slice_segment_address` of a dependent slice segment, which has no other header.
    func address(ofDependentSlice nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> Int {
        let (sps, pps) = try sets(ofSlice: nalUnit)
        var syntax = try HEVCSliceHeaderSyntax(nalUnit, limit: 128, sps: sps, pps: pps)
        _ = try syntax.start()
        return syntax.address
    }

    private func sets(
        ofSlice nalUnit: ArraySlice<UInt8>
    ) throws(BitstreamError) -> (HEVCSequenceParameterSet, HEVCPictureParameterSet) {
        let id = try HEVCSliceHeader.pictureParameterSetID(of: nalUnit)
        guard let pps = pictures[id], let sps = sequences[pps.spsID] else {
            let what = "a slice refers to picture parameter set \(id)"
            throw BitstreamError(.invalid, what, at: .byte(nalUnit.startIndex), expected: "an earlier one")
        }
        return (sps, pps)
    }
}
