package import VideoTypes

/// What the VUI parameters of H.264 (E.1.1) and H.265 (E.2.1) have in common.
extension BitReader {
    /// Table E-1 of both, from `aspect_ratio_idc` 1 on.
    private static let aspectRatios = [
        (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11),
        (80, 33), (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
    ]

    /// `aspect_ratio_info_present_flag` and what it announces; `nil` where that means "unspecified".
    package mutating func pixelAspectRatio() throws(BitstreamError) -> PixelAspectRatio? {
        guard try flag("aspect_ratio_info_present_flag") else { return nil }
        switch try bits(8, "aspect_ratio_idc") {
        case let known where (1...Self.aspectRatios.count).contains(known):
            let (width, height) = Self.aspectRatios[known - 1]
            return PixelAspectRatio(width: width, height: height)
        case 255:
            let width = try bits(16, "sar_width")
            return PixelAspectRatio(width: width, height: try bits(16, "sar_height"))
        default:
            return nil
        }
    }

    /// `video_signal_type_present_flag` and what it announces: `video_format`, 5 ("unspecified") where it is not
    /// present, and the color.
    mutating func videoSignal() throws(BitstreamError) -> (format: Int, color: VideoColorSpace) {
        var color = VideoColorSpace.unspecified
        guard try flag("video_signal_type_present_flag") else { return (5, color) }
        let format = try bits(3, "video_format")
        color.fullRange = try flag("video_full_range_flag")
        if try flag("colour_description_present_flag") {
            color.primaries = ColorPrimaries(rawValue: UInt8(try bits(8, "colour_primaries")))
            color.transfer = TransferCharacteristics(rawValue: UInt8(try bits(8, "transfer_characteristics")))
            color.matrix = MatrixCoefficients(rawValue: UInt8(try bits(8, "matrix_coefficients")))
        }
        return (format, color)
    }

    /// `chroma_loc_info_present_flag` and `chroma_sample_loc_type_top_field`.
    package mutating func chromaLocation() throws(BitstreamError) -> ChromaLocation? {
        guard try flag("chroma_loc_info_present_flag") else { return nil }
        let top = try ue("chroma_sample_loc_type_top_field", in: 0...5)
        _ = try ue("chroma_sample_loc_type_bottom_field", in: 0...5)
        return ChromaLocation(rawValue: UInt8(top))
    }
}
