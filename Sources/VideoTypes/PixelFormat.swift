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

    /// What is true of a format: a row of the table.
    fileprivate struct Traits {
        let components: Components
        /// Bits of a sample that mean something.
        var bitDepth = 8
        /// Bits at the low end of a sample that are not used.
        var lowZeroBits = 0
        var hasAlpha = false
        /// FFmpeg's name.
        let ffmpegName: String
    }

    /// The table of formats: everything that depends on the format is a property of its row.
    private var traits: Traits {
        switch self {
        case .rgba: .rgb(4, 0, 1, 2, hasAlpha: true, "rgba")
        case .bgra: .rgb(4, 2, 1, 0, hasAlpha: true, "bgra")
        case .rgbx: .rgb(4, 0, 1, 2, "rgb0")
        case .bgrx: .rgb(4, 2, 1, 0, "bgr0")
        case .argb: .rgb(4, 1, 2, 3, hasAlpha: true, "argb")
        case .rgb24: .rgb(3, 0, 1, 2, "rgb24")
        case .bgr24: .rgb(3, 2, 1, 0, "bgr24")
        case .gray8: Traits(components: .gray, ffmpegName: "gray")
        case .i420: Traits(components: .planar(.yuv420), ffmpegName: "yuv420p")
        case .nv12: Traits(components: .semiPlanar(.yuv420), ffmpegName: "nv12")
        case .i422: Traits(components: .planar(.yuv422), ffmpegName: "yuv422p")
        case .i444: Traits(components: .planar(.yuv444), ffmpegName: "yuv444p")
        case .i420p10: Traits(components: .planar(.yuv420), bitDepth: 10, ffmpegName: "yuv420p10le")
        case .i422p10: Traits(components: .planar(.yuv422), bitDepth: 10, ffmpegName: "yuv422p10le")
        case .i444p10: Traits(components: .planar(.yuv444), bitDepth: 10, ffmpegName: "yuv444p10le")
        case .p010:
            Traits(components: .semiPlanar(.yuv420), bitDepth: 10, lowZeroBits: 6, ffmpegName: "p010le")
        case .i420p12: Traits(components: .planar(.yuv420), bitDepth: 12, ffmpegName: "yuv420p12le")
        case .i422p12: Traits(components: .planar(.yuv422), bitDepth: 12, ffmpegName: "yuv422p12le")
        case .i444p12: Traits(components: .planar(.yuv444), bitDepth: 12, ffmpegName: "yuv444p12le")
        case .i420a: Traits(components: .planarWithAlpha(.yuv420), hasAlpha: true, ffmpegName: "yuva420p")
        }
    }

    /// What the bytes mean.
    public var components: Components { traits.components }

    /// Bits of a sample that mean something: the low ones, but for those above ``lowZeroBits``.
    public var bitDepth: Int { traits.bitDepth }

    /// 1 or 2.
    public var bytesPerSample: Int { bitDepth > 8 ? 2 : 1 }

    /// Bits at the low end of a 16-bit sample that are not used: 6 for `p010`, whose 10 bits are at the top.
    public var lowZeroBits: Int { traits.lowZeroBits }

    /// Whether pixels have transparency.
    public var hasAlpha: Bool { traits.hasAlpha }

    /// FFmpeg's name of the format (`ffmpeg -pix_fmts`).
    package var ffmpegName: String { traits.ffmpegName }

    /// Chroma is one plane, of pairs.
    package var isSemiPlanar: Bool { if case .semiPlanar = components { true } else { false } }

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
        let formats = allCases.filter { $0.components == .planar(chroma) }
        return formats.first { $0.bitDepth >= bitDepth } ?? formats[formats.count - 1]
    }
}

extension PixelFormat.Traits {
    /// Packed RGB: the bytes of a pixel, and where in them the colors are.
    fileprivate static func rgb(
        _ bytes: Int,
        _ red: Int,
        _ green: Int,
        _ blue: Int,
        hasAlpha: Bool = false,
        _ ffmpegName: String
    ) -> Self {
        let components = PixelFormat.Components.packedRGB(bytesPerPixel: bytes, red: red, green: green, blue: blue)
        return Self(components: components, hasAlpha: hasAlpha, ffmpegName: ffmpegName)
    }
}
