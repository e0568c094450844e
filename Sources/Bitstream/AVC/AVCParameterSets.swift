/// The parameter sets of an H.264 stream that have come so far, each with the number that slices name it by.
package struct AVCParameterSets: Sendable {
    private var sequences: [Int: SequenceParameterSet] = [:]
    /// Picture parameter sets can be read only with the sequence parameter set that is there when a slice names them.
    private var pictures: [Int: (bytes: [UInt8], sps: Int)] = [:]
    private var read: [Int: PictureParameterSet] = [:]
    /// The sequence parameter set that came last.
    package private(set) var latest: SequenceParameterSet?

    /// No parameter sets.
    package init() {}

    /// Those of a record.
    package init(_ record: AVCDecoderConfigurationRecord) throws(BitstreamError) {
        for nalUnit in record.parameterSets { try take(nalUnit[...]) }
    }

    /// Keeps a NAL unit if it is a sequence or picture parameter set.
    package mutating func take(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        switch try NALUnitHeader(parsing: nalUnit).type {
        case .sequenceParameterSet: _ = try takeSequence(nalUnit)
        case .pictureParameterSet: _ = try keepPicture(nalUnit)
        default: break
        }
    }

    /// Keeps a sequence parameter set.
    package mutating func takeSequence(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> SequenceParameterSet {
        let sps = try SequenceParameterSet(parsing: nalUnit)
        if sequences[sps.id] != sps { read = [:] }
        (sequences[sps.id], latest) = (sps, sps)
        return sps
    }

    /// Keeps a picture parameter set, and reads it by the sequence parameter set that is there.
    package mutating func takePicture(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> PictureParameterSet {
        let id = try keepPicture(nalUnit)
        if let pps = try picture(id)?.pps { return pps }
        let what = "picture parameter set \(id) refers to a sequence parameter set"
        throw BitstreamError(.invalid, what, at: .byte(nalUnit.startIndex), expected: "an earlier one")
    }

    /// The header of a slice.
    ///
    /// - Returns: The header, and the sequence parameter set that it is read by.
    package mutating func header(
        ofSlice nalUnit: ArraySlice<UInt8>
    ) throws(BitstreamError) -> (header: SliceHeader, sps: SequenceParameterSet) {
        let (sps, pps) = try named(by: nalUnit)
        return (try SliceHeader(parsing: nalUnit, sps: sps, pps: pps), sps)
    }

    /// A slice of an IDR picture with another `idr_pic_id`.
    package mutating func rewriting(_ slice: ArraySlice<UInt8>, idrPicID: Int) throws(BitstreamError) -> [UInt8] {
        let (sps, pps) = try named(by: slice)
        return try SliceHeader.rewriting(slice, idrPicID: idrPicID, sps: sps, pps: pps)
    }

    /// The parameter sets that a slice is read by.
    private mutating func named(
        by nalUnit: ArraySlice<UInt8>
    ) throws(BitstreamError) -> (SequenceParameterSet, PictureParameterSet) {
        let id = try SliceHeader.pictureParameterSetID(of: nalUnit)
        if let found = try picture(id) { return found }
        let what = "a slice refers to picture parameter set \(id)"
        throw BitstreamError(.invalid, what, at: .byte(nalUnit.startIndex), expected: "an earlier one")
    }

    /// A picture parameter set, with its sequence parameter set; `nil` if one of them is missing.
    private mutating func picture(
        _ id: Int
    ) throws(BitstreamError) -> (sps: SequenceParameterSet, pps: PictureParameterSet)? {
        guard let (bytes, spsID) = pictures[id], let sps = sequences[spsID] else { return nil }
        let pps: PictureParameterSet
        if let known = read[id] { pps = known } else { pps = try PictureParameterSet(parsing: bytes, sps: sps) }
        read[id] = pps
        return (sps, pps)
    }

    private mutating func keepPicture(_ nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> Int {
        // Two numbers of at most 255 and 31 have 17 and 11 bits.
        var reader = BitReader(EmulationPrevention.unescape(nalUnit, limit: 16))
        _ = try reader.bits(8, "nal_unit_header")
        let id = try reader.ue("pic_parameter_set_id", in: 0...255)
        pictures[id] = (Array(nalUnit), try reader.ue("seq_parameter_set_id", in: 0...31))
        read[id] = nil
        return id
    }
}
