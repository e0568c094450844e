/// The middle of a sequence parameter set of HEVC: block sizes and tools, as far as slice headers depend on them
/// (H.265 7.3.2.2.1).
package struct HEVCCodingTools: Hashable, Sendable {
    /// `CtbLog2SizeY`, `4...6`.
    let log2CTBSize: Int
    /// `sample_adaptive_offset_enabled_flag`.
    let hasSampleAdaptiveOffset: Bool
    /// The `st_ref_pic_set()` of the sequence.
    let referencePictureSets: [HEVCReferencePictureSet]
    /// `long_term_ref_pics_present_flag`.
    let hasLongTermReferences: Bool
    /// `used_by_curr_pic_lt_sps_flag` of each long-term picture that the sequence names.
    let longTermReferencesUsed: [Bool]
    /// `sps_temporal_mvp_enabled_flag`.
    let hasTemporalMotionVectors: Bool

    init(
        reading reader: inout BitReader,
        chromaFormatIdc: Int,
        log2MaxPicOrderCntLsb: Int
    ) throws(BitstreamError) {
        let minimum = try reader.ue("log2_min_luma_coding_block_size_minus3", in: 0...3) + 3
        let start = reader.bitOffset
        log2CTBSize = minimum + (try reader.ue("log2_diff_max_min_luma_coding_block_size", in: 0...3))
        guard log2CTBSize <= 6 else { throw .outOfRange("CtbLog2SizeY", log2CTBSize, in: 3...6, at: start) }
        for field in ["min", "diff_max_min"] { _ = try reader.ue("log2_\(field)_luma_transform_block_size", in: 0...3) }
        for field in ["inter", "intra"] { _ = try reader.ue("max_transform_hierarchy_depth_\(field)", in: 0...4) }
        if try reader.flag("scaling_list_enabled_flag"), try reader.flag("sps_scaling_list_data_present_flag") {
            try Self.skipScalingLists(&reader)
        }
        _ = try reader.flag("amp_enabled_flag")
        hasSampleAdaptiveOffset = try reader.flag("sample_adaptive_offset_enabled_flag")
        if try reader.flag("pcm_enabled_flag") { try Self.skipPCM(&reader) }
        referencePictureSets = try Self.referencePictureSets(&reader)
        hasLongTermReferences = try reader.flag("long_term_ref_pics_present_flag")
        longTermReferencesUsed = hasLongTermReferences ? try Self.longTerm(&reader, bits: log2MaxPicOrderCntLsb) : []
        hasTemporalMotionVectors = try reader.flag("sps_temporal_mvp_enabled_flag")
        _ = try reader.flag("strong_intra_smoothing_enabled_flag")
    }

    /// `scaling_list_data()` (7.3.4).
    static func skipScalingLists(_ reader: inout BitReader) throws(BitstreamError) {
        for size in 0..<4 {
            for _ in stride(from: 0, to: 6, by: size == 3 ? 3 : 1) {
                guard try reader.flag("scaling_list_pred_mode_flag") else {
                    _ = try reader.ue("scaling_list_pred_matrix_id_delta", in: 0...5)
                    continue
                }
                if size > 1 { _ = try reader.se("scaling_list_dc_coef_minus8", in: -7...247) }
                for _ in 0..<min(64, 1 << (4 + size << 1)) {
                    _ = try reader.se("scaling_list_delta_coef", in: -128...127)
                }
            }
        }
    }

    private static func skipPCM(_ reader: inout BitReader) throws(BitstreamError) {
        _ = try reader.bits(8, "pcm_sample_bit_depth_minus1")
        _ = try reader.ue("log2_min_pcm_luma_coding_block_size_minus3", in: 0...2)
        _ = try reader.ue("log2_diff_max_min_pcm_luma_coding_block_size", in: 0...2)
        _ = try reader.flag("pcm_loop_filter_disabled_flag")
    }

    private static func referencePictureSets(
        _ reader: inout BitReader
    ) throws(BitstreamError) -> [HEVCReferencePictureSet] {
        var sets: [HEVCReferencePictureSet] = []
        for _ in 0..<(try reader.ue("num_short_term_ref_pic_sets", in: 0...64)) {
            sets.append(try HEVCReferencePictureSet(reading: &reader, previous: sets, isInSlice: false))
        }
        return sets
    }

    private static func longTerm(_ reader: inout BitReader, bits: Int) throws(BitstreamError) -> [Bool] {
        var used: [Bool] = []
        for _ in 0..<(try reader.ue("num_long_term_ref_pics_sps", in: 0...32)) {
            _ = try reader.bits(bits, "lt_ref_pic_poc_lsb_sps")
            used.append(try reader.flag("used_by_curr_pic_lt_sps_flag"))
        }
        return used
    }
}
