package import VideoTypes

/// A sequence parameter set of HEVC (H.265 7.3.2.2), without the scaling lists' values and the extensions.
package struct HEVCSequenceParameterSet: Hashable, Sendable {
    /// `sps_video_parameter_set_id`, `0...15`.
    package let vpsID: Int
    /// `sps_max_sub_layers_minus1` plus 1, `1...7`.
    package let maxSubLayers: Int
    /// `sps_temporal_id_nesting_flag`.
    package let temporalIDNesting: Bool
    /// Profile, tier and level.
    package let profileTierLevel: HEVCProfileTierLevel
    /// `sps_seq_parameter_set_id`, `0...15`.
    package let id: Int
    /// `chroma_format_idc`: 0 is monochrome, 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4.
    package let chromaFormatIdc: Int
    /// `separate_colour_plane_flag`.
    package let separateColorPlanes: Bool
    /// `pic_width_in_luma_samples` and `pic_height_in_luma_samples`.
    package let codedSize: PictureSize
    /// The size that is shown: the coded one without the conformance window's edges.
    package let croppedSize: PictureSize
    /// `bit_depth_luma_minus8` plus 8, `8...16`.
    package let bitDepthLuma: Int
    /// `bit_depth_chroma_minus8` plus 8, `8...16`.
    package let bitDepthChroma: Int
    /// `log2_max_pic_order_cnt_lsb_minus4` plus 4.
    package let log2MaxPicOrderCntLsb: Int
    /// `sps_max_dec_pic_buffering_minus1` plus 1 of the highest sub-layer: pictures that a decoder holds.
    package let maxDecPicBuffering: Int
    /// `sps_max_num_reorder_pics` of the highest sub-layer.
    package let maxNumReorderPics: Int
    /// How the picture is divided into blocks, and which coding tools are enabled.
    package let coding: HEVCCodingTools
    /// The VUI parameters (annex E), where they are present.
    package let vui: HEVCVideoUsabilityInformation?

    /// Bytes of the NAL unit, without emulation prevention, in front of profile, tier and level.
    static let profileTierLevelOffset = 3

    /// Reads a sequence parameter set.
    ///
    /// - Parameter nalUnit: The NAL unit as it is in a stream, from its header on.
    package init(parsing nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        _ = try HEVCNALUnitHeader(of: nalUnit, expecting: .sequenceParameterSet, "a sequence parameter set")
        var reader = BitReader(EmulationPrevention.unescape(nalUnit))
        _ = try reader.bits(16, "nal_unit_header")
        vpsID = try reader.bits(4, "sps_video_parameter_set_id")
        let maxSubLayersMinus1 = try reader.subLayers("sps_max_sub_layers_minus1")
        maxSubLayers = maxSubLayersMinus1 + 1
        temporalIDNesting = try reader.flag("sps_temporal_id_nesting_flag")
        profileTierLevel = try HEVCProfileTierLevel(reading: &reader, maxSubLayersMinus1: maxSubLayersMinus1)
        id = try reader.ue("sps_seq_parameter_set_id", in: 0...15)
        chromaFormatIdc = try reader.ue("chroma_format_idc", in: 0...3)
        separateColorPlanes = chromaFormatIdc == 3 ? try reader.flag("separate_colour_plane_flag") : false
        (codedSize, croppedSize) = try Self.sizes(&reader, chromaFormatIdc: chromaFormatIdc)
        bitDepthLuma = try reader.ue("bit_depth_luma_minus8", in: 0...8) + 8
        bitDepthChroma = try reader.ue("bit_depth_chroma_minus8", in: 0...8) + 8
        log2MaxPicOrderCntLsb = try reader.ue("log2_max_pic_order_cnt_lsb_minus4", in: 0...12) + 4
        (maxDecPicBuffering, maxNumReorderPics) = try Self.buffering(&reader, maxSubLayersMinus1: maxSubLayersMinus1)
        coding = try HEVCCodingTools(
            reading: &reader,
            chromaFormatIdc: chromaFormatIdc,
            log2MaxPicOrderCntLsb: log2MaxPicOrderCntLsb
        )
        let hasVUI = try reader.flag("vui_parameters_present_flag")
        vui =
            hasVUI
            ? try HEVCVideoUsabilityInformation(reading: &reader, maxSubLayersMinus1: maxSubLayersMinus1) : nil
    }

    /// Reads a sequence parameter set.
    package init(parsing nalUnit: [UInt8]) throws(BitstreamError) { try self.init(parsing: nalUnit[...]) }

    /// The coded size, and the part within the conformance window, whose unit is a chroma sample (7.4.3.2.1).
    private static func sizes(
        _ reader: inout BitReader,
        chromaFormatIdc: Int
    ) throws(BitstreamError) -> (coded: PictureSize, cropped: PictureSize) {
        let allowed = 1...65535
        let width = try reader.ue("pic_width_in_luma_samples", in: allowed)
        let coded = PictureSize(width: width, height: try reader.ue("pic_height_in_luma_samples", in: allowed))
        let start = reader.bitOffset
        guard try reader.flag("conformance_window_flag") else { return (coded, coded) }
        var edges: [Int] = []
        for edge in ["left", "right", "top", "bottom"] {
            edges.append(try reader.ue("conf_win_\(edge)_offset", in: 0...65535))
        }
        let columns = [1, 2].contains(chromaFormatIdc) ? 2 : 1
        let rows = chromaFormatIdc == 1 ? 2 : 1
        let cropped = PictureSize(
            width: coded.width - (edges[0] + edges[1]) * columns,
            height: coded.height - (edges[2] + edges[3]) * rows
        )
        guard cropped.width >= 1, cropped.height >= 1 else {
            let what = "the conformance window leaves \(cropped)"
            throw BitstreamError(.invalid, what, at: .bit(start), expected: "at least one sample")
        }
        return (coded, cropped)
    }

    private static func buffering(
        _ reader: inout BitReader,
        maxSubLayersMinus1: Int
    ) throws(BitstreamError) -> (pictures: Int, reordered: Int) {
        let hasEach = try reader.flag("sps_sub_layer_ordering_info_present_flag")
        var highest = (pictures: 1, reordered: 0)
        for _ in (hasEach ? 0 : maxSubLayersMinus1)...maxSubLayersMinus1 {
            highest.pictures = try reader.ue("sps_max_dec_pic_buffering_minus1", in: 0...15) + 1
            highest.reordered = try reader.ue("sps_max_num_reorder_pics", in: 0...15)
            _ = try reader.ue("sps_max_latency_increase_plus1")
        }
        return highest
    }
}

