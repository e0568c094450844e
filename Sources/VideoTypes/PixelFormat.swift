/// How the bytes of a raw frame stand in memory. The names are those of WebCodecs and of `ffmpeg -pix_fmt`.
public enum PixelFormat: String, CaseIterable, Hashable, Sendable {
    case rgba, bgra, rgbx, bgrx, argb, rgb24, bgr24
    case gray8
    case i420, nv12, i422, i444

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
        case .i420: .planar(.yuv420)
        case .i422: .planar(.yuv422)
        case .i444: .planar(.yuv444)
        case .nv12: .semiPlanar(.yuv420)
        }
    }

    /// The chroma subsampling of a YUV format; `nil` for RGB and gray, which have yet to become YUV.
    public var chroma: ChromaSubsampling? {
        switch components {
        case .planar(let chroma), .semiPlanar(let chroma): chroma
        case .packedRGB, .gray: nil
        }
    }

    /// The three-plane format with this subsampling.
    public static func planar(_ chroma: ChromaSubsampling) -> PixelFormat {
        switch chroma {
        case .yuv420: .i420
        case .yuv422: .i422
        case .yuv444: .i444
        }
    }
}
