import Testing

/// The pixel formats that sluice takes, with what ffmpeg calls them.
struct RawFormat: CustomTestStringConvertible, Sendable {
    let name: String
    let ffmpeg: String
    let isRGB: Bool
    /// Bytes of a 4x4 block, for sizes.
    let bytesOf16Pixels: Int

    var testDescription: String { name }

    static let all: [RawFormat] = [
        RawFormat(name: "rgba", ffmpeg: "rgba", isRGB: true, bytesOf16Pixels: 64),
        RawFormat(name: "bgra", ffmpeg: "bgra", isRGB: true, bytesOf16Pixels: 64),
        RawFormat(name: "rgbx", ffmpeg: "rgb0", isRGB: true, bytesOf16Pixels: 64),
        RawFormat(name: "bgrx", ffmpeg: "bgr0", isRGB: true, bytesOf16Pixels: 64),
        RawFormat(name: "argb", ffmpeg: "argb", isRGB: true, bytesOf16Pixels: 64),
        RawFormat(name: "rgb24", ffmpeg: "rgb24", isRGB: true, bytesOf16Pixels: 48),
        RawFormat(name: "bgr24", ffmpeg: "bgr24", isRGB: true, bytesOf16Pixels: 48),
        RawFormat(name: "gray8", ffmpeg: "gray", isRGB: false, bytesOf16Pixels: 16),
        RawFormat(name: "i420", ffmpeg: "yuv420p", isRGB: false, bytesOf16Pixels: 24),
        RawFormat(name: "nv12", ffmpeg: "nv12", isRGB: false, bytesOf16Pixels: 24),
        RawFormat(name: "i422", ffmpeg: "yuv422p", isRGB: false, bytesOf16Pixels: 32),
        RawFormat(name: "i444", ffmpeg: "yuv444p", isRGB: false, bytesOf16Pixels: 48),
    ]

    static let rgb = all.filter(\.isRGB)
}
