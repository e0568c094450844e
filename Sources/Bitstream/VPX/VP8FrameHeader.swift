package import VideoTypes

/// The header of a VP8 frame, up to the buffers that it refreshes (RFC 6386 9 and 19.2).
package struct VP8FrameHeader: Hashable, Sendable {
    /// The fields that only key frames have (RFC 6386 9.1, 9.2).
    package struct KeyFrame: Hashable, Sendable {
        /// Width and height in luma samples, `1...16383`.
        package let size: PictureSize
        /// How a player may enlarge the picture, `0...3`; no decoder changes its output for it.
        package let horizontalScale: Int
        /// The same for its height.
        package let verticalScale: Int
        /// `color_space`: the picture is not BT.601 but of a color space that was never defined.
        package let hasReservedColorSpace: Bool
        /// `clamping_type`: no reconstructed sample needs clamping.
        package let needsNoClamping: Bool
    }

    /// What the frame replaces (RFC 6386 9.7).
    package struct Refresh: Hashable, Sendable {
        /// `refresh_last`.
        package var last = true
        /// `refresh_golden_frame`.
        package var golden = true
        /// `refresh_alternate_frame`.
        package var alternate = true
        /// `copy_buffer_to_golden`: 0 nothing, 1 the last frame, 2 the alternate one.
        package var copyToGolden = 0
        /// `copy_buffer_to_arf`: 0 nothing, 1 the last frame, 2 the golden one.
        package var copyToAlternate = 0
        /// `refresh_entropy_probs`: later frames start from this frame's probabilities.
        package var entropy = true
    }

    /// `version`, `0...3`; decides filters.
    package let version: Int
    /// `show_frame`.
    package let isShown: Bool
    /// The fields that only key frames have; `nil` in other frames.
    package let keyFrame: KeyFrame?
    /// `y_ac_qi`: the quantizer's index, `0...127`.
    package let quantizerIndex: Int
    /// Whether any of the quantizer's deltas is not zero.
    package let hasQuantizerDeltas: Bool
    /// Whether segments of the frame have quantizers or filters of their own.
    package let isSegmented: Bool
    /// What the frame replaces; everything in key frames.
    package let refresh: Refresh

    /// Reads the header of one frame.
    ///
    /// - Parameter data: The frame, or as much of it as holds the header.
    package init(parsing data: [UInt8]) throws(BitstreamError) {
        guard data.count >= 3 else { throw Self.truncated("the frame tag", at: data.count, expected: "3 bytes") }
        let tag = Int(data[0]) | Int(data[1]) << 8 | Int(data[2]) << 16
        let isKey = tag & 1 == 0
        version = tag >> 1 & 7
        isShown = tag >> 4 & 1 == 1
        guard version <= 3 else {
            throw BitstreamError(.unsupported, "version \(version)", at: .byte(0), expected: "0...3")
        }
        let size = isKey ? try Self.size(data) : nil
        let start = isKey ? 10 : 3
        let end = min(data.count, start + tag >> 5)
        var decoder = BoolDecoder(data[start..<max(start, end)], offset: start)
        var picture: KeyFrame?
        if let size {
            picture = KeyFrame(
                size: size.size,
                horizontalScale: size.scales.horizontal,
                verticalScale: size.scales.vertical,
                hasReservedColorSpace: try decoder.flag("color_space"),
                needsNoClamping: try decoder.flag("clamping_type")
            )
        }
        keyFrame = picture
        isSegmented = try Self.skipSegmentation(&decoder)
        try Self.skipLoopFilter(&decoder)
        _ = try decoder.bits(2, "log2_nbr_of_dct_partitions")
        quantizerIndex = try decoder.bits(7, "y_ac_qi")
        hasQuantizerDeltas = try Self.hasDeltas(&decoder)
        refresh = try Self.refresh(&decoder, isKey: isKey)
    }

    /// Whether decoding can start here.
    package var isKey: Bool { keyFrame != nil }
}

extension VP8FrameHeader {
    private typealias Size = (size: PictureSize, scales: (horizontal: Int, vertical: Int))

    private static func size(_ data: [UInt8]) throws(BitstreamError) -> Size {
        guard data.count >= 10 else { throw truncated("the key frame header", at: data.count, expected: "10 bytes") }
        guard data[3..<6] == [0x9D, 0x01, 0x2A] else {
            throw BitstreamError(.invalid, "the start code is wrong", at: .byte(3), expected: "9d 01 2a")
        }
        let (width, height) = (Int(data[6]) | Int(data[7]) << 8, Int(data[8]) | Int(data[9]) << 8)
        let size = PictureSize(width: width & 0x3FFF, height: height & 0x3FFF)
        guard size.width > 0, size.height > 0 else {
            throw BitstreamError(.invalid, "invalid size \(size)", at: .byte(6), expected: "1...16383 a side")
        }
        return (size, (width >> 14, height >> 14))
    }

    /// `update_segmentation()`; whether segmentation is on.
    private static func skipSegmentation(_ decoder: inout BoolDecoder) throws(BitstreamError) -> Bool {
        guard try decoder.flag("segmentation_enabled") else { return false }
        let updatesMap = try decoder.flag("update_mb_segmentation_map")
        if try decoder.flag("update_segment_feature_data") {
            _ = try decoder.flag("segment_feature_mode")
            for _ in 0..<4 { _ = try decoder.optionalSigned(7, "quantizer_update") }
            for _ in 0..<4 { _ = try decoder.optionalSigned(6, "loop_filter_update") }
        }
        guard updatesMap else { return true }
        for _ in 0..<3 where try decoder.flag("segment_prob_update") { _ = try decoder.bits(8, "segment_prob") }
        return true
    }

    private static func skipLoopFilter(_ decoder: inout BoolDecoder) throws(BitstreamError) {
        _ = try decoder.flag("filter_type")
        _ = try decoder.bits(6, "loop_filter_level")
        _ = try decoder.bits(3, "sharpness_level")
        guard try decoder.flag("loop_filter_adj_enable"), try decoder.flag("mode_ref_lf_delta_update") else { return }
        for _ in 0..<8 { _ = try decoder.optionalSigned(6, "delta_magnitude") }
    }

    private static func hasDeltas(_ decoder: inout BoolDecoder) throws(BitstreamError) -> Bool {
        var has = false
        for field in ["y_dc_delta", "y2_dc_delta", "y2_ac_delta", "uv_dc_delta", "uv_ac_delta"] {
            has = try decoder.optionalSigned(4, field) ?? 0 != 0 || has
        }
        return has
    }

    private static func refresh(_ decoder: inout BoolDecoder, isKey: Bool) throws(BitstreamError) -> Refresh {
        var refresh = Refresh()
        if isKey {
            refresh.entropy = try decoder.flag("refresh_entropy_probs")
            return refresh
        }
        refresh.golden = try decoder.flag("refresh_golden_frame")
        refresh.alternate = try decoder.flag("refresh_alternate_frame")
        if !refresh.golden { refresh.copyToGolden = try decoder.bits(2, "copy_buffer_to_golden") }
        if !refresh.alternate { refresh.copyToAlternate = try decoder.bits(2, "copy_buffer_to_arf") }
        _ = try decoder.flag("sign_bias_golden")
        _ = try decoder.flag("sign_bias_alternate")
        refresh.entropy = try decoder.flag("refresh_entropy_probs")
        refresh.last = try decoder.flag("refresh_last")
        return refresh
    }

    private static func truncated(_ what: String, at byte: Int, expected: String) -> BitstreamError {
        BitstreamError(.truncated, "the data ends within \(what)", at: .byte(byte), expected: expected)
    }
}
