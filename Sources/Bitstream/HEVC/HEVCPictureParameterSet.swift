/// A picture parameter set of HEVC (H.265 7.3.2.3), up to what slice headers and the decoder configuration record need.
package struct HEVCPictureParameterSet: Hashable, Sendable {
    /// `pps_pic_parameter_set_id`, `0...63`.
    package let id: Int
    /// `pps_seq_parameter_set_id`, `0...15`.
    package let spsID: Int
    /// `dependent_slice_segments_enabled_flag`.
    package let dependentSliceSegmentsEnabled: Bool
    /// `output_flag_present_flag`.
    package let outputFlagPresent: Bool
    /// `num_extra_slice_header_bits`, `0...7`.
    package let extraSliceHeaderBits: Int
    /// `cabac_init_present_flag`.
    package let cabacInitPresent: Bool
    /// `num_ref_idx_l0_default_active_minus1` plus 1.
    package let defaultRefCountL0: Int
    /// `num_ref_idx_l1_default_active_minus1` plus 1.
    package let defaultRefCountL1: Int
    /// `init_qp_minus26` plus 26; below 0 at more than 8 bits.
    package let initialQuantizer: Int
    /// `weighted_pred_flag`.
    package let weightedPrediction: Bool
    /// `weighted_bipred_flag`.
    package let weightedBiprediction: Bool
    /// `tiles_enabled_flag`.
    package let tilesEnabled: Bool
    /// `entropy_coding_sync_enabled_flag`: wavefronts.
    package let entropyCodingSyncEnabled: Bool
    /// `lists_modification_present_flag`.
    package let listsModificationPresent: Bool

    /// Reads a picture parameter set.
    ///
    /// - Parameter nalUnit: The NAL unit as it is in a stream, from its header on.
    package init(parsing nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        _ = try HEVCNALUnitHeader(of: nalUnit, expecting: .pictureParameterSet, "a picture parameter set")
        var reader = BitReader(EmulationPrevention.unescape(nalUnit))
        _ = try reader.bits(16, "nal_unit_header")
        id = try reader.ue("pps_pic_parameter_set_id", in: 0...63)
        spsID = try reader.ue("pps_seq_parameter_set_id", in: 0...15)
        dependentSliceSegmentsEnabled = try reader.flag("dependent_slice_segments_enabled_flag")
        outputFlagPresent = try reader.flag("output_flag_present_flag")
        extraSliceHeaderBits = try reader.bits(3, "num_extra_slice_header_bits")
        _ = try reader.flag("sign_data_hiding_enabled_flag")
        cabacInitPresent = try reader.flag("cabac_init_present_flag")
        defaultRefCountL0 = try reader.ue("num_ref_idx_l0_default_active_minus1", in: 0...14) + 1
        defaultRefCountL1 = try reader.ue("num_ref_idx_l1_default_active_minus1", in: 0...14) + 1
        initialQuantizer = try reader.se("init_qp_minus26", in: -74...25) + 26
        _ = try reader.bits(2, "constrained_intra_pred_flag, transform_skip_enabled_flag")
        if try reader.flag("cu_qp_delta_enabled_flag") { _ = try reader.ue("diff_cu_qp_delta_depth", in: 0...3) }
        for component in ["cb", "cr"] { _ = try reader.se("pps_\(component)_qp_offset", in: -12...12) }
        _ = try reader.flag("pps_slice_chroma_qp_offsets_present_flag")
        weightedPrediction = try reader.flag("weighted_pred_flag")
        weightedBiprediction = try reader.flag("weighted_bipred_flag")
        _ = try reader.flag("transquant_bypass_enabled_flag")
        tilesEnabled = try reader.flag("tiles_enabled_flag")
        entropyCodingSyncEnabled = try reader.flag("entropy_coding_sync_enabled_flag")
        if tilesEnabled { try Self.skipTiles(&reader) }
        _ = try reader.flag("pps_loop_filter_across_slices_enabled_flag")
        if try reader.flag("deblocking_filter_control_present_flag") { try Self.skipDeblocking(&reader) }
        if try reader.flag("pps_scaling_list_data_present_flag") { try HEVCCodingTools.skipScalingLists(&reader) }
        listsModificationPresent = try reader.flag("lists_modification_present_flag")
    }

    /// Reads a picture parameter set.
    package init(parsing nalUnit: [UInt8]) throws(BitstreamError) { try self.init(parsing: nalUnit[...]) }

    private static func skipTiles(_ reader: inout BitReader) throws(BitstreamError) {
        let columns = try reader.ue("num_tile_columns_minus1", in: 0...19)
        let rows = try reader.ue("num_tile_rows_minus1", in: 0...21)
        if try !reader.flag("uniform_spacing_flag") {
            for _ in 0..<columns + rows { _ = try reader.ue("column_width_minus1, row_height_minus1") }
        }
        _ = try reader.flag("loop_filter_across_tiles_enabled_flag")
    }

    private static func skipDeblocking(_ reader: inout BitReader) throws(BitstreamError) {
        _ = try reader.flag("deblocking_filter_override_enabled_flag")
        guard try !reader.flag("pps_deblocking_filter_disabled_flag") else { return }
        for field in ["beta", "tc"] { _ = try reader.se("pps_\(field)_offset_div2", in: -6...6) }
    }
}
