internal import VideoTypes

// The parts of sequence_header_obu() that only other syntax elements need.

/// `timing_info()`, `decoder_model_info()` and the operating points (AV1 5.5.1, 5.5.3 to 5.5.5).
struct OperatingPointReader {
    private(set) var points: [AV1SequenceHeader.OperatingPoint] = []
    private(set) var levelOffsets: [Int] = []
    private(set) var decoderModel: AV1SequenceHeader.DecoderModel?
    private(set) var hasEqualPictureInterval = false

    init(_ reader: inout BitReader, isReduced: Bool) throws(BitstreamError) {
        guard !isReduced else {
            levelOffsets = [reader.bitOffset]
            points = [.init(level: try reader.bits(5, "seq_level_idx"))]
            return
        }
        if try reader.flag("timing_info_present_flag") { try readTiming(&reader) }
        let hasDisplayDelay = try reader.flag("initial_display_delay_present_flag")
        let count = try reader.bits(5, "operating_points_cnt_minus_1") + 1
        for _ in 0..<count { try readPoint(&reader, hasDisplayDelay: hasDisplayDelay) }
    }

    private mutating func readTiming(_ reader: inout BitReader) throws(BitstreamError) {
        _ = try reader.bits(32, "num_units_in_display_tick")
        _ = try reader.bits(32, "time_scale")
        hasEqualPictureInterval = try reader.flag("equal_picture_interval")
        if hasEqualPictureInterval { try reader.skipUVLC("num_ticks_per_picture_minus_1") }
        guard try reader.flag("decoder_model_info_present_flag") else { return }
        let delay = try reader.bits(5, "buffer_delay_length_minus_1") + 1
        _ = try reader.bits(32, "num_units_in_decoding_tick")
        decoderModel = AV1SequenceHeader.DecoderModel(
            bufferDelayLength: delay,
            bufferRemovalTimeLength: try reader.bits(5, "buffer_removal_time_length_minus_1") + 1,
            framePresentationTimeLength: try reader.bits(5, "frame_presentation_time_length_minus_1") + 1
        )
    }

    private mutating func readPoint(
        _ reader: inout BitReader,
        hasDisplayDelay: Bool
    ) throws(BitstreamError) {
        var point = AV1SequenceHeader.OperatingPoint()
        point.idc = try reader.bits(12, "operating_point_idc")
        levelOffsets.append(reader.bitOffset)
        point.level = try reader.bits(5, "seq_level_idx")
        if point.level > 7, try reader.flag("seq_tier") { point.tier = .high }
        if let decoderModel, try reader.flag("decoder_model_present_for_this_op") {
            point.hasDecoderModel = true
            _ = try reader.bits(decoderModel.bufferDelayLength, "decoder_buffer_delay")
            _ = try reader.bits(decoderModel.bufferDelayLength, "encoder_buffer_delay")
            _ = try reader.flag("low_delay_mode_flag")
        }
        if hasDisplayDelay, try reader.flag("initial_display_delay_present_for_this_op") {
            point.initialDisplayDelayMinus1 = try reader.bits(4, "initial_display_delay_minus_1")
        }
        points.append(point)
    }
}

extension AV1SequenceHeader {
    /// The coding tools between the superblock's size and superres.
    package struct Tools {
        private(set) var screenContentTools = PerSequence.perFrame
        private(set) var integerMotionVectors = PerSequence.perFrame
        package private(set) var orderHintBits = 0
        private(set) var enablesReferenceMotionVectors = false

        package init(_ reader: inout BitReader, isReduced: Bool) throws(BitstreamError) {
            guard !isReduced else { return }
            _ = try reader.bits(4, "enable_interintra_compound")
            let hasOrderHint = try reader.flag("enable_order_hint")
            if hasOrderHint {
                _ = try reader.flag("enable_jnt_comp")
                enablesReferenceMotionVectors = try reader.flag("enable_ref_frame_mvs")
            }
            screenContentTools = try reader.perSequence("seq_choose_screen_content_tools")
            if screenContentTools != .always(false) {
                integerMotionVectors = try reader.perSequence("seq_choose_integer_mv")
            }
            if hasOrderHint { orderHintBits = try reader.bits(3, "order_hint_bits_minus_1") + 1 }
        }
    }
}

extension BitReader {
    /// A choice that is left to each frame, or made with the next bit.
    fileprivate mutating func perSequence(
        _ field: String
    ) throws(BitstreamError) -> AV1SequenceHeader.PerSequence {
        try flag(field) ? .perFrame : .always(try flag(field))
    }

    /// `uvlc()` (AV1 4.10.3), whose value is not used.
    fileprivate mutating func skipUVLC(_ field: String) throws(BitstreamError) {
        var zeros = 0
        while try !flag(field) { zeros += 1 }
        if zeros < 32 { _ = try bits(zeros, field) }
    }

    /// A flag that is there under a condition; not set where it is not.
    package mutating func flag(_ field: String, if condition: Bool) throws(BitstreamError) -> Bool {
        guard condition else { return false }
        return try flag(field)
    }

    /// `ns(n)` (AV1 4.10.7): a number below `count`.
    mutating func nonSymmetric(_ count: Int, _ field: String) throws(BitstreamError) -> Int {
        guard count > 1 else { return 0 }
        let width = Int.bitWidth - count.leadingZeroBitCount
        let short = 1 << width - count
        let value = try bits(width - 1, field)
        guard value >= short else { return value }
        return value << 1 - short + (try bits(1, field))
    }
}
