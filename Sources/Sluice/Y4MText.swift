/// The lines of a Y4M stream that Sluice writes.
public enum Y4MText {
    /// The line before each frame.
    public static let frame = Array("FRAME\n".utf8)

    /// The stream's first line, for a format that Y4M has; `nil` for the others.
    ///
    /// - Parameters:
    ///   - format: The pixel format.
    ///   - size: The picture's size.
    ///   - framerate: Frames a second.
    public static func header(format: PixelFormat, size: PictureSize, framerate: FrameRate) -> [UInt8]? {
        let tags: [PixelFormat: String] = [
            .i420: "420mpeg2", .i422: "422", .i444: "444",
            .i420p10: "420p10", .i422p10: "422p10", .i444p10: "444p10",
            .i420p12: "420p12", .i422p12: "422p12", .i444p12: "444p12",
        ]
        guard let tag = tags[format] else { return nil }
        let rate = "\(framerate.numerator):\(framerate.denominator)"
        return Array("YUV4MPEG2 W\(size.width) H\(size.height) F\(rate) Ip A1:1 C\(tag) XCOLORRANGE=LIMITED\n".utf8)
    }
}
