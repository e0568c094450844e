public import VideoTypes

/// The lines of a Y4M stream that Sluice writes.
public struct Y4MText: Hashable, Sendable {
    /// The line before each frame.
    public static let frame = Array("FRAME\n".utf8)

    private static let tags: [PixelFormat: String] = [
        .gray8: "mono", .i420: "420", .i422: "422", .i444: "444",
        .i420p10: "420p10", .i422p10: "422p10", .i444p10: "444p10",
        .i420p12: "420p12", .i422p12: "422p12", .i444p12: "444p12",
    ]

    /// The pixel format.
    public var format: PixelFormat
    /// The picture's size.
    public var size: PictureSize
    /// Frames a second.
    public var framerate: FrameRate
    /// Width to height of one sample. The default is square.
    public var pixelAspectRatio = PixelAspectRatio.square
    /// Samples use every value. The default is that they do not.
    public var fullRange = false
    /// Where 4:2:0 chroma is; Y4M stores it only for 8 bits. The default is left.
    public var chromaLocation = ChromaLocation.left

    /// The order of the fields, if the pictures have two. The default is that they have none.
    package var fields = FieldOrder.none

    /// The order of a picture's fields, by its letter in Y4M.
    package enum FieldOrder: Character, Sendable {
        case none = "p"
        case topFirst = "t"
        case bottomFirst = "b"
    }

    /// The values of a stream's first line, with defaults.
    public init(format: PixelFormat, size: PictureSize, framerate: FrameRate) {
        (self.format, self.size, self.framerate) = (format, size, framerate)
    }

    /// Whether Y4M has a format.
    public static func has(_ format: PixelFormat) -> Bool { tags[format] != nil }

    /// The formats that Y4M has, for messages.
    package static var formatNames: String {
        "use " + PixelFormat.allCases.filter(has).map(\.rawValue).joined(separator: ", ")
    }

    /// The stream's first line.
    ///
    /// - Precondition: ``has(_:)``.
    public var header: [UInt8] {
        let rate = "\(framerate.numerator):\(framerate.denominator)"
        let aspect = "\(pixelAspectRatio.width):\(pixelAspectRatio.height)"
        let range = fullRange ? "FULL" : "LIMITED"
        return Array(
            "YUV4MPEG2 W\(size.width) H\(size.height) F\(rate) I\(fields.rawValue) A\(aspect) C\(tag) XCOLORRANGE=\(range)\n"
                .utf8
        )
    }

    private var tag: String {
        guard let tag = Self.tags[format] else { preconditionFailure("Y4M has no \(format.rawValue)") }
        guard format == .i420 else { return tag }
        switch chromaLocation {
        case .left: return "420mpeg2"
        case .topLeft: return "420paldv"
        default: return "420jpeg"
        }
    }

    /// The stream's first line, for a format of planes that Y4M has; `nil` for the others.
    ///
    /// - Parameters:
    ///   - format: The pixel format.
    ///   - size: The picture's size.
    ///   - framerate: Frames a second.
    public static func header(format: PixelFormat, size: PictureSize, framerate: FrameRate) -> [UInt8]? {
        guard has(format), format != .gray8 else { return nil }
        return Y4MText(format: format, size: size, framerate: framerate).header
    }
}
