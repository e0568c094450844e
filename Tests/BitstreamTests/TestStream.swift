import Bitstream
import TestSupport
import Testing

/// A small H.264 stream that x264 encodes, and its values from other programs.
struct TestStream: Sendable {
    let folder: TemporaryFolder
    let bytes: [UInt8]

    /// What a stream is made of.
    struct Recipe: Sendable, CustomTestStringConvertible {
        var x264: [String]
        var pixelFormat = "yuv420p"
        var size = "208x120"

        init(_ x264: String, pixelFormat: String = "yuv420p", size: String = "208x120") {
            self.x264 = x264.split(separator: " ").map(String.init)
            (self.pixelFormat, self.size) = (pixelFormat, size)
        }

        var testDescription: String { "\(x264.joined(separator: " ")) \(pixelFormat) \(size)" }
    }

    init(_ recipe: Recipe) throws {
        folder = try TemporaryFolder()
        // The fade makes x264 use weighted prediction.
        let source = "testsrc2=size=\(recipe.size):rate=25,fade=in:0:12"
        let raw = ["-frames:v", "16", "-pix_fmt", recipe.pixelFormat, "-strict", "-1", "in.y4m"]
        try folder.run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source] + raw)
        let color = ["420": "i420", "422": "i422", "444": "i444"].first { recipe.pixelFormat.contains($0.key) }
        let space = color.map { ["--output-csp", $0.value] } ?? ["--output-csp", "i400"]
        try folder.run("x264", ["--quiet", "--no-progress"] + space + recipe.x264 + ["-o", "a.h264", "in.y4m"])
        bytes = try folder.bytes(of: "a.h264")
    }

    var nalUnits: [ArraySlice<UInt8>] { AnnexB.split(bytes) }

    func first(_ type: NALUnitType) throws -> [UInt8] {
        let unit = try nalUnits.first { nalUnit throws(BitstreamError) in
            try NALUnitHeader(parsing: nalUnit).type == type
        }
        return Array(try #require(unit))
    }

    func probe(_ entry: String, of name: String = "a.h264") throws -> String { try folder.probe(entry, of: name) }

    /// The syntax elements of the NAL units of some types.
    func trace(of name: String = "a.h264", types: Set<Int>) throws -> [[String: Int]] {
        try folder.syntaxElements(of: name).filter { types.contains($0["nal_unit_type"] ?? 0) }
    }
}
