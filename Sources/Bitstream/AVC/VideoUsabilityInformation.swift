package import VideoTypes

/// The VUI parameters of a sequence (H.264 E.1.1, E.2.1). What is not present is `nil`, or false.
package struct VideoUsabilityInformation: Hashable, Sendable {
    /// `aspect_ratio_idc` or `sar_width` and `sar_height`; `nil` also where they mean "unspecified".
    package let pixelAspectRatio: PixelAspectRatio?
    /// `overscan_appropriate_flag`.
    package let overscanAppropriate: Bool?
    /// `video_format`, 5 ("unspecified") where it is not present.
    package let videoFormat: Int
    /// The range and the color description; unspecified and limited where they are not present.
    package let colorSpace: VideoColorSpace
    /// `chroma_sample_loc_type_top_field`.
    package let chromaLocation: ChromaLocation?
    /// The clock of the stream.
    package let timing: Timing?
    /// The decoder model for all NAL units.
    package let nalHRD: HRDParameters?
    /// The decoder model for the slices alone.
    package let vclHRD: HRDParameters?
    /// `low_delay_hrd_flag`.
    package let lowDelayHRD: Bool
    /// `pic_struct_present_flag`.
    package let picStructPresent: Bool
    /// What an encoder promises not to do.
    package let restriction: BitstreamRestriction?

    /// `num_units_in_tick` and what belongs to it. A frame lasts two ticks.
    package struct Timing: Hashable, Sendable {
        /// `num_units_in_tick`.
        package let numUnitsInTick: Int
        /// `time_scale`.
        package let timeScale: Int
        /// `fixed_frame_rate_flag`.
        package let fixedFrameRate: Bool

        /// Frames a second: `time_scale` over twice `num_units_in_tick`; `nil` where that is not a rate.
        package var frameRate: FrameRate? {
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

    /// Reads on to `num_units_in_tick`, in VUI parameters that have it.
    static func skipToTiming(_ reader: inout BitReader) throws(BitstreamError) {
        _ = try reader.pixelAspectRatio()
        if try reader.flag("overscan_info_present_flag") { _ = try reader.flag("overscan_appropriate_flag") }
        _ = try reader.videoSignal()
        _ = try reader.chromaLocation()
        _ = try reader.flag("timing_info_present_flag")
    }
}
