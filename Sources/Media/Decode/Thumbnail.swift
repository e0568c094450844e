internal import EncoderCore
internal import Encoders
internal import Ingest
internal import LibAV
public import SystemPackage
public import VideoTypes

/// A small picture of a stream's first frame, for people.
public struct Thumbnail: Sendable {
    /// The JPEG.
    public let jpeg: [UInt8]
    /// Its size.
    public let size: PictureSize

    /// Decodes the first frame of a stream and makes it small, on threads that confine themselves.
    ///
    /// - Parameters:
    ///   - path: The stream.
    ///   - largest: What it has to fit into, in its own shape.
    /// - Returns: `nil` without a frame that can be shown.
    @available(*, noasync, message: "blocks the calling thread")
    public static func firstFrame(of path: FilePath, fitting largest: PictureSize) -> Thumbnail? {
        try? ConfinedThread.run(reading: path) { unconfined(of: path, fitting: largest) }
    }

    private static func unconfined(of path: FilePath, fitting largest: PictureSize) -> Thumbnail? {
        let options = DecoderOptions(outputFormat: .rgb24, threads: 1)
        guard let media = try? DecodedMedia(opening: .path(path), options: options) else { return nil }
        defer { media.stop() }
        guard let first = try? media.next() else { return nil }
        return try? Thumbnail(first, fitting: largest)
    }

    private init(_ decoded: consuming DecodedFrame, fitting largest: PictureSize) throws {
        let shown = decoded.frame.size.displayed(with: decoded.pixelAspectRatio, orientation: .upright)
        let scale = min(1, Double(largest.width) / Double(shown.width), Double(largest.height) / Double(shown.height))
        func even(_ side: Int) -> Int { max(2, Int((Double(side) * scale / 2).rounded()) * 2) }
        size = PictureSize(width: even(shown.width), height: even(shown.height))
        guard let layout = PictureLayout(format: .i420, size: size) else { throw FrameError.invalidSize(size) }
        // What JFIF has: BT.601 in full range.
        var color = VideoColorSpace.bt709
        (color.matrix, color.fullRange) = (.smpte170m, true)
        var scaler = try Scaler(
            source: decoded.frame.layout,
            sourceIsFullRange: true,
            target: layout,
            color: color,
            chromaLocation: .center
        )
        var picture = VideoFrame(layout: layout, buffer: PlaneBuffer(byteCount: layout.byteCount), timestamp: 0)
        decoded.frame.withBytes { source in picture.withMutableBytes { scaler.convert(source, into: &$0) } }
        jpeg = try JPEGEncoder(size: size).encode(picture)
    }
}
