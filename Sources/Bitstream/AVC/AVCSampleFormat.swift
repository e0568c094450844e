/// The part of a sequence parameter set that only the High profiles have (H.264 7.3.2.1.1).
package struct AVCSampleFormat: Hashable, Sendable {
    /// `chroma_format_idc`: 0 is monochrome, 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4.
    package let chromaFormatIdc: Int
    /// `separate_colour_plane_flag`: the three planes of 4:4:4 are coded as three monochrome pictures.
    package let separateColorPlanes: Bool
    /// Bits of a luma sample, `8...14`.
    package let bitDepthLuma: Int
    /// Bits of a chroma sample, `8...14`.
    package let bitDepthChroma: Int
    /// `qpprime_y_zero_transform_bypass_flag`: the lowest quantizer is lossless.
    package let transformBypass: Bool
    /// `seq_scaling_matrix_present_flag`.
    package let hasScalingMatrix: Bool

    /// What the profiles have that do not code it: 8-bit 4:2:0.
    package static let `default` = AVCSampleFormat()

    private init() {
        (chromaFormatIdc, bitDepthLuma, bitDepthChroma) = (1, 8, 8)
        (separateColorPlanes, transformBypass, hasScalingMatrix) = (false, false, false)
    }

    init(reading reader: inout BitReader) throws(BitstreamError) {
        chromaFormatIdc = try reader.ue("chroma_format_idc", in: 0...3)
        separateColorPlanes = chromaFormatIdc == 3 ? try reader.flag("separate_colour_plane_flag") : false
        bitDepthLuma = try reader.ue("bit_depth_luma_minus8", in: 0...6) + 8
        bitDepthChroma = try reader.ue("bit_depth_chroma_minus8", in: 0...6) + 8
        transformBypass = try reader.flag("qpprime_y_zero_transform_bypass_flag")
        hasScalingMatrix = try reader.flag("seq_scaling_matrix_present_flag")
        if hasScalingMatrix {
            try ScalingLists.skip(&reader, count: chromaFormatIdc == 3 ? 12 : 8)
        }
    }

    /// Whether sequence parameter sets of a profile have these fields (7.3.2.1.1).
    package static func isCoded(inProfile profileIdc: UInt8) -> Bool {
        [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profileIdc)
    }

    /// `ChromaArrayType` (7.4.2.1.1).
    var chromaArrayType: Int { separateColorPlanes ? 0 : chromaFormatIdc }

    /// `QpBdOffsetY` (7.4.2.1.1): how far the quantizer goes below zero.
    package var quantizerOffset: Int { 6 * (bitDepthLuma - 8) }

    /// Whether streams of a profile may have this format (A.2.1 to A.2.7). Profiles that are not listed are not judged.
    func isAllowed(inProfile profileIdc: UInt8) -> Bool {
        let depth = max(bitDepthLuma, bitDepthChroma)
        switch profileIdc {
        case 66, 77, 88: return self == .default
        case 100: return chromaFormatIdc <= 1 && depth == 8 && !transformBypass
        case 110: return chromaFormatIdc <= 1 && depth <= 10 && !transformBypass
        case 122: return chromaFormatIdc <= 2 && depth <= 10 && !transformBypass
        default: return true
        }
    }
}

/// Scaling lists (H.264 7.3.2.1.1.1), of which only the length matters here.
enum ScalingLists {
    /// Reads over lists with their present flags: the first six of 16 numbers, the others of 64.
    static func skip(_ reader: inout BitReader, count: Int) throws(BitstreamError) {
        for index in 0..<count where try reader.flag("scaling_list_present_flag") {
            try skipList(&reader, size: index < 6 ? 16 : 64)
        }
    }

    private static func skipList(_ reader: inout BitReader, size: Int) throws(BitstreamError) {
        var (last, next) = (8, 8)
        for _ in 0..<size where next != 0 {
            next = (last + (try reader.se("delta_scale", in: -128...127)) + 256) % 256
            last = next == 0 ? last : next
        }
    }
}
