/// A picture parameter set (H.264 7.3.2.2), without the values of slice groups and scaling lists.
package struct PictureParameterSet: Hashable, Sendable {
    /// `pic_parameter_set_id`, `0...255`.
    package let id: Int
    /// `seq_parameter_set_id`, `0...31`.
    package let sequenceParameterSetID: Int
    /// `entropy_coding_mode_flag`: CABAC rather than CAVLC.
    package let usesCABAC: Bool
    /// `bottom_field_pic_order_in_frame_present_flag`.
    package let bottomFieldPicOrderPresent: Bool
    /// `num_slice_groups_minus1` plus 1.
    package let sliceGroupCount: Int
    /// `num_ref_idx_l0_default_active_minus1` plus 1, `1...32`.
    package let defaultRefCountL0: Int
    /// `num_ref_idx_l1_default_active_minus1` plus 1, `1...32`.
    package let defaultRefCountL1: Int
    /// `weighted_pred_flag`.
    package let weightedPrediction: Bool
    /// `weighted_bipred_idc`, `0...2`.
    package let weightedBipredIdc: Int
    /// `pic_init_qp_minus26` plus 26.
    package let initialQuantizer: Int
    /// `chroma_qp_index_offset`, `-12...12`.
    package let chromaQpIndexOffset: Int
    /// `deblocking_filter_control_present_flag`.
    package let deblockingFilterControlPresent: Bool
    /// `constrained_intra_pred_flag`.
    package let constrainedIntraPrediction: Bool
    /// `redundant_pic_cnt_present_flag`.
    package let redundantPicCntPresent: Bool
    /// `transform_8x8_mode_flag`.
    package let transform8x8: Bool
    /// `pic_scaling_matrix_present_flag`.
    package let hasScalingMatrix: Bool
    /// `second_chroma_qp_index_offset`, `-12...12`.
    package let secondChromaQpIndexOffset: Int

    /// Reads a picture parameter set.
    ///
    /// - Parameters:
    ///   - nalUnit: The NAL unit as it is in a stream, from its header byte on.
    ///   - sps: The sequence parameter set that it refers to.
    package init(parsing nalUnit: ArraySlice<UInt8>, sps: SequenceParameterSet) throws(BitstreamError) {
        _ = try NALUnitHeader(of: nalUnit, expecting: .pictureParameterSet, "a picture parameter set")
        var reader = BitReader(EmulationPrevention.unescape(nalUnit))
        _ = try reader.bits(8, "nal_unit_header")
        id = try reader.ue("pic_parameter_set_id", in: 0...255)
        sequenceParameterSetID = try reader.ue("seq_parameter_set_id", in: sps.id...sps.id)
        usesCABAC = try reader.flag("entropy_coding_mode_flag")
        bottomFieldPicOrderPresent = try reader.flag("bottom_field_pic_order_in_frame_present_flag")
        sliceGroupCount = try reader.ue("num_slice_groups_minus1", in: 0...7) + 1
        try SliceGroups.skip(&reader, count: sliceGroupCount, sizeInMapUnits: sps.geometry.sizeInMapUnits)
        defaultRefCountL0 = try reader.ue("num_ref_idx_l0_default_active_minus1", in: 0...31) + 1
        defaultRefCountL1 = try reader.ue("num_ref_idx_l1_default_active_minus1", in: 0...31) + 1
        weightedPrediction = try reader.flag("weighted_pred_flag")
        weightedBipredIdc = try reader.bits(2, "weighted_bipred_idc")
        let lowest = -26 - sps.sampleFormat.quantizerOffset
        initialQuantizer = try reader.se("pic_init_qp_minus26", in: lowest...25) + 26
        _ = try reader.se("pic_init_qs_minus26", in: -26...25)
        chromaQpIndexOffset = try reader.se("chroma_qp_index_offset", in: -12...12)
        deblockingFilterControlPresent = try reader.flag("deblocking_filter_control_present_flag")
        constrainedIntraPrediction = try reader.flag("constrained_intra_pred_flag")
        redundantPicCntPresent = try reader.flag("redundant_pic_cnt_present_flag")
        (transform8x8, hasScalingMatrix, secondChromaQpIndexOffset) =
            try Self.highFields(&reader, sps.sampleFormat, inferring: chromaQpIndexOffset)
    }

    /// `seq_parameter_set_id` of a picture parameter set: which sequence parameter set to read the rest with.
    package static func sequenceParameterSetID(of nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> Int {
        var reader = BitReader(EmulationPrevention.unescape(nalUnit, limit: 16))
        _ = try reader.bits(8, "nal_unit_header")
        _ = try reader.ue("pic_parameter_set_id", in: 0...255)
        return try reader.ue("seq_parameter_set_id", in: 0...31)
    }

    /// The fields that came with the High profiles; where they are missing, they are inferred (7.4.2.2).
    private static func highFields(
        _ reader: inout BitReader,
        _ format: AVCSampleFormat,
        inferring offset: Int
    ) throws(BitstreamError) -> (transform8x8: Bool, hasScalingMatrix: Bool, secondChromaQpIndexOffset: Int) {
        guard reader.moreRBSPData else { return (false, false, offset) }
        let transform8x8 = try reader.flag("transform_8x8_mode_flag")
        let hasScalingMatrix = try reader.flag("pic_scaling_matrix_present_flag")
        if hasScalingMatrix {
            let lists8x8 = format.chromaFormatIdc == 3 ? 6 : 2
            try ScalingLists.skip(&reader, count: 6 + (transform8x8 ? lists8x8 : 0))
        }
        let second = try reader.se("second_chroma_qp_index_offset", in: -12...12)
        return (transform8x8, hasScalingMatrix, second)
    }

    /// Reads a picture parameter set.
    package init(parsing nalUnit: [UInt8], sps: SequenceParameterSet) throws(BitstreamError) {
        try self.init(parsing: nalUnit[...], sps: sps)
    }
}

/// Slice groups (H.264 7.3.2.2), of which only the length matters here.
private enum SliceGroups {
    static func skip(_ reader: inout BitReader, count: Int, sizeInMapUnits: Int) throws(BitstreamError) {
        guard count > 1 else { return }
        switch try reader.ue("slice_group_map_type", in: 0...6) {
        case 0:
            for _ in 0..<count { _ = try reader.ue("run_length_minus1") }
        case 2:
            for _ in 0..<count - 1 {
                _ = try reader.ue("top_left")
                _ = try reader.ue("bottom_right")
            }
        case 3, 4, 5:
            _ = try reader.flag("slice_group_change_direction_flag")
            _ = try reader.ue("slice_group_change_rate_minus1")
        case 6:
            let units = try reader.ue("pic_size_in_map_units_minus1", in: 0...sizeInMapUnits - 1) + 1
            // Ceil(Log2(count)) bits each.
            let bits = Int.bitWidth - (count - 1).leadingZeroBitCount
            for _ in 0..<units { _ = try reader.bits(bits, "slice_group_id") }
        default:
            break
        }
    }
}
