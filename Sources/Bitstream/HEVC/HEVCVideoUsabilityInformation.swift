package import VideoTypes

/// The VUI parameters of a sequence of HEVC (H.265 E.2.1, E.3.1). What is not present is `nil`.
package struct HEVCVideoUsabilityInformation: Hashable, Sendable {
    /// `aspect_ratio_idc` or `sar_width` and `sar_height`; `nil` also where they mean "unspecified".
    package let pixelAspectRatio: PixelAspectRatio?
    /// The range and the color description; unspecified and limited where they are not present.
    package let colorSpace: VideoColorSpace
    /// `chroma_sample_loc_type_top_field`.
    package let chromaLocation: ChromaLocation?
    /// `vui_time_scale` over `vui_num_units_in_tick`; `nil` also where that is not a rate.
    package let frameRate: FrameRate?
    /// `min_spatial_segmentation_idc`, `0...4095`.
    package let minSpatialSegmentationIdc: Int?

    init(reading reader: inout BitReader, maxSubLayersMinus1: Int) throws(BitstreamError) {
        pixelAspectRatio = try reader.pixelAspectRatio()
        if try reader.flag("overscan_info_present_flag") { _ = try reader.flag("overscan_appropriate_flag") }
        colorSpace = try reader.videoSignal().color
        chromaLocation = try reader.chromaLocation()
        _ = try reader.bits(3, "neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag")
        if try reader.flag("default_display_window_flag") {
            for _ in 0..<4 { _ = try reader.ue("def_disp_win_offset") }
        }
        frameRate = try Self.timing(&reader, maxSubLayersMinus1: maxSubLayersMinus1)
        minSpatialSegmentationIdc = try Self.restriction(&reader)
    }

    /// A picture lasts one tick, unlike in H.264.
    private static func timing(
        _ reader: inout BitReader,
        maxSubLayersMinus1: Int
    ) throws(BitstreamError) -> FrameRate? {
        guard try reader.flag("vui_timing_info_present_flag") else { return nil }
        let unitsInTick = try reader.bits(32, "vui_num_units_in_tick")
        let timeScale = try reader.bits(32, "vui_time_scale")
        if try reader.flag("vui_poc_proportional_to_timing_flag") {
            _ = try reader.ue("vui_num_ticks_poc_diff_one_minus1")
        }
        if try reader.flag("vui_hrd_parameters_present_flag") {
            try HEVCHRDParameters.skip(&reader, hasCommonInformation: true, maxSubLayersMinus1: maxSubLayersMinus1)
        }
        return FrameRate(timeScale, unitsInTick)
    }

    private static func restriction(_ reader: inout BitReader) throws(BitstreamError) -> Int? {
        guard try reader.flag("bitstream_restriction_flag") else { return nil }
        _ = try reader.bits(3, "tiles_fixed_structure_flag, motion_vectors_over_pic_boundaries_flag")
        let idc = try reader.ue("min_spatial_segmentation_idc", in: 0...4095)
        for _ in 0..<4 { _ = try reader.ue("max_bytes_per_pic_denom", in: 0...16) }
        return idc
    }
}
