/// A slice's header up to its quantizer (H.264 7.3.3).
package struct SliceHeader: Hashable, Sendable {
    /// `slice_type` modulo 5 (table 7-6).
    package enum SliceType: Int, Hashable, Sendable {
        /// Predicted from one picture a block.
        case p
        /// Predicted from up to two pictures a block.
        case b
        /// Predicted from its own picture alone.
        case i
        /// P for switching between streams (Extended profile).
        case sp
        /// I for switching between streams (Extended profile).
        case si

        /// Whether the slice refers to no other picture.
        package var isIntra: Bool { self == .i || self == .si }
    }

    /// `nal_ref_idc`, `0...3`: 0 means that nothing refers to the picture.
    package let refIdc: UInt8
    /// Whether the picture is an IDR picture.
    package let isIDR: Bool
    /// `first_mb_in_slice`: 0 in a picture's first slice.
    package let firstMacroblock: Int
    /// The slice's type.
    package let sliceType: SliceType
    /// `pic_parameter_set_id`.
    package let ppsID: Int
    /// `frame_num`.
    package let frameNum: Int
    /// `field_pic_flag`: the picture is a field.
    package let isField: Bool
    /// `bottom_field_flag`: the field is the bottom one.
    package let isBottomField: Bool
    /// `redundant_pic_cnt` is more than 0: the slice repeats a part of the picture, for decoders that lost it.
    package let isRedundant: Bool
    /// `idr_pic_id`, in IDR pictures.
    package let idrPicID: Int?
    /// `pic_order_cnt_lsb`, where the sequence has it.
    package let picOrderCntLsb: Int?
    /// `delta_pic_order_cnt`, as many as the slice has: at most two.
    let deltaPicOrderCnt: [Int]
    /// The slice has `memory_management_control_operation` 5: earlier pictures are output first, and order counts restart.
    package let resetsOrder: Bool
    /// `SliceQPY`: 26 plus `pic_init_qp_minus26` plus `slice_qp_delta`.
    package let quantizer: Int

    /// Reads a slice's header.
    ///
    /// - Parameters:
    ///   - nalUnit: The slice as it is in a stream, from its NAL unit's header byte on. Not more of it than the
    ///     header is read.
    ///   - sps: The sequence parameter set.
    ///   - pps: The picture parameter set, which must be the one that the slice names.
    package init(
        parsing nalUnit: ArraySlice<UInt8>,
        sps: SequenceParameterSet,
        pps: PictureParameterSet
    ) throws(BitstreamError) {
        self = try readingBeginning(of: nalUnit) { limit throws(BitstreamError) in
            try Self(parsing: nalUnit, limit: limit, sps: sps, pps: pps)
        }
    }

    /// Reads a slice's header.
    package init(
        parsing nalUnit: [UInt8],
        sps: SequenceParameterSet,
        pps: PictureParameterSet
    ) throws(BitstreamError) {
        try self.init(parsing: nalUnit[...], sps: sps, pps: pps)
    }

    /// `pic_parameter_set_id` of a slice: which parameter set to read the rest with.
    package static func pictureParameterSetID(of nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> Int {
        var syntax = try SliceHeaderSyntax(nalUnit, limit: 128)
        return try syntax.start().ppsID
    }

    private init(
        parsing nalUnit: ArraySlice<UInt8>,
        limit: Int,
        sps: SequenceParameterSet,
        pps: PictureParameterSet
    ) throws(BitstreamError) {
        var syntax = try SliceHeaderSyntax(nalUnit, limit: limit)
        (refIdc, isIDR) = (syntax.header.refIdc, syntax.header.type == .idrSlice)
        (firstMacroblock, sliceType, ppsID) = try syntax.start()
        try syntax.check(ppsID: ppsID, is: pps.id)
        (frameNum, isField, isBottomField) = try syntax.frame(sps)
        idrPicID = isIDR ? try syntax.reader.ue("idr_pic_id", in: 0...65535) : nil
        (picOrderCntLsb, deltaPicOrderCnt) = try syntax.pictureOrderCount(sps, pps, isField: isField)
        isRedundant = pps.redundantPicCntPresent ? try syntax.reader.ue("redundant_pic_cnt", in: 0...127) > 0 : false
        let references = try syntax.references(sliceType, pps)
        let isWeighted = sliceType == .b ? pps.weightedBipredIdc == 1 : !sliceType.isIntra && pps.weightedPrediction
        if isWeighted { try syntax.skipWeights(references, chroma: sps.sampleFormat.chromaArrayType != 0) }
        resetsOrder = refIdc != 0 ? try syntax.referenceMarkingResets() : false
        if pps.usesCABAC, !sliceType.isIntra { _ = try syntax.reader.ue("cabac_init_idc", in: 0...2) }
        quantizer = try syntax.quantizer(sps, pps)
    }
}
