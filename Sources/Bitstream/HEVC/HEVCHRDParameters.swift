/// `hrd_parameters()` (H.265 E.2.2), which are skipped to reach the fields after them.
enum HEVCHRDParameters {
    /// Reads over the parameters.
    static func skip(
        _ reader: inout BitReader,
        hasCommonInformation: Bool,
        maxSubLayersMinus1: Int
    ) throws(BitstreamError) {
        var (hasNAL, hasVCL, hasSubPictures) = (false, false, false)
        if hasCommonInformation {
            hasNAL = try reader.flag("nal_hrd_parameters_present_flag")
            hasVCL = try reader.flag("vcl_hrd_parameters_present_flag")
            if hasNAL || hasVCL { hasSubPictures = try skipCommonInformation(&reader) }
        }
        for _ in 0...maxSubLayersMinus1 {
            let count = try cpbCount(&reader)
            for _ in 0..<(hasNAL ? count : 0) + (hasVCL ? count : 0) {
                try skipBuffer(&reader, hasSubPictures: hasSubPictures)
            }
        }
    }

    private static func skipCommonInformation(_ reader: inout BitReader) throws(BitstreamError) -> Bool {
        let hasSubPictures = try reader.flag("sub_pic_hrd_params_present_flag")
        if hasSubPictures { _ = try reader.bits(8 + 5 + 1 + 5, "sub_pic_hrd_params") }
        _ = try reader.bits(8, "bit_rate_scale, cpb_size_scale")
        if hasSubPictures { _ = try reader.bits(4, "cpb_size_du_scale") }
        _ = try reader.bits(15, "initial_cpb_removal_delay_length_minus1")
        return hasSubPictures
    }

    /// The beginning of a sub-layer's parameters.
    private static func cpbCount(_ reader: inout BitReader) throws(BitstreamError) -> Int {
        let isFixed = try reader.flag("fixed_pic_rate_general_flag")
        let isFixedWithin = isFixed ? true : try reader.flag("fixed_pic_rate_within_cvs_flag")
        var isLowDelay = false
        if isFixedWithin {
            _ = try reader.ue("elemental_duration_in_tc_minus1", in: 0...2047)
        } else {
            isLowDelay = try reader.flag("low_delay_hrd_flag")
        }
        return isLowDelay ? 1 : try reader.ue("cpb_cnt_minus1", in: 0...31) + 1
    }

    private static func skipBuffer(_ reader: inout BitReader, hasSubPictures: Bool) throws(BitstreamError) {
        for _ in 0..<(hasSubPictures ? 4 : 2) { _ = try reader.ue("bit_rate_value_minus1, cpb_size_value_minus1") }
        _ = try reader.flag("cbr_flag")
    }
}
