import Foundation
import TestSupport

/// Frames of VP8 and VP9, as vpxenc makes them of noise and gradients.
enum VPXStreams {
    /// The frames of an IVF file that vpxenc writes.
    static func frames(
        _ arguments: String,
        width: Int = 72,
        height: Int = 40,
        count: Int = 8,
        bytesPerFrame: Int? = nil
    ) throws -> [[UInt8]] {
        let folder = try TemporaryFolder()
        let total = (bytesPerFrame ?? width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2)) * count
        try folder.write((0..<total).map { UInt8(truncatingIfNeeded: $0 &* $0 / 97 + $0 / 13) & 0x7F }, to: "in.yuv")
        let size = ["-w", "\(width)", "-h", "\(height)", "--fps=25/1", "--ivf", "-o", "out.ivf", "in.yuv"]
        try folder.run("vpxenc", ["-q", "-y"] + arguments.split(separator: " ").map(String.init) + size)
        return IVF.frames(of: try folder.bytes(of: "out.ivf"))
    }
}
