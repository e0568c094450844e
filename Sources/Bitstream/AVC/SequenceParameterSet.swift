package import VideoTypes

/// A sequence parameter set (H.264 7.3.2.1.1), without the scaling lists' values.
package struct SequenceParameterSet: Hashable, Sendable {
    /// `profile_idc`.
    package let profileIdc: UInt8
    /// The byte of `constraint_set0_flag` (its highest bit) to `constraint_set5_flag` and two reserved zero bits.
    package let constraints: UInt8
    /// `level_idc`.
    package let levelIdc: UInt8
    /// `seq_parameter_set_id`, `0...31`.
    package let id: Int
    /// Chroma format and bit depths.
    package let sampleFormat: AVCSampleFormat
    /// `log2_max_frame_num_minus4` plus 4: the bits of a slice's `frame_num`.
    package let log2MaxFrameNum: Int
    /// How slices store their picture's place in output order.
    package let pictureOrderCount: PictureOrderCount
    /// `max_num_ref_frames`.
    package let maxNumRefFrames: Int
    /// `gaps_in_frame_num_value_allowed_flag`.
    package let gapsInFrameNumAllowed: Bool
    /// The size in macroblocks, the cropping, and whether there are fields.
    package let geometry: AVCGeometry
    /// The VUI parameters (annex E), where they are present.
    package let vui: VideoUsabilityInformation?

    /// Reads a sequence parameter set.
    ///
    /// - Parameter nalUnit: The NAL unit as it is in a stream, from its header byte on.
    package init(parsing nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        _ = try NALUnitHeader(of: nalUnit, expecting: .sequenceParameterSet, "a sequence parameter set")
        var reader = BitReader(EmulationPrevention.unescape(nalUnit))
        _ = try reader.bits(8, "nal_unit_header")
        profileIdc = UInt8(try reader.bits(8, "profile_idc"))
        constraints = UInt8(try reader.bits(8, "constraint_set_flags"))
        levelIdc = UInt8(try reader.bits(8, "level_idc"))
        id = try reader.ue("seq_parameter_set_id", in: 0...31)
        let hasFormat = AVCSampleFormat.isCoded(inProfile: profileIdc)
        sampleFormat = hasFormat ? try AVCSampleFormat(reading: &reader) : .default
        log2MaxFrameNum = try reader.ue("log2_max_frame_num_minus4", in: 0...12) + 4
        pictureOrderCount = try PictureOrderCount(reading: &reader)
        maxNumRefFrames = try reader.ue("max_num_ref_frames", in: 0...16)
        gapsInFrameNumAllowed = try reader.flag("gaps_in_frame_num_value_allowed_flag")
        geometry = try AVCGeometry(reading: &reader, sampleFormat: sampleFormat)
        let hasVUI = try reader.flag("vui_parameters_present_flag")
        vui = hasVUI ? try VideoUsabilityInformation(reading: &reader) : nil
    }

    /// Reads a sequence parameter set.
    package init(parsing nalUnit: [UInt8]) throws(BitstreamError) { try self.init(parsing: nalUnit[...]) }
}

extension SequenceParameterSet: CodedSequence {
    /// `chroma_format_idc`: 0 is monochrome, 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4.
    package var chromaFormatIdc: Int { sampleFormat.chromaFormatIdc }
    /// Bits of a luma sample, `8...14`.
    package var bitDepthLuma: Int { sampleFormat.bitDepthLuma }
    /// Bits of a chroma sample, `8...14`.
    package var bitDepthChroma: Int { sampleFormat.bitDepthChroma }
    /// Whether every picture is a frame.
    package var frameMbsOnly: Bool { geometry.frameMbsOnly }
    /// `PicWidthInMbs`.
    package var widthInMacroblocks: Int { geometry.widthInMacroblocks }
    /// `FrameHeightInMbs`.
    package var heightInMacroblocks: Int { geometry.heightInMacroblocks }
    /// The size that is shown, in luma samples.
    package var croppedSize: PictureSize { geometry.croppedSize }
    /// The color; unspecified and limited range where the stream does not specify it.
    package var colorSpace: VideoColorSpace { vui?.colorSpace ?? .unspecified }
    /// That of the VUI parameters.
    package var storedAspectRatio: PixelAspectRatio? { pixelAspectRatio }
    /// The shape of a sample; square where the stream does not specify it.
    package var pixelAspectRatio: PixelAspectRatio { vui?.pixelAspectRatio ?? .square }
    /// Where a 4:2:0 chroma sample is; left if the stream does not specify it (E.2.1).
    package var chromaLocation: ChromaLocation { vui?.chromaLocation ?? .left }
    /// `max_num_reorder_frames`; `nil` where the stream does not specify it.
    package var maxNumReorderFrames: Int? { vui?.restriction?.maxNumReorderFrames }
    /// `max_dec_frame_buffering`; `nil` where the stream does not specify it.
    package var maxDecFrameBuffering: Int? { vui?.restriction?.maxDecFrameBuffering }
    /// Whether there is a decoder model for the NAL units or for the slices.
    package var hasHRD: Bool { vui?.nalHRD != nil || vui?.vclHRD != nil }
    /// The codec string of a stream with this parameter set.
    package var codecString: AVCCodecString {
        AVCCodecString(profileIdc: profileIdc, constraints: constraints, levelIdc: levelIdc)
    }
}
