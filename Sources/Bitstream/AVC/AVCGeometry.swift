package import VideoTypes

/// The size of the pictures of a sequence, and which part of them is shown (H.264 7.4.2.1.1).
package struct AVCGeometry: Hashable, Sendable {
    /// `PicWidthInMbs`, `1...4096`.
    package let widthInMacroblocks: Int
    /// `PicHeightInMapUnits`: the frame's height, or the field's height in field coding.
    package let heightInMapUnits: Int
    /// `frame_mbs_only_flag`: neither fields nor field macroblocks are coded.
    package let frameMbsOnly: Bool
    /// `mb_adaptive_frame_field_flag`.
    package let mbAdaptiveFrameField: Bool
    /// `direct_8x8_inference_flag`.
    package let direct8x8Inference: Bool
    /// The edges that are not shown, in luma samples.
    package let crop: Crop

    /// Luma samples that are not shown, along each edge.
    package struct Crop: Hashable, Sendable {
        /// Columns on the left.
        package let left: Int
        /// Columns on the right.
        package let right: Int
        /// Rows at the top.
        package let top: Int
        /// Rows at the bottom.
        package let bottom: Int

        fileprivate static let none = Crop(left: 0, right: 0, top: 0, bottom: 0)
    }

    /// `FrameHeightInMbs`.
    package var heightInMacroblocks: Int { frameMbsOnly ? heightInMapUnits : heightInMapUnits * 2 }

    /// The size that is shown, in luma samples; both sides are 1 or more.
    package var croppedSize: PictureSize {
        PictureSize(
            width: widthInMacroblocks * 16 - crop.left - crop.right,
            height: heightInMacroblocks * 16 - crop.top - crop.bottom
        )
    }

    /// `PicSizeInMapUnits`.
    var sizeInMapUnits: Int { widthInMacroblocks * heightInMapUnits }

    init(reading reader: inout BitReader, sampleFormat: AVCSampleFormat) throws(BitstreamError) {
        // 4096 macroblocks are 65536 samples: more than level 6.2 has, and few enough for safe arithmetic.
        widthInMacroblocks = try reader.ue("pic_width_in_mbs_minus1", in: 0...4095) + 1
        heightInMapUnits = try reader.ue("pic_height_in_map_units_minus1", in: 0...4095) + 1
        frameMbsOnly = try reader.flag("frame_mbs_only_flag")
        mbAdaptiveFrameField = frameMbsOnly ? false : try reader.flag("mb_adaptive_frame_field_flag")
        direct8x8Inference = try reader.flag("direct_8x8_inference_flag")
        let start = reader.bitOffset
        crop = try Self.crop(&reader, format: sampleFormat, frameMbsOnly: frameMbsOnly)
        guard croppedSize.width >= 1, croppedSize.height >= 1 else {
            let what = "frame cropping leaves \(croppedSize)"
            throw BitstreamError(.invalid, what, at: .bit(start), expected: "at least one sample")
        }
    }

    /// Reads the cropping, whose unit depends on the chroma format and on fields (equations 7-19 to 7-22).
    private static func crop(
        _ reader: inout BitReader,
        format: AVCSampleFormat,
        frameMbsOnly: Bool
    ) throws(BitstreamError) -> Crop {
        guard try reader.flag("frame_cropping_flag") else { return .none }
        let columns = [1, 2].contains(format.chromaArrayType) ? 2 : 1
        let rows = (format.chromaArrayType == 1 ? 2 : 1) * (frameMbsOnly ? 1 : 2)
        let allowed = 0...65535
        return Crop(
            left: try reader.ue("frame_crop_left_offset", in: allowed) * columns,
            right: try reader.ue("frame_crop_right_offset", in: allowed) * columns,
            top: try reader.ue("frame_crop_top_offset", in: allowed) * rows,
            bottom: try reader.ue("frame_crop_bottom_offset", in: allowed) * rows
        )
    }
}
