import TestSupport
import Testing

@testable import VideoTypes

@Suite("The table of pixel formats")
struct PixelFormatTests {
    /// What `ffmpeg -pix_fmts` lists of a format.
    private struct Listed {
        let components: Int
        let bitsPerPixel: Int
        let depth: Int
    }

    private func listed() throws -> [String: Listed] {
        let text = try TemporaryFolder().run("ffmpeg", ["-v", "error", "-pix_fmts"]).output
        var formats: [String: Listed] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 5, words[0].count == 5, let components = Int(words[2]), let bits = Int(words[3]) else {
                continue
            }
            let depth = words[4].split(separator: "-").first.flatMap { Int($0) } ?? 0
            formats[words[1]] = Listed(components: components, bitsPerPixel: bits, depth: depth)
        }
        return formats
    }

    @Test("a row of the table of pixel formats has the components, depth and bits that ffmpeg lists for its name")
    func asFFmpegHasThem() throws {
        let formats = try listed()
        for format in PixelFormat.allCases {
            // FFmpeg 5.1 has no floats side by side, and never what is a codec to it or i420 with other planes.
            guard let name = format.ffmpegName, format != .rgbaf32 else {
                #expect([.yv12, .v210, .rgbaf32].contains(format), "\(format)")
                continue
            }
            let own = try #require(formats[name], "\(format)")
            #expect(own.depth == (format.isFloat ? 32 : format.bitDepth), "\(format)")
            #expect(own.components == components(format), "\(format)")
            #expect(own.bitsPerPixel == bitsPerPixel(format) * (format.isFloat ? 2 : 1), "\(format)")
        }
    }

    private func components(_ format: PixelFormat) -> Int {
        if case .gray = format.components { return 1 }
        return format.hasAlpha ? 4 : 3
    }

    /// In a block of 4x4 pixels, so that all subsamplings are whole.
    private func bitsPerPixel(_ format: PixelFormat) -> Int {
        let luma = 16
        guard let chroma = format.chroma else { return components(format) * format.bitDepth }
        let samples = luma + 2 * chroma.chromaWidth(ofLuma: 4) * chroma.chromaHeight(ofLuma: 4)
        return (samples + (format.hasAlpha ? luma : 0)) * format.bitDepth / luma
    }

    @Test("a pixel format is found by its own name and by FFmpeg's, with or without its byte order")
    func names() {
        for format in PixelFormat.allCases {
            #expect(PixelFormat(name: format.rawValue) == format)
            if let name = format.ffmpegName { #expect(PixelFormat(name: name) == format) }
        }
        #expect(PixelFormat(name: "yuv422p10") == .i422p10)
        #expect(PixelFormat(name: "gray") == .gray8)
        #expect(PixelFormat(name: "bgr0") == .bgrx)
        #expect(PixelFormat(name: "rgb565") == nil)
        #expect(PixelFormat.names(near: "yuv420p1").first == "i420")
        #expect(PixelFormat.names(near: "rgb47").first == "rgb48")
    }

    @Test("the planar format of a subsampling and depth is the one with the fewest bits that hold the depth")
    func planar() {
        #expect(PixelFormat.planar(.yuv420) == .i420)
        #expect(PixelFormat.planar(.yuv422, bitDepth: 9) == .i422p10)
        #expect(PixelFormat.planar(.yuv444, bitDepth: 12) == .i444p12)
        #expect(PixelFormat.planar(.yuv420, bitDepth: 16) == .i420p12)
    }

    @Test("Only pixel formats with samples in the high bits of 16 have unused low bits")
    func lowBits() {
        for format in PixelFormat.allCases {
            #expect(format.lowZeroBits == ([.p010, .p210, .p410].contains(format) ? 6 : 0), "\(format)")
        }
    }
}
