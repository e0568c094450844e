public import VideoTypes

/// The VUI parameters of a sequence (H.264 E.1.1, E.2.1). What is not present is `nil`, or false.
public struct VideoUsabilityInformation: Hashable, Sendable {
    /// `aspect_ratio_idc` or `sar_width` and `sar_height`; `nil` also where they mean "unspecified".
    public let pixelAspectRatio: PixelAspectRatio?
    /// `overscan_appropriate_flag`.
    public let overscanAppropriate: Bool?
    /// `video_format`, 5 ("unspecified") where it is not present.
    public let videoFormat: Int
    /// The range and the color description; unspecified and limited where they are not present.
    public let colorSpace: VideoColorSpace
    /// `chroma_sample_loc_type_top_field`.
    public let chromaLocation: ChromaLocation?
    /// The clock of the stream.
    public let timing: Timing?
    /// The decoder model for all NAL units.
    public let nalHRD: HRDParameters?
    /// The decoder model for the slices alone.
    public let vclHRD: HRDParameters?
    /// `low_delay_hrd_flag`.
    public let lowDelayHRD: Bool
    /// `pic_struct_present_flag`.
    public let picStructPresent: Bool
    /// What an encoder promises not to do.
    public let restriction: BitstreamRestriction?

    /// `num_units_in_tick` and what belongs to it. A frame lasts two ticks.
    public struct Timing: Hashable, Sendable {
        /// `num_units_in_tick`.
        public let numUnitsInTick: Int
        /// `time_scale`.
        public let timeScale: Int
        /// `fixed_frame_rate_flag`.
        public let fixedFrameRate: Bool

        /// Frames a second: `time_scale` over twice `num_units_in_tick`; `nil` where that is not a rate.
        public var frameRate: FrameRate? {
            timeScale % 2 == 0 ? FrameRate(timeScale / 2, numUnitsInTick) : FrameRate(timeScale, numUnitsInTick * 2)
        }

        init(reading reader: inout BitReader) throws(BitstreamError) {
            numUnitsInTick = try reader.bits(32, "num_units_in_tick")
            timeScale = try reader.bits(32, "time_scale")
            fixedFrameRate = try reader.flag("fixed_frame_rate_flag")
        }
    }

    init(reading reader: inout BitReader) throws(BitstreamError) {
        pixelAspectRatio = try Self.aspectRatio(&reader)
        let hasOverscan = try reader.flag("overscan_info_present_flag")
        overscanAppropriate = hasOverscan ? try reader.flag("overscan_appropriate_flag") : nil
        (videoFormat, colorSpace) = try Self.videoSignal(&reader)
        chromaLocation = try Self.chromaLocation(&reader)
        timing = try reader.flag("timing_info_present_flag") ? try Timing(reading: &reader) : nil
        nalHRD = try reader.flag("nal_hrd_parameters_present_flag") ? try HRDParameters(reading: &reader) : nil
        vclHRD = try reader.flag("vcl_hrd_parameters_present_flag") ? try HRDParameters(reading: &reader) : nil
        let hasHRD = nalHRD != nil || vclHRD != nil
        lowDelayHRD = hasHRD ? try reader.flag("low_delay_hrd_flag") : false
        picStructPresent = try reader.flag("pic_struct_present_flag")
        let hasRestriction = try reader.flag("bitstream_restriction_flag")
        restriction = hasRestriction ? try BitstreamRestriction(reading: &reader) : nil
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

    private static func videoSignal(_ reader: inout BitReader) throws(BitstreamError) -> (Int, VideoColorSpace) {
        var color = VideoColorSpace.unspecified
        guard try reader.flag("video_signal_type_present_flag") else { return (5, color) }
        let format = try reader.bits(3, "video_format")
        color.fullRange = try reader.flag("video_full_range_flag")
        if try reader.flag("colour_description_present_flag") {
            color.primaries = ColorPrimaries(rawValue: UInt8(try reader.bits(8, "colour_primaries")))
            color.transfer = TransferCharacteristics(rawValue: UInt8(try reader.bits(8, "transfer_characteristics")))
            color.matrix = MatrixCoefficients(rawValue: UInt8(try reader.bits(8, "matrix_coefficients")))
        }
        return (format, color)
    }

    private static func chromaLocation(_ reader: inout BitReader) throws(BitstreamError) -> ChromaLocation? {
        guard try reader.flag("chroma_loc_info_present_flag") else { return nil }
        let top = try reader.ue("chroma_sample_loc_type_top_field", in: 0...5)
        _ = try reader.ue("chroma_sample_loc_type_bottom_field", in: 0...5)
        return ChromaLocation(rawValue: UInt8(top))
    }
}
