import Bitstream
import TestSupport
import Testing
import VideoTypes

/// A stream of AV1, made by somebody else's program.
struct AV1Stream {
    let units: [AV1TemporalUnit]

    /// A stream of moving shapes.
    ///
    /// - Parameters:
    ///   - encoder: An encoder of ffmpeg, or aomenc, and its options.
    ///   - size: The size of the source.
    ///   - pixelFormat: Its format, by FFmpeg's name.
    ///   - frames: How many.
    init(_ encoder: String, size: String = "96x64", pixelFormat: String = "yuv420p", frames: Int = 12) throws {
        let folder = try TemporaryFolder()
        let source = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=\(size):r=25", "-frames:v", "\(frames)"]
        var words = encoder.split(separator: " ").map(String.init)
        if words.removeFirst() == "aomenc" {
            try folder.run("ffmpeg", source + ["-pix_fmt", pixelFormat, "a.y4m"])
            try folder.run("aomenc", words + ["-q", "--ivf", "-o", "a.ivf", "a.y4m"])
        } else {
            let name = encoder.split(separator: " ").prefix(1).map(String.init)
            try folder.run("ffmpeg", source + ["-pix_fmt", pixelFormat, "-c:v"] + name + words + ["a.ivf"])
        }
        units = try IVF.frames(of: folder.bytes(of: "a.ivf")).map { try AV1TemporalUnit(parsing: $0) }
    }

    var sequenceHeader: OBU { get throws { try #require(units.first?.sequenceHeader) } }

    /// All OBUs' syntax elements, as FFmpeg's own parser reads them.
    func trace() throws -> [[String: Int]] {
        let folder = try TemporaryFolder()
        try folder.write(units.flatMap(\.bytes), to: "a.obu")
        return try folder.syntaxElements(of: "a.obu")
    }
}
