package import VideoTypes

/// `sequence_header_obu()` (AV1 5.5).
package struct AV1SequenceHeader: Hashable, Sendable {
    /// Layers that a decoder may choose, and what they need from the decoder.
    package struct OperatingPoint: Hashable, Sendable {
        /// `operating_point_idc`: a bit for each temporal layer, and from bit 8 on for each spatial one; 0 means all.
        package var idc = 0
        /// `seq_level_idx`, `0...31`.
        package var level = 0
        /// `seq_tier`.
        package var tier = AV1CodecString.Tier.main
        /// `decoder_model_present_for_this_op`.
        package var hasDecoderModel = false
        /// `initial_display_delay_minus_1`, if it is there.
        package var initialDisplayDelayMinus1: Int?
    }

    /// `decoder_model_info()`, the lengths that other syntax elements need.
    struct DecoderModel: Hashable, Sendable {
        let bufferDelayLength: Int
        let bufferRemovalTimeLength: Int
        let framePresentationTimeLength: Int
    }

    /// The lengths of `delta_frame_id_minus_1` and of a frame id.
    struct FrameIDBits: Hashable, Sendable {
        let delta: Int
        let id: Int
    }

    /// The value of a flag for every frame, or that each frame has its own.
    enum PerSequence: Hashable, Sendable {
        case always(Bool)
        case perFrame
    }

    /// `seq_profile`, `0...2`.
    package let profile: Int
    /// `still_picture`.
    package let isStillPicture: Bool
    /// `reduced_still_picture_header`.
    package let hasReducedHeader: Bool
    /// `equal_picture_interval`.
    package let hasEqualPictureInterval: Bool
    /// The operating points, one or more.
    package let operatingPoints: [OperatingPoint]
    /// `max_frame_width_minus_1 + 1`.
    package let maxFrameWidth: Int
    /// `max_frame_height_minus_1 + 1`.
    package let maxFrameHeight: Int
    /// `use_128x128_superblock`.
    package let usesLargeSuperblocks: Bool
    /// `OrderHintBits`; 0 without order hints.
    package let orderHintBits: Int
    /// `enable_superres`.
    package let enablesSuperres: Bool
    /// `color_config()`.
    package let color: AV1ColorConfig
    /// `film_grain_params_present`.
    package let hasFilmGrain: Bool

    let decoderModel: DecoderModel?
    /// The lengths of `frame_width_minus_1` and `frame_height_minus_1`.
    let frameSizeBits: PictureSize
    let frameIDBits: FrameIDBits?
    let screenContentTools: PerSequence
    let integerMotionVectors: PerSequence
    let enablesReferenceMotionVectors: Bool
    /// Where `seq_level_idx` of each operating point is.
    let levelOffsets: [Int]

    /// Reads the payload of a sequence header OBU.
    package init(parsing payload: ArraySlice<UInt8>) throws(BitstreamError) {
        var reader = BitReader(payload)
        profile = try reader.bits(3, "seq_profile")
        guard profile <= 2 else { throw .outOfRange("seq_profile", profile, in: 0...2, at: 0) }
        isStillPicture = try reader.flag("still_picture")
        hasReducedHeader = try reader.flag("reduced_still_picture_header")
        guard isStillPicture || !hasReducedHeader else {
            let what = "reduced_still_picture_header without still_picture"
            throw BitstreamError(.invalid, what, at: .bit(3), expected: "still_picture 1")
        }
        let points = try OperatingPointReader(&reader, isReduced: hasReducedHeader)
        (operatingPoints, levelOffsets) = (points.points, points.levelOffsets)
        (decoderModel, hasEqualPictureInterval) = (points.decoderModel, points.hasEqualPictureInterval)
        let (widthBits, heightBits) = (try reader.bits(4) + 1, try reader.bits(4) + 1)
        frameSizeBits = PictureSize(width: widthBits, height: heightBits)
        maxFrameWidth = try reader.bits(widthBits, "max_frame_width_minus_1") + 1
        maxFrameHeight = try reader.bits(heightBits, "max_frame_height_minus_1") + 1
        frameIDBits = try Self.readFrameIDBits(&reader, isReduced: hasReducedHeader)
        usesLargeSuperblocks = try reader.flag("use_128x128_superblock")
        _ = try reader.bits(2, "enable_filter_intra")
        let tools = try Tools(&reader, isReduced: hasReducedHeader)
        (screenContentTools, integerMotionVectors) = (tools.screenContentTools, tools.integerMotionVectors)
        (orderHintBits, enablesReferenceMotionVectors) = (tools.orderHintBits, tools.enablesReferenceMotionVectors)
        enablesSuperres = try reader.flag("enable_superres")
        _ = try reader.bits(2, "enable_cdef")
        color = try AV1ColorConfig(&reader, profile: profile)
        hasFilmGrain = try reader.flag("film_grain_params_present")
    }

    private static func readFrameIDBits(
        _ reader: inout BitReader,
        isReduced: Bool
    ) throws(BitstreamError) -> FrameIDBits? {
        guard !isReduced, try reader.flag("frame_id_numbers_present_flag") else { return nil }
        let delta = try reader.bits(4, "delta_frame_id_length_minus_2") + 2
        return FrameIDBits(
            delta: delta,
            id: try reader.bits(3, "additional_frame_id_length_minus_1") + delta + 1
        )
    }
}

extension AV1SequenceHeader: CodedSequence {
    /// The largest size of a frame.
    package var croppedSize: PictureSize { PictureSize(width: maxFrameWidth, height: maxFrameHeight) }
    /// The color.
    package var colorSpace: VideoColorSpace { color.colorSpace }
}
