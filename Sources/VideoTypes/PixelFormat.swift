/// How the bytes of a raw frame are laid out in memory. The names are those of WebCodecs and of `ffmpeg -pix_fmt`.
///
/// Samples of more than 8 bits have two bytes, and floats four, the low one first. Names of FFmpeg's are taken as well
/// (``init(name:)``).
public enum PixelFormat: String, CaseIterable, Hashable, Sendable {
    case rgba, bgra, rgbx, bgrx, argb, abgr, xrgb, xbgr, rgb24, bgr24
    case rgb48, bgr48, rgba64, bgra64, x2rgb10, x2bgr10, rgbaf32
    case gbrp, gbrp10, gbrp12, gbrp16, gbrap, gbrpf32, gbrapf32
    case gray8, gray10, gray12, gray16
    case i420, yv12, nv12, nv21, i422, nv16, yuyv422, uyvy422, i444, nv24
    case i420p10, p010, i422p10, p210, v210, i444p10, p410
    case i420p12, i422p12, i444p12
    case p216, p416
    /// `i420` with a full-size plane of transparency after it.
    case i420a
    /// `i444` with a plane of transparency after it.
    case i444a

    /// What the bytes of a format mean.
    public enum Components: Hashable, Sendable {
        /// Red, green and blue (and a fourth byte) side by side; the numbers are the bytes' places in a pixel.
        case packedRGB(bytesPerPixel: Int, red: Int, green: Int, blue: Int)
        /// Red, green and blue in another way: samples of more than 8 bits, or a plane for each.
        case deepRGB(DeepRGB)
        /// One full-range gray sample a pixel.
        case gray
        /// Three planes: luma, blue-difference and red-difference chroma.
        case planar(ChromaSubsampling)
        /// Two planes: luma, and chroma in pairs.
        case semiPlanar(ChromaSubsampling)
        /// Four planes: those of ``planar(_:)``, and transparency with a sample for each of luma.
        case planarWithAlpha(ChromaSubsampling)
        /// Luma and chroma of 4:2:2 side by side, in one plane.
        case packedYUV(PackedYUV)
    }

    /// The arrangement of red, green and blue that are not 8-bit samples side by side.
    public enum DeepRGB: Hashable, Sendable {
        /// Side by side; the numbers are the samples' places in a pixel of three or four. The fourth is alpha, and is the last.
        case samples(perPixel: Int, red: Int, green: Int, blue: Int)
        /// In a word of four bytes; the numbers are the lowest bit of each.
        case bits(red: Int, green: Int, blue: Int)
        /// Planes of green, blue and red, and of alpha after them if the format has it.
        case planes
    }

    /// The arrangement of 4:2:2 in one plane.
    public enum PackedYUV: Hashable, Sendable {
        /// Two pixels in four bytes: luma is in the even ones.
        case lumaFirst
        /// Two pixels in four bytes: luma is in the odd ones.
        case chromaFirst
        /// Six pixels in 16 bytes, three samples of 10 bits in each word of four; rows are a multiple of 128 bytes
        /// (QuickTime's and DeckLink's `v210`).
        case v210
    }

    /// What is true of a format: a row of the table.
    fileprivate struct Traits {
        let components: Components
        /// Bits of a sample that mean something.
        var bitDepth = 8
        /// Bits at the low end of a sample that are not used.
        var lowZeroBits = 0
        var hasAlpha = false
        var isFloat = false
        /// Red-difference chroma comes before the blue-difference one.
        var swapsChroma = false
        /// FFmpeg's name; `nil` where it has none.
        let ffmpegName: String?
    }

