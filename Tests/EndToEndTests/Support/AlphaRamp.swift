import Testing

/// Pictures whose alpha has every value.
enum AlphaRamp {
    /// Gives pictures with alpha that of their places and numbers, in ffmpeg's words.
    static let filter = "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='mod(X*4+N*9,256)'"

    /// The alpha of frames of 4:2:0 of 8 bits.
    static func planes(_ bytes: [UInt8], of size: String) -> [UInt8] {
        let sides = size.split(separator: "x").compactMap { Int($0) }
        let luma = sides[0] * sides[1]
        let colors = luma + 2 * ((sides[0] + 1) / 2) * ((sides[1] + 1) / 2)
        return stride(from: 0, to: bytes.count, by: colors + luma).flatMap { bytes[$0 + colors..<$0 + colors + luma] }
    }
}

extension TemporaryFolder {
    /// What ffmpeg decodes of VP8 or VP9 with alpha, in 4:2:0.
    func decodeAlpha(_ name: String, _ decoder: String = "libvpx-vp9") throws -> [UInt8] {
        let script = "ffmpeg -v error -c:v \(decoder) -i \(name) -fps_mode passthrough -f rawvideo -pix_fmt yuva420p -"
        return Array(try succeed(script).output)
    }
}
