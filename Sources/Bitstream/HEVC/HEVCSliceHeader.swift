/// The beginning of a slice segment's header of HEVC (H.265 7.3.6.1), up to the quantizer.
package struct HEVCSliceHeader: Hashable, Sendable {
    /// `slice_type` (table 7-7).
    package enum SliceType: Int, Hashable, Sendable {
        /// Bi-predictive.
        case b = 0
        /// Predictive.
        case p = 1
        /// Intra.
        case i = 2
    }

    /// `nal_unit_type`.
    package let nalUnitType: HEVCNALUnitType
    /// `TemporalId`.
    package let temporalID: Int
    /// `slice_segment_address`; 0 for a picture's first slice segment.
    let segmentAddress: Int
    /// `slice_type`.
    package let sliceType: SliceType
    /// `slice_pic_order_cnt_lsb`, which is 0 in IDR pictures.
    package let picOrderCntLsb: Int
    /// The pictures close by that are kept for this picture and those that follow it.
    let shortTermReferences: HEVCReferencePictureSet
    /// `SliceQpY`: 26 plus `init_qp_minus26` plus `slice_qp_delta`; below 0 at more than 8 bits.
    package let quantizer: Int

    /// Reads the header of a slice's first segment.
    ///
    /// - Parameters:
    ///   - nalUnit: The slice segment as it is in a stream, from its NAL unit's header on. Not more of it than the
    ///     header is read.
    ///   - sps: The sequence parameter set.
    ///   - pps: The picture parameter set, which must be the one that the slice names.
    /// - Returns: `nil` for a dependent slice segment, which has no header of its own.
    package init?(
        parsing nalUnit: ArraySlice<UInt8>,
        sps: HEVCSequenceParameterSet,
        pps: HEVCPictureParameterSet
    ) throws(BitstreamError) {
        let header = try readingBeginning(of: nalUnit) { limit throws(BitstreamError) in
            try Self(parsing: nalUnit, limit: limit, sps: sps, pps: pps)
        }
        guard let header else { return nil }
        self = header
    }

    /// `slice_pic_parameter_set_id` of a slice segment: which parameter set to read the rest with.
    package static func pictureParameterSetID(of nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> Int {
        let header = try HEVCNALUnitHeader(parsing: nalUnit)
        var reader = BitReader(EmulationPrevention.unescape(nalUnit, limit: 16))
        _ = try reader.bits(17, "nal_unit_header, first_slice_segment_in_pic_flag")
        if header.type.isRandomAccess { _ = try reader.flag("no_output_of_prior_pics_flag") }
        return try reader.ue("slice_pic_parameter_set_id", in: 0...63)
    }

    private init?(
        parsing nalUnit: ArraySlice<UInt8>,
        limit: Int,
        sps: HEVCSequenceParameterSet,
        pps: HEVCPictureParameterSet
    ) throws(BitstreamError) {
        var syntax = try HEVCSliceHeaderSyntax(nalUnit, limit: limit, sps: sps, pps: pps)
        (nalUnitType, temporalID) = (syntax.header.type, syntax.header.temporalID)
        guard try syntax.start() else { return nil }
        segmentAddress = syntax.address
        sliceType = try syntax.sliceType()
        let references = try syntax.pictureReferences()
        (picOrderCntLsb, shortTermReferences) = (references.picOrderCntLsb, references.shortTerm)
        try syntax.skipSampleAdaptiveOffset()
        if sliceType != .i { try syntax.skipPrediction(sliceType, references) }
        quantizer = try syntax.quantizer()
    }
}
