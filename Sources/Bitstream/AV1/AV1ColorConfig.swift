package import VideoTypes

/// `color_config()` (AV1 5.5.2).
package struct AV1ColorConfig: Hashable, Sendable {
    /// `BitDepth`: 8, 10 or 12.
    package let bitDepth: Int
    /// `mono_chrome`.
    package let isMonochrome: Bool
    /// The chroma subsampling; 4:2:0 if monochrome.
    package let chroma: ChromaSubsampling
    /// `chroma_sample_position` (AV1 6.4.2): 0 unknown, 1 vertical, 2 colocated.
    package let chromaSamplePosition: Int
    /// The color description, unspecified where it is not there, and the range.
    package let colorSpace: VideoColorSpace

    init(_ reader: inout BitReader, profile: Int) throws(BitstreamError) {
        bitDepth = try Self.readDepth(&reader, profile: profile)
        isMonochrome = try reader.flag("mono_chrome", if: profile != 1)
        var color = VideoColorSpace.unspecified
        if try reader.flag("color_description_present_flag") {
            color.primaries.rawValue = UInt8(try reader.bits(8, "color_primaries"))
            color.transfer.rawValue = UInt8(try reader.bits(8, "transfer_characteristics"))
            color.matrix.rawValue = UInt8(try reader.bits(8, "matrix_coefficients"))
        }
        if isMonochrome {
            color.fullRange = try reader.flag("color_range")
            (chroma, chromaSamplePosition, colorSpace) = (.yuv420, 0, color)
            return
        }
        // sRGB has no further fields.
        if color.primaries == .bt709, color.transfer == .srgb, color.matrix == .rgb {
            color.fullRange = true
            (chroma, chromaSamplePosition) = (.yuv444, 0)
        } else {
            color.fullRange = try reader.flag("color_range")
            chroma = try Self.readChroma(&reader, profile: profile, bitDepth: bitDepth)
            chromaSamplePosition = try chroma == .yuv420 ? reader.bits(2, "chroma_sample_position") : 0
        }
        colorSpace = color
        _ = try reader.flag("separate_uv_delta_q")
    }

    private static func readDepth(_ reader: inout BitReader, profile: Int) throws(BitstreamError) -> Int {
        guard try reader.flag("high_bitdepth") else { return 8 }
        return try reader.flag("twelve_bit", if: profile == 2) ? 12 : 10
    }

    private static func readChroma(
        _ reader: inout BitReader,
        profile: Int,
        bitDepth: Int
    ) throws(BitstreamError) -> ChromaSubsampling {
        switch (profile, bitDepth) {
        case (0, _): return .yuv420
        case (1, _): return .yuv444
        case (_, 12):
            guard try reader.flag("subsampling_x") else { return .yuv444 }
            return try reader.flag("subsampling_y") ? .yuv420 : .yuv422
        default: return .yuv422
        }
    }
}

extension AV1SequenceHeader {
    /// The codec string of the first operating point, which is the whole stream.
    ///
    /// - Parameter hasFormat: Whether the string includes chroma and color.
    package func codecString(hasFormat: Bool = false) -> AV1CodecString {
        let point = operatingPoints[0]
        let format = AV1CodecString.Format(
            isMonochrome: color.isMonochrome,
            chroma: color.chroma,
            chromaSamplePosition: color.chromaSamplePosition,
            color: color.colorSpace
        )
        return AV1CodecString(
            profile: profile,
            level: point.level,
            tier: point.tier,
            bitDepth: color.bitDepth,
            format: hasFormat ? format : nil
        )
    }
}