    /// The table of formats: everything that depends on the format is a property of its row.
    private var traits: Traits {
        switch self {
        case .rgba: .rgb(4, 0, 1, 2, hasAlpha: true, "rgba")
        case .bgra: .rgb(4, 2, 1, 0, hasAlpha: true, "bgra")
        case .rgbx: .rgb(4, 0, 1, 2, "rgb0")
        case .bgrx: .rgb(4, 2, 1, 0, "bgr0")
        case .argb: .rgb(4, 1, 2, 3, hasAlpha: true, "argb")
        case .abgr: .rgb(4, 3, 2, 1, hasAlpha: true, "abgr")
        case .xrgb: .rgb(4, 1, 2, 3, "0rgb")
        case .xbgr: .rgb(4, 3, 2, 1, "0bgr")
        case .rgb24: .rgb(3, 0, 1, 2, "rgb24")
        case .bgr24: .rgb(3, 2, 1, 0, "bgr24")
        case .rgb48: .deep(.samples(perPixel: 3, red: 0, green: 1, blue: 2), 16, "rgb48le")
        case .bgr48: .deep(.samples(perPixel: 3, red: 2, green: 1, blue: 0), 16, "bgr48le")
        case .rgba64: .deep(.samples(perPixel: 4, red: 0, green: 1, blue: 2), 16, hasAlpha: true, "rgba64le")
        case .bgra64: .deep(.samples(perPixel: 4, red: 2, green: 1, blue: 0), 16, hasAlpha: true, "bgra64le")
        case .x2rgb10: .deep(.bits(red: 20, green: 10, blue: 0), 10, "x2rgb10le")
        case .x2bgr10: .deep(.bits(red: 0, green: 10, blue: 20), 10, "x2bgr10le")
        case .rgbaf32: .float(.samples(perPixel: 4, red: 0, green: 1, blue: 2), hasAlpha: true, "rgbaf32le")
        case .gbrp: .deep(.planes, 8, "gbrp")
        case .gbrp10: .deep(.planes, 10, "gbrp10le")
        case .gbrp12: .deep(.planes, 12, "gbrp12le")
        case .gbrp16: .deep(.planes, 16, "gbrp16le")
        case .gbrap: .deep(.planes, 8, hasAlpha: true, "gbrap")
        case .gbrpf32: .float(.planes, "gbrpf32le")
        case .gbrapf32: .float(.planes, hasAlpha: true, "gbrapf32le")
        case .gray8: Traits(components: .gray, ffmpegName: "gray")
        case .gray10: Traits(components: .gray, bitDepth: 10, ffmpegName: "gray10le")
        case .gray12: Traits(components: .gray, bitDepth: 12, ffmpegName: "gray12le")
        case .gray16: Traits(components: .gray, bitDepth: 16, ffmpegName: "gray16le")
        case .i420: Traits(components: .planar(.yuv420), ffmpegName: "yuv420p")
        case .yv12: Traits(components: .planar(.yuv420), swapsChroma: true, ffmpegName: nil)
        case .nv12: Traits(components: .semiPlanar(.yuv420), ffmpegName: "nv12")
        case .nv21: Traits(components: .semiPlanar(.yuv420), swapsChroma: true, ffmpegName: "nv21")
        case .i422: Traits(components: .planar(.yuv422), ffmpegName: "yuv422p")
        case .nv16: Traits(components: .semiPlanar(.yuv422), ffmpegName: "nv16")
        case .yuyv422: Traits(components: .packedYUV(.lumaFirst), ffmpegName: "yuyv422")
        case .uyvy422: Traits(components: .packedYUV(.chromaFirst), ffmpegName: "uyvy422")
        case .i444: Traits(components: .planar(.yuv444), ffmpegName: "yuv444p")
        case .nv24: Traits(components: .semiPlanar(.yuv444), ffmpegName: "nv24")
        case .i420p10: Traits(components: .planar(.yuv420), bitDepth: 10, ffmpegName: "yuv420p10le")
        case .p010: .highBits(.yuv420, 10, "p010le")
        case .i422p10: Traits(components: .planar(.yuv422), bitDepth: 10, ffmpegName: "yuv422p10le")
        case .p210: .highBits(.yuv422, 10, "p210le")
        case .v210: Traits(components: .packedYUV(.v210), bitDepth: 10, ffmpegName: nil)
        case .i444p10: Traits(components: .planar(.yuv444), bitDepth: 10, ffmpegName: "yuv444p10le")
        case .p410: .highBits(.yuv444, 10, "p410le")
        case .i420p12: Traits(components: .planar(.yuv420), bitDepth: 12, ffmpegName: "yuv420p12le")
        case .i422p12: Traits(components: .planar(.yuv422), bitDepth: 12, ffmpegName: "yuv422p12le")
        case .i444p12: Traits(components: .planar(.yuv444), bitDepth: 12, ffmpegName: "yuv444p12le")
        case .p216: .highBits(.yuv422, 16, "p216le")
        case .p416: .highBits(.yuv444, 16, "p416le")
        case .i420a: Traits(components: .planarWithAlpha(.yuv420), hasAlpha: true, ffmpegName: "yuva420p")
        case .i444a: Traits(components: .planarWithAlpha(.yuv444), hasAlpha: true, ffmpegName: "yuva444p")
        }
    }

