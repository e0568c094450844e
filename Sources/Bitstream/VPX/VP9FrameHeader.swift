package import VideoTypes

/// The uncompressed header of a VP9 frame, up to the quantizer (VP9 Bitstream & Decoding Process Specification, 6.2, 7.2).
package struct VP9FrameHeader: Hashable, Sendable {
    /// `color_config()`.
    package struct ColorConfig: Hashable, Sendable {
        /// 8, 10 or 12.
        package var bitDepth = 8
        /// `color_space`.
        package var colorSpace = VP9ColorSpace.bt601
        /// `color_range`: samples use every value.
        package var fullRange = false
        /// `subsampling_x`: chroma has half the columns.
        package var subsamplingX = true
        /// `subsampling_y`: chroma has half the rows.
        package var subsamplingY = true

        /// The chroma subsampling; `nil` for 4:4:0.
        package var chroma: ChromaSubsampling? {
            switch (subsamplingX, subsamplingY) {
            case (true, true): .yuv420
            case (true, false): .yuv422
            case (false, false): .yuv444
            case (false, true): nil
            }
        }
    }

    /// `show_existing_frame` with its index: nothing is coded, a frame in a buffer is shown.
    package let existingFrame: Int?
    /// `0...3`.
    package let profile: Int
    /// Whether decoding can start here.
    package let isKey: Bool
    /// `show_frame`.
    package let isShown: Bool
    /// `error_resilient_mode`: the frame depends on no probabilities of frames before it.
    package let isErrorResilient: Bool
    /// `intra_only`.
    package let isIntraOnly: Bool
    /// Depth, chroma and color; `nil` in frames that take them from a key frame.
    package let color: ColorConfig?
    /// The size; `nil` if it is that of a reference.
    package let size: PictureSize?
    /// Which of ``referenceIndices`` has the frame's size (`found_ref`); `nil` if the frame stores its size.
    package let sizeReference: Int?
    /// `render_size()`; `nil` if it is the size.
    package let renderSize: PictureSize?
    /// `refresh_frame_flags`: a bit for each of the eight buffers that the frame replaces.
    package let refreshFrameFlags: UInt8
    /// `ref_frame_idx`: the buffers that the frame predicts from; empty in key and intra-only frames.
    package let referenceIndices: [Int]
    /// `base_q_idx`, `0...255`; 0 if nothing is coded.
    package let quantizerIndex: Int
    /// Whether any of the quantizer's deltas is not zero.
    package let hasQuantizerDeltas: Bool

    /// Reads the header of one frame.
    ///
    /// - Parameter frame: The frame without a superframe's index (``VP9Superframe``), or as much of it as holds the header.
    package init(parsing frame: ArraySlice<UInt8>) throws(BitstreamError) {
        var reader = BitReader(frame)
        var syntax = VP9HeaderSyntax()
        try syntax.read(&reader)
        existingFrame = syntax.existingFrame
        (profile, isKey, isShown) = (syntax.profile, syntax.isKey, syntax.isShown)
        (isErrorResilient, isIntraOnly) = (syntax.isErrorResilient, syntax.isIntraOnly)
        (color, size, renderSize) = (syntax.color, syntax.size, syntax.renderSize)
        sizeReference = syntax.sizeReference
        (refreshFrameFlags, referenceIndices) = (syntax.refreshFrameFlags, syntax.referenceIndices)
        (quantizerIndex, hasQuantizerDeltas) = (syntax.quantizerIndex, syntax.hasQuantizerDeltas)
    }

    /// Neither the quantizer nor anything else loses information (7.2, `Lossless`).
    package var isLossless: Bool { existingFrame == nil && quantizerIndex == 0 && !hasQuantizerDeltas }
}
