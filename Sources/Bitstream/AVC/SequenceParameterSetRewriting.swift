extension SequenceParameterSet {
    /// The sequence parameter set with another profile, other constraint flags and another level, and, on request, with
    /// permission to drop frames.
    ///
    /// Encoders write the profile that they used, but a codec string promises a certain one. Some profiles have
    /// `chroma_format_idc` and the fields after it, others do not: these fields are added or removed. All other bits stay as
    /// they are. The caller guarantees that the slices and picture parameter sets use only tools of the new profile.
    ///
    /// - Parameters:
    ///   - nalUnit: A sequence parameter set as it is in a stream.
    ///   - profileIdc: The new `profile_idc`.
    ///   - constraints: The new byte of constraint flags.
    ///   - levelIdc: The new `level_idc`.
    ///   - gapsInFrameNumAllowed: The new `gaps_in_frame_num_value_allowed_flag`: whether a decoder is to take frames that
    ///     are missing for dropped on purpose, as those of upper temporal layers are (7.4.2.1.1). `nil`, the default,
    ///     leaves it.
    ///   - fixedFrameRate: The new `fixed_frame_rate_flag`, where there is timing: whether all frames last as long as it tells.
    ///     `nil`, the default, leaves it.
    /// - Returns: The new NAL unit, its emulation prevention redone.
    /// - Throws: Where `nalUnit` cannot be read, or where the new profile does not have its chroma format, bit depth,
    ///   scaling matrix or transform bypass.
    package static func rewriting(
        _ nalUnit: [UInt8],
        profileIdc: UInt8,
        constraints: UInt8,
        levelIdc: UInt8,
        gapsInFrameNumAllowed: Bool? = nil,
        fixedFrameRate: Bool? = nil
    ) throws(BitstreamError) -> [UInt8] {
        let parameters = try SequenceParameterSet(parsing: nalUnit)
        guard parameters.sampleFormat.isAllowed(inProfile: profileIdc) else {
            throw parameters.isNotAllowed(inProfile: profileIdc)
        }
        var reader = BitReader(EmulationPrevention.unescape(nalUnit))
        var writer = BitWriter()
        try writer.copy(8, from: &reader)
        _ = try reader.bits(24, "profile_idc")
        for byte in [profileIdc, constraints, levelIdc] { writer.bits(UInt32(byte), count: 8) }
        writer.ue(UInt32(try reader.ue("seq_parameter_set_id")))
        try rewriteSampleFormat(from: parameters.profileIdc, to: profileIdc, &reader, &writer)
        try rewriteGaps(to: gapsInFrameNumAllowed ?? parameters.gapsInFrameNumAllowed, &reader, &writer)
        if let fixedFrameRate, parameters.vui?.timing != nil {
            try rewriteFixedRate(to: fixedFrameRate, parameters.sampleFormat, &reader, &writer)
        }
        try writer.copy(max(0, reader.payloadEnd - reader.bitOffset), from: &reader)
        writer.trailingBits()
        return EmulationPrevention.escape(writer.bytes)
    }

    private static func rewriteSampleFormat(
        from oldProfile: UInt8,
        to newProfile: UInt8,
        _ reader: inout BitReader,
        _ writer: inout BitWriter
    ) throws(BitstreamError) {
        switch (AVCSampleFormat.isCoded(inProfile: oldProfile), AVCSampleFormat.isCoded(inProfile: newProfile)) {
        case (false, true):
            writer.ue(1)  // chroma_format_idc: 4:2:0
            writer.ue(0)  // bit_depth_luma_minus8
            writer.ue(0)  // bit_depth_chroma_minus8
            writer.flag(false)  // qpprime_y_zero_transform_bypass_flag
            writer.flag(false)  // seq_scaling_matrix_present_flag
        case (true, false):
            _ = try AVCSampleFormat(reading: &reader)
        case (true, true):
            var ahead = reader
            _ = try AVCSampleFormat(reading: &ahead)
            try writer.copy(ahead.bitOffset - reader.bitOffset, from: &reader)
        case (false, false):
            break
        }
    }

    /// Writes what follows the sample format up to `gaps_in_frame_num_value_allowed_flag`, and the flag.
    private static func rewriteGaps(
        to allowed: Bool,
        _ reader: inout BitReader,
        _ writer: inout BitWriter
    ) throws(BitstreamError) {
        var ahead = reader
        _ = try ahead.ue("log2_max_frame_num_minus4")
        _ = try PictureOrderCount(reading: &ahead)
        _ = try ahead.ue("max_num_ref_frames")
        try writer.copy(ahead.bitOffset - reader.bitOffset, from: &reader)
        _ = try reader.flag("gaps_in_frame_num_value_allowed_flag")
        writer.flag(allowed)
    }

    /// Writes what follows that up to `fixed_frame_rate_flag`, and the flag, of VUI parameters with timing.
    private static func rewriteFixedRate(
        to isFixed: Bool,
        _ format: AVCSampleFormat,
        _ reader: inout BitReader,
        _ writer: inout BitWriter
    ) throws(BitstreamError) {
        var ahead = reader
        _ = try AVCGeometry(reading: &ahead, sampleFormat: format)
        _ = try ahead.flag("vui_parameters_present_flag")
        try VideoUsabilityInformation.skipToTiming(&ahead)
        _ = try VideoUsabilityInformation.Timing(reading: &ahead)
        try writer.copy(ahead.bitOffset - 1 - reader.bitOffset, from: &reader)
        _ = try reader.flag("fixed_frame_rate_flag")
        writer.flag(isFixed)
    }

    private func isNotAllowed(inProfile newProfile: UInt8) -> BitstreamError {
        let format = """
            chroma_format_idc \(chromaFormatIdc), \(bitDepthLuma) and \(bitDepthChroma) bits\
            \(sampleFormat.transformBypass ? ", transform bypass" : "")\
            \(sampleFormat.hasScalingMatrix ? ", a scaling matrix" : "")
            """
        let what = "a stream with \(format) cannot have profile_idc \(newProfile)"
        return BitstreamError(.unsupported, what, at: .byte(1), expected: "a profile that supports it")
    }
}