    /// What the bytes mean.
    public var components: Components { traits.components }

    /// Bits of a sample that mean something: the low ones, but for those above ``lowZeroBits``. Of floats, 16.
    public var bitDepth: Int { traits.bitDepth }

    /// 1, 2 or, of floats and of words that hold three samples, 4.
    public var bytesPerSample: Int {
        switch components {
        case .deepRGB(.bits), .packedYUV(.v210): 4
        default: isFloat ? 4 : bitDepth > 8 ? 2 : 1
        }
    }

    /// Bits at the low end of a 16-bit sample that are not used: 6 for `p010`, whose 10 bits are at the top.
    public var lowZeroBits: Int { traits.lowZeroBits }

    /// Whether pixels have transparency.
    public var hasAlpha: Bool { traits.hasAlpha }

    /// Whether samples are floats of four bytes, from 0 for black to 1.
    public var isFloat: Bool { traits.isFloat }

    /// FFmpeg's name of the format (`ffmpeg -pix_fmts`); `nil` for what it has no pixel format for.
    package var ffmpegName: String? { traits.ffmpegName }

    /// Red-difference chroma comes before the blue-difference one.
    package var swapsChroma: Bool { traits.swapsChroma }

    /// Chroma is one plane, of pairs.
    package var isSemiPlanar: Bool { if case .semiPlanar = components { true } else { false } }

    /// One sample a pixel.
    package var isGray: Bool { components == .gray }

    /// Red, green and blue, in whatever way.
    package var isRGB: Bool {
        switch components {
        case .packedRGB, .deepRGB: true
        default: false
        }
    }

    /// The chroma subsampling of a YUV format; `nil` for RGB and gray, which have yet to become YUV.
    public var chroma: ChromaSubsampling? {
        switch components {
        case .planar(let chroma), .semiPlanar(let chroma), .planarWithAlpha(let chroma): chroma
        case .packedYUV: .yuv422
        case .packedRGB, .deepRGB, .gray: nil
        }
    }

    /// The three-plane format with this subsampling and depth.
    ///
    /// - Parameters:
    ///   - chroma: The chroma subsampling.
    ///   - bitDepth: 8, the default, 10 or 12.
    public static func planar(_ chroma: ChromaSubsampling, bitDepth: Int = 8) -> PixelFormat {
        let formats = allCases.filter { $0.components == .planar(chroma) && !$0.swapsChroma }
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

    /// RGB in another way.
    fileprivate static func deep(
        _ arrangement: PixelFormat.DeepRGB,
        _ bitDepth: Int,
        hasAlpha: Bool = false,
        _ ffmpegName: String
    ) -> Self {
        Self(components: .deepRGB(arrangement), bitDepth: bitDepth, hasAlpha: hasAlpha, ffmpegName: ffmpegName)
    }

    /// RGB in floats, which no encoder keeps all bits of.
    fileprivate static func float(
        _ arrangement: PixelFormat.DeepRGB,
        hasAlpha: Bool = false,
        _ ffmpegName: String
    ) -> Self {
        var traits = deep(arrangement, 16, hasAlpha: hasAlpha, ffmpegName)
        traits.isFloat = true
        return traits
    }

    /// Chroma in pairs, and samples in the high bits of two bytes.
    fileprivate static func highBits(_ chroma: ChromaSubsampling, _ bitDepth: Int, _ ffmpegName: String) -> Self {
        Self(
            components: .semiPlanar(chroma),
            bitDepth: bitDepth,
            lowZeroBits: 16 - bitDepth,
            ffmpegName: ffmpegName
        )
    }
}
