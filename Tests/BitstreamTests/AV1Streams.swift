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
    ///   - pixelFormat: Its format, in FFmpeg's words.
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
        units = try Self.frames(ofIVF: folder.bytes(of: "a.ivf")).map { try AV1TemporalUnit(parsing: $0) }
    }

    private static func frames(ofIVF bytes: [UInt8]) -> [[UInt8]] {
        var (rest, frames) = (bytes.dropFirst(32), [[UInt8]]())
        while rest.count > 12 {
            let size = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            frames.append(Array(rest.dropFirst(12).prefix(size)))
            rest = rest.dropFirst(12 + size)
        }
        return frames
    }

    var sequenceHeader: OBU { get throws { try #require(units.first?.sequenceHeader) } }

    /// All OBUs' syntax elements, as FFmpeg's own parser reads them.
    func trace() throws -> [[String: Int]] {
        let folder = try TemporaryFolder()
        try folder.write(units.flatMap(\.bytes), to: "a.obu")
        let arguments = ["-hide_banner", "-f", "obu", "-i", "a.obu", "-c", "copy", "-bsf:v", "trace_headers"]
        var obus: [[String: Int]] = []
        for line in try folder.run("ffmpeg", arguments + ["-f", "null", "-"]).errors.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard line.hasPrefix("[trace_headers"), words.count >= 6, words[words.count - 2] == "=" else { continue }
            if words[4] == "obu_forbidden_bit" { obus.append([:]) }
            guard !obus.isEmpty, let value = Int(words[words.count - 1]) else { continue }
            obus[obus.count - 1][String(words[4])] = value
        }
        return obus
    }
}
