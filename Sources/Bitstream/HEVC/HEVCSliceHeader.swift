/// The beginning of a slice segment's header of HEVC (H.265 7.3.6.1), up to the quantizer.
public struct HEVCSliceHeader: Hashable, Sendable {
    /// `slice_type` (table 7-7).
    public enum SliceType: Int, Hashable, Sendable {
        /// Bi-predictive.
        case b = 0
        /// Predictive.
        case p = 1
        /// Intra.
        case i = 2
    }

    /// `nal_unit_type`.
    public let nalUnitType: HEVCNALUnitType
    /// `TemporalId`.
    public let temporalID: Int
    /// `slice_type`.
    public let sliceType: SliceType
    /// `slice_pic_order_cnt_lsb`, which is 0 in IDR pictures.
    public let picOrderCntLsb: Int
    /// `SliceQpY`: 26 plus `init_qp_minus26` plus `slice_qp_delta`; below 0 at more than 8 bits.
    public let quantizer: Int

    /// Reads the header of a picture's first slice segment.
    ///
    /// - Parameters:
    ///   - nalUnit: The slice segment as it stands in a stream, from its NAL unit's header on. Not more of it than the
    ///     header is read.
    ///   - sps: The sequence parameter set.
    ///   - pps: The picture parameter set, which must be the one that the slice names.
    public init(
        parsing nalUnit: ArraySlice<UInt8>,
        sps: HEVCSequenceParameterSet,
        pps: HEVCPictureParameterSet
    ) throws(BitstreamError) {
        self = try readingBeginning(of: nalUnit) { limit throws(BitstreamError) in
            try Self(parsing: nalUnit, limit: limit, sps: sps, pps: pps)
        }
    }

    private init(
        parsing nalUnit: ArraySlice<UInt8>,
        limit: Int,
        sps: HEVCSequenceParameterSet,
        pps: HEVCPictureParameterSet
    ) throws(BitstreamError) {
        var syntax = try HEVCSliceHeaderSyntax(nalUnit, limit: limit, sps: sps, pps: pps)
        (nalUnitType, temporalID) = (syntax.header.type, syntax.header.temporalID)
        try syntax.start()
        sliceType = try syntax.sliceType()
        let references = try syntax.pictureReferences()
        picOrderCntLsb = references.picOrderCntLsb
        try syntax.skipSampleAdaptiveOffset()
        if sliceType != .i { try syntax.skipPrediction(sliceType, references) }
        quantizer = try syntax.quantizer()
    }
}
