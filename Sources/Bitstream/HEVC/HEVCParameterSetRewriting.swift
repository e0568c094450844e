extension HEVCProfileTierLevel {
    /// A video or sequence parameter set with these values instead of its own. All other bits stay as they are, except for the
    /// decoded picture buffer of Main Still Picture, which has room for the one picture.
    ///
    /// Encoders write the profile, flags and level that they see fit, where a codec string promises certain ones. That the
    /// stream satisfies them is the caller's promise.
    ///
    /// - Parameter nalUnit: A video or sequence parameter set as it is in a stream; its values for sub-layers stay.
    /// - Returns: The new NAL unit, its emulation prevention redone.
    package func rewriting(_ nalUnit: [UInt8]) throws(BitstreamError) -> [UInt8] {
        let type = try HEVCNALUnitHeader(parsing: nalUnit).type
        let offset: Int
        let maxSubLayers: Int
        switch type {
        case .videoParameterSet:
            maxSubLayers = try HEVCVideoParameterSet(parsing: nalUnit).maxSubLayers
            offset = HEVCVideoParameterSet.profileTierLevelOffset
        case .sequenceParameterSet:
            maxSubLayers = try HEVCSequenceParameterSet(parsing: nalUnit).maxSubLayers
            offset = HEVCSequenceParameterSet.profileTierLevelOffset
        default:
            let expected = "32 or 33, a video or sequence parameter set"
            throw BitstreamError(.invalid, "nal_unit_type is \(type.rawValue)", at: .byte(0), expected: expected)
        }
        var rewritten = EmulationPrevention.unescape(nalUnit)
        rewritten.replaceSubrange(offset..<offset + Self.byteCount, with: bytes)
        if profileIdc == Self.mainStillPicture {
            guard maxSubLayers == 1 else {
                let what = "a still picture has \(maxSubLayers) sub-layers"
                throw BitstreamError(.unsupported, what, at: .byte(2), expected: "one sub-layer")
            }
            rewritten = try Self.holdingOnePicture(rewritten, type, ordering: (offset + Self.byteCount) * 8)
        }
        return EmulationPrevention.escape(rewritten)
    }
}

extension HEVCProfileTierLevel {
    /// `general_profile_idc` of Main Still Picture.
    package static let mainStillPicture = 3

    /// A parameter set whose decoded picture buffer holds one picture, as Main Still Picture has it (H.265 A.3.4).
    ///
    /// - Parameter start: The bit after profile, tier and level.
    private static func holdingOnePicture(
        _ bytes: [UInt8],
        _ type: HEVCNALUnitType,
        ordering start: Int
    ) throws(BitstreamError) -> [UInt8] {
        var (reader, writer) = (BitReader(bytes), BitWriter())
        try writer.copy(start, from: &reader)
        var ahead = reader
        if type == .sequenceParameterSet { try skipPicture(&ahead) }
        _ = try ahead.flag("sub_layer_ordering_info_present_flag")
        try writer.copy(ahead.bitOffset - reader.bitOffset, from: &reader)
        for field in ["max_dec_pic_buffering_minus1", "max_num_reorder_pics", "max_latency_increase_plus1"] {
            _ = try reader.ue(field)
            writer.ue(0)
        }
        try writer.copy(max(0, reader.payloadEnd - reader.bitOffset), from: &reader)
        writer.trailingBits()
        return writer.bytes
    }

    /// Skips the fields of a sequence parameter set from its own number to that of picture orders (7.3.2.2).
    private static func skipPicture(_ reader: inout BitReader) throws(BitstreamError) {
        _ = try reader.ue("sps_seq_parameter_set_id")
        if try reader.ue("chroma_format_idc") == 3 { _ = try reader.flag("separate_colour_plane_flag") }
        for side in ["width", "height"] { _ = try reader.ue("pic_\(side)_in_luma_samples") }
        if try reader.flag("conformance_window_flag") { for _ in 0..<4 { _ = try reader.ue("conf_win_offset") } }
        for field in ["bit_depth_luma_minus8", "bit_depth_chroma_minus8", "log2_max_pic_order_cnt_lsb_minus4"] {
            _ = try reader.ue(field)
        }
    }
}
