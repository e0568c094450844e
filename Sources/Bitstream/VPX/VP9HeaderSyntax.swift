internal import VideoTypes

/// `uncompressed_header()` element by element, in the order and with the names of the VP9 specification, 6.2.
struct VP9HeaderSyntax {
    var existingFrame: Int?
    var profile = 0
    var isKey = false
    var isShown = true
    var isErrorResilient = false
    var isIntraOnly = false
    var color: VP9FrameHeader.ColorConfig?
    var size: PictureSize?
    var sizeReference: Int?
    var renderSize: PictureSize?
    var refreshFrameFlags: UInt8 = 0
    var referenceIndices: [Int] = []
    var quantizerIndex = 0
    var hasQuantizerDeltas = false

    mutating func read(_ reader: inout BitReader) throws(BitstreamError) {
        try readProfile(&reader)
        if try reader.flag("show_existing_frame") {
            existingFrame = try reader.bits(3, "frame_to_show_map_idx")
            return
        }
        isKey = try !reader.flag("frame_type")
        isShown = try reader.flag("show_frame")
        isErrorResilient = try reader.flag("error_resilient_mode")
        if isKey {
            try readKeyFrame(&reader)
        } else {
            isIntraOnly = try isShown ? false : reader.flag("intra_only")
            if !isErrorResilient { _ = try reader.bits(2, "reset_frame_context") }
            try isIntraOnly ? readIntraOnly(&reader) : readInter(&reader)
        }
        if !isErrorResilient {
            _ = try reader.flag("refresh_frame_context")
            _ = try reader.flag("frame_parallel_decoding_mode")
        }
        _ = try reader.bits(2, "frame_context_idx")
        try skipLoopFilter(&reader)
        try readQuantizer(&reader)
    }

    private mutating func readProfile(_ reader: inout BitReader) throws(BitstreamError) {
        let marker = try reader.bits(2, "frame_marker")
        guard marker == 2 else { throw .outOfRange("frame_marker", marker, in: 2...2, at: 0) }
        let low = try reader.bits(1, "profile_low_bit")
        profile = try reader.bits(1, "profile_high_bit") << 1 | low
        if profile == 3 { try reserved(&reader) }
    }

    private mutating func readKeyFrame(_ reader: inout BitReader) throws(BitstreamError) {
        try readSyncCode(&reader)
        color = try colorConfig(&reader)
        try readSize(&reader)
        refreshFrameFlags = 0xFF
    }

    private mutating func readIntraOnly(_ reader: inout BitReader) throws(BitstreamError) {
        try readSyncCode(&reader)
        // Profile 0 leaves it out: it is 8 bit 4:2:0 (7.2).
        color = try profile > 0 ? colorConfig(&reader) : VP9FrameHeader.ColorConfig()
        refreshFrameFlags = UInt8(try reader.bits(8, "refresh_frame_flags"))
        try readSize(&reader)
    }

    private mutating func readInter(_ reader: inout BitReader) throws(BitstreamError) {
        refreshFrameFlags = UInt8(try reader.bits(8, "refresh_frame_flags"))
        for _ in 0..<3 {
            referenceIndices.append(try reader.bits(3, "ref_frame_idx"))
            _ = try reader.flag("ref_frame_sign_bias")
        }
        try readSizeWithReferences(&reader)
        _ = try reader.flag("allow_high_precision_mv")
        if try !reader.flag("is_filter_switchable") { _ = try reader.bits(2, "raw_interpolation_filter") }
    }

    private func readSyncCode(_ reader: inout BitReader) throws(BitstreamError) {
        let start = reader.bitOffset
        guard try reader.bits(24, "frame_sync_code") == 0x498342 else {
            throw BitstreamError(.invalid, "the frame sync code is wrong", at: .bit(start), expected: "49 83 42")
        }
    }

    private func colorConfig(_ reader: inout BitReader) throws(BitstreamError) -> VP9FrameHeader.ColorConfig {
        var color = VP9FrameHeader.ColorConfig()
        if profile >= 2 { color.bitDepth = try reader.flag("ten_or_twelve_bit") ? 12 : 10 }
        color.colorSpace = VP9ColorSpace(rawValue: UInt8(try reader.bits(3, "color_space")))
        if color.colorSpace == .rgb {
            guard profile % 2 == 1 else {
                let what = "RGB in profile \(profile)"
                throw BitstreamError(.invalid, what, at: .bit(reader.bitOffset - 3), expected: "profile 1 or 3")
            }
            (color.fullRange, color.subsamplingX, color.subsamplingY) = (true, false, false)
            try reserved(&reader)
            return color
        }
        color.fullRange = try reader.flag("color_range")
        guard profile % 2 == 1 else { return color }
        color.subsamplingX = try reader.flag("subsampling_x")
        color.subsamplingY = try reader.flag("subsampling_y")
        guard !color.subsamplingX || !color.subsamplingY else {
            let what = "4:2:0 in profile \(profile)"
            throw BitstreamError(.invalid, what, at: .bit(reader.bitOffset - 2), expected: "profile \(profile - 1)")
        }
        try reserved(&reader)
        return color
    }

    private mutating func readSize(_ reader: inout BitReader) throws(BitstreamError) {
        size = try pictureSize(&reader, "frame")
        try readRenderSize(&reader)
    }

    private mutating func readSizeWithReferences(_ reader: inout BitReader) throws(BitstreamError) {
        for index in 0..<3 where try reader.flag("found_ref") {
            sizeReference = index
            return try readRenderSize(&reader)
        }
        try readSize(&reader)
    }

    private mutating func readRenderSize(_ reader: inout BitReader) throws(BitstreamError) {
        guard try reader.flag("render_and_frame_size_different") else { return }
        renderSize = try pictureSize(&reader, "render")
    }

    private func pictureSize(_ reader: inout BitReader, _ name: String) throws(BitstreamError) -> PictureSize {
        let width = try reader.bits(16, "\(name)_width_minus_1") + 1
        return PictureSize(width: width, height: try reader.bits(16, "\(name)_height_minus_1") + 1)
    }

    private func skipLoopFilter(_ reader: inout BitReader) throws(BitstreamError) {
        _ = try reader.bits(6, "loop_filter_level")
        _ = try reader.bits(3, "loop_filter_sharpness")
        guard try reader.flag("loop_filter_delta_enabled"), try reader.flag("loop_filter_delta_update") else { return }
        for _ in 0..<6 where try reader.flag("update_delta") { _ = try reader.bits(7, "loop_filter_delta") }
    }

    private mutating func readQuantizer(_ reader: inout BitReader) throws(BitstreamError) {
        quantizerIndex = try reader.bits(8, "base_q_idx")
        for field in ["delta_q_y_dc", "delta_q_uv_dc", "delta_q_uv_ac"] where try reader.flag("delta_coded") {
            hasQuantizerDeltas = try reader.bits(5, field) >> 1 != 0 || hasQuantizerDeltas
        }
    }

    private func reserved(_ reader: inout BitReader) throws(BitstreamError) {
        let start = reader.bitOffset
        guard try !reader.flag("reserved_zero") else { throw .outOfRange("reserved_zero", 1, in: 0...0, at: start) }
    }
}