extension HEVCSequenceParameterSet: CodedSequence {
    /// That of the VUI parameters.
    package var storedAspectRatio: PixelAspectRatio? { pixelAspectRatio }
    /// The color; unspecified and limited range where the stream does not specify it.
    package var colorSpace: VideoColorSpace { vui?.colorSpace ?? .unspecified }
    /// The shape of a sample; square where the stream does not specify it.
    package var pixelAspectRatio: PixelAspectRatio { vui?.pixelAspectRatio ?? .square }
    /// Where a 4:2:0 chroma sample is; left if the stream does not specify it (E.3.1).
    package var chromaLocation: ChromaLocation { vui?.chromaLocation ?? .left }
    /// The codec string of a stream with this parameter set.
    package var codecString: HEVCCodecString { profileTierLevel.codecString }
    /// `PicSizeInCtbsY`.
    var codingTreeBlocks: Int {
        let side = 1 << coding.log2CTBSize
        return (codedSize.width + side - 1) / side * ((codedSize.height + side - 1) / side)
    }
    /// `ChromaArrayType`.
    var chromaArrayType: Int { separateColorPlanes ? 0 : chromaFormatIdc }
    /// `QpBdOffsetY`: how far below 0 a luma quantizer may go.
    package var quantizerOffset: Int { 6 * (bitDepthLuma - 8) }
}
