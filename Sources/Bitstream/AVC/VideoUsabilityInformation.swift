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
        pixelAspectRatio = try reader.pixelAspectRatio()
        let hasOverscan = try reader.flag("overscan_info_present_flag")
        overscanAppropriate = hasOverscan ? try reader.flag("overscan_appropriate_flag") : nil
        (videoFormat, colorSpace) = try reader.videoSignal()
        chromaLocation = try reader.chromaLocation()
        timing = try reader.flag("timing_info_present_flag") ? try Timing(reading: &reader) : nil
        nalHRD = try reader.flag("nal_hrd_parameters_present_flag") ? try HRDParameters(reading: &reader) : nil
        vclHRD = try reader.flag("vcl_hrd_parameters_present_flag") ? try HRDParameters(reading: &reader) : nil
        let hasHRD = nalHRD != nil || vclHRD != nil
        lowDelayHRD = hasHRD ? try reader.flag("low_delay_hrd_flag") : false
        picStructPresent = try reader.flag("pic_struct_present_flag")
        let hasRestriction = try reader.flag("bitstream_restriction_flag")
        restriction = hasRestriction ? try BitstreamRestriction(reading: &reader) : nil
    }
}
