/// How the bytes of a raw frame are laid out in memory. The names are those of WebCodecs and of `ffmpeg -pix_fmt`.
///
/// Samples of more than 8 bits have two bytes, the low one first.
public enum PixelFormat: String, CaseIterable, Hashable, Sendable {
    case rgba, bgra, rgbx, bgrx, argb, rgb24, bgr24
    case gray8
    case i420, nv12, i422, i444
    case i420p10, i422p10, i444p10, p010
    case i420p12, i422p12, i444p12
    /// `i420` with a full-size plane of transparency after it.
    case i420a

    /// What the bytes of a format mean.
    public enum Components: Hashable, Sendable {
        /// Red, green and blue (and a fourth byte) side by side; the numbers are the bytes' places in a pixel.
        case packedRGB(bytesPerPixel: Int, red: Int, green: Int, blue: Int)
        /// One full-range gray byte a pixel.
        case gray
        /// Three planes: luma, blue-difference and red-difference chroma.
        case planar(ChromaSubsampling)
        /// Two planes: luma, and chroma in pairs.
        case semiPlanar(ChromaSubsampling)
        /// Four planes: those of ``planar(_:)``, and transparency with a sample for each of luma.
        case planarWithAlpha(ChromaSubsampling)
    }

    /// What the bytes mean: the one table of formats.
    public var components: Components {
        switch self {
        case .rgba, .rgbx: .packedRGB(bytesPerPixel: 4, red: 0, green: 1, blue: 2)
        case .bgra, .bgrx: .packedRGB(bytesPerPixel: 4, red: 2, green: 1, blue: 0)
        case .argb: .packedRGB(bytesPerPixel: 4, red: 1, green: 2, blue: 3)
        case .rgb24: .packedRGB(bytesPerPixel: 3, red: 0, green: 1, blue: 2)
        case .bgr24: .packedRGB(bytesPerPixel: 3, red: 2, green: 1, blue: 0)
        case .gray8: .gray
        case .i420, .i420p10, .i420p12: .planar(.yuv420)
        case .i422, .i422p10, .i422p12: .planar(.yuv422)
        case .i444, .i444p10, .i444p12: .planar(.yuv444)
        case .nv12, .p010: .semiPlanar(.yuv420)
        case .i420a: .planarWithAlpha(.yuv420)
        }
    }

    /// Bits of a sample that mean something: the low ones, but for `p010` the high ones of its 16.
    public var bitDepth: Int {
        switch self {
        case .i420p10, .i422p10, .i444p10, .p010: 10
        case .i420p12, .i422p12, .i444p12: 12
        case .rgba, .bgra, .rgbx, .bgrx, .argb, .rgb24, .bgr24, .gray8, .i420, .nv12, .i422, .i444, .i420a: 8
        }
    }

    /// 1 or 2.
    public var bytesPerSample: Int { bitDepth > 8 ? 2 : 1 }

    /// Bits at the low end of a 16-bit sample that mean nothing: 6 for `p010`, whose 10 bits are at the top.
    public var lowZeroBits: Int { self == .p010 ? 6 : 0 }

    /// Whether a pixel says how transparent it is.
    public var hasAlpha: Bool {
        switch self {
        case .rgba, .bgra, .argb, .i420a: true
        default: false
        }
    }

    /// The chroma subsampling of a YUV format; `nil` for RGB and gray, which have yet to become YUV.
    public var chroma: ChromaSubsampling? {
        switch components {
        case .planar(let chroma), .semiPlanar(let chroma), .planarWithAlpha(let chroma): chroma
        case .packedRGB, .gray: nil
        }
    }

    /// The three-plane format with this subsampling and depth.
    ///
    /// - Parameters:
    ///   - chroma: The chroma subsampling.
    ///   - bitDepth: 8, the default, 10 or 12.
    public static func planar(_ chroma: ChromaSubsampling, bitDepth: Int = 8) -> PixelFormat {
        switch (chroma, bitDepth) {
        case (.yuv420, ...8): .i420
        case (.yuv422, ...8): .i422
        case (.yuv444, ...8): .i444
        case (.yuv420, ...10): .i420p10
        case (.yuv422, ...10): .i422p10
        case (.yuv444, ...10): .i444p10
        case (.yuv420, _): .i420p12
        case (.yuv422, _): .i422p12
        case (.yuv444, _): .i444p12
        }
    }
}
