public import VideoTypes

/// The VUI parameters of a sequence of HEVC (H.265 E.2.1, E.3.1). What is not present is `nil`.
public struct HEVCVideoUsabilityInformation: Hashable, Sendable {
    /// `aspect_ratio_idc` or `sar_width` and `sar_height`; `nil` also where they mean "unspecified".
    public let pixelAspectRatio: PixelAspectRatio?
    /// The range and the color description; unspecified and limited where they are not present.
    public let colorSpace: VideoColorSpace
    /// `chroma_sample_loc_type_top_field`.
    public let chromaLocation: ChromaLocation?
    /// `vui_time_scale` over `vui_num_units_in_tick`; `nil` also where that is not a rate.
    public let frameRate: FrameRate?
    /// `min_spatial_segmentation_idc`, `0...4095`.
    public let minSpatialSegmentationIdc: Int?

    init(reading reader: inout BitReader, maxSubLayersMinus1: Int) throws(BitstreamError) {
        pixelAspectRatio = try Self.aspectRatio(&reader)
        if try reader.flag("overscan_info_present_flag") { _ = try reader.flag("overscan_appropriate_flag") }
        colorSpace = try Self.videoSignal(&reader)
        chromaLocation = try Self.chromaLocation(&reader)
        _ = try reader.bits(3, "neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag")
        if try reader.flag("default_display_window_flag") {
            for _ in 0..<4 { _ = try reader.ue("def_disp_win_offset") }
        }
        frameRate = try Self.timing(&reader, maxSubLayersMinus1: maxSubLayersMinus1)
        minSpatialSegmentationIdc = try Self.restriction(&reader)
    }

    /// Table E-1, from `aspect_ratio_idc` 1 on.
    private static let aspectRatios = [
        (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11),
        (80, 33), (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
    ]

    private static func aspectRatio(_ reader: inout BitReader) throws(BitstreamError) -> PixelAspectRatio? {
        guard try reader.flag("aspect_ratio_info_present_flag") else { return nil }
        switch try reader.bits(8, "aspect_ratio_idc") {
        case let known where (1...aspectRatios.count).contains(known):
            let (width, height) = aspectRatios[known - 1]
            return PixelAspectRatio(width: width, height: height)
        case 255:
            let width = try reader.bits(16, "sar_width")
            return PixelAspectRatio(width: width, height: try reader.bits(16, "sar_height"))
        default:
            return nil
        }
    }

    private static func videoSignal(_ reader: inout BitReader) throws(BitstreamError) -> VideoColorSpace {
        var color = VideoColorSpace.unspecified
        guard try reader.flag("video_signal_type_present_flag") else { return color }
        _ = try reader.bits(3, "video_format")
        color.fullRange = try reader.flag("video_full_range_flag")
        if try reader.flag("colour_description_present_flag") {
            color.primaries = ColorPrimaries(rawValue: UInt8(try reader.bits(8, "colour_primaries")))
            color.transfer = TransferCharacteristics(rawValue: UInt8(try reader.bits(8, "transfer_characteristics")))
            color.matrix = MatrixCoefficients(rawValue: UInt8(try reader.bits(8, "matrix_coeffs")))
        }
        return color
    }

    private static func chromaLocation(_ reader: inout BitReader) throws(BitstreamError) -> ChromaLocation? {
        guard try reader.flag("chroma_loc_info_present_flag") else { return nil }
        let top = try reader.ue("chroma_sample_loc_type_top_field", in: 0...5)
        _ = try reader.ue("chroma_sample_loc_type_bottom_field", in: 0...5)
        return ChromaLocation(rawValue: UInt8(top))
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
