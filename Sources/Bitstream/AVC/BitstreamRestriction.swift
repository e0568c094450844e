/// What an encoder promises not to do (H.264 E.2.1, after `bitstream_restriction_flag`).
package struct BitstreamRestriction: Hashable, Sendable {
    /// `motion_vectors_over_pic_boundaries_flag`.
    package let motionVectorsOverPicBoundaries: Bool
    /// `max_bytes_per_pic_denom`, `0...16`.
    package let maxBytesPerPicDenom: Int
    /// `max_bits_per_mb_denom`, `0...16`.
    package let maxBitsPerMbDenom: Int
    /// `log2_max_mv_length_horizontal`.
    package let log2MaxMvLengthHorizontal: Int
    /// `log2_max_mv_length_vertical`.
    package let log2MaxMvLengthVertical: Int
    /// `max_num_reorder_frames`, at most ``maxDecFrameBuffering``.
    package let maxNumReorderFrames: Int
    /// `max_dec_frame_buffering`, `0...16`.
    package let maxDecFrameBuffering: Int

    init(reading reader: inout BitReader) throws(BitstreamError) {
        motionVectorsOverPicBoundaries = try reader.flag("motion_vectors_over_pic_boundaries_flag")
        maxBytesPerPicDenom = try reader.ue("max_bytes_per_pic_denom", in: 0...16)
        maxBitsPerMbDenom = try reader.ue("max_bits_per_mb_denom", in: 0...16)
        // Old editions allowed 16, later ones 15.
        log2MaxMvLengthHorizontal = try reader.ue("log2_max_mv_length_horizontal", in: 0...16)
        log2MaxMvLengthVertical = try reader.ue("log2_max_mv_length_vertical", in: 0...16)
        let start = reader.bitOffset
        maxNumReorderFrames = try reader.ue("max_num_reorder_frames", in: 0...16)
        maxDecFrameBuffering = try reader.ue("max_dec_frame_buffering", in: 0...16)
        guard maxNumReorderFrames <= maxDecFrameBuffering else {
            throw .outOfRange("max_num_reorder_frames", maxNumReorderFrames, in: 0...maxDecFrameBuffering, at: start)
        }
    }
}
