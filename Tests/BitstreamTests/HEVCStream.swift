import Bitstream
import TestSupport
import Testing

/// A small stream of HEVC that libx265 encodes through FFmpeg, and its values from other programs.
struct HEVCStream: Sendable {
    let folder: TemporaryFolder
    let bytes: [UInt8]

    /// What a stream is made of.
    struct Recipe: Sendable, CustomTestStringConvertible {
        var x265: String
        var pixelFormat = "yuv420p"
        var size = "208x120"
        var testDescription: String { "\(x265) \(pixelFormat) \(size)" }
    }

    /// Streams that differ in what their parameter sets and slice headers hold.
    static let recipes = [
        Recipe(x265: "bframes=4:ref=4:weightb=1"),
        Recipe(x265: "bframes=0:ref=5:no-sao=1:no-temporal-mvp=1", pixelFormat: "yuv420p10le"),
        Recipe(x265: "crf=30:slices=2:ctu=16:vbv-maxrate=900:vbv-bufsize=900:hrd=1:aud=1:hash=1"),
        Recipe(
            x265: "bitrate=100:scaling-list=default:sar=4:colorprim=bt2020:range=full:chromaloc=2:overscan=show",
            pixelFormat: "yuv422p10le",
            size: "86x62"
        ),
        Recipe(
            x265: "keyint=4:open-gop=0:temporal-layers=1:min-spatial=1:dhdr10-opt=0",
            pixelFormat: "yuv444p",
            size: "69x37"
        ),
    ]

    init(_ recipe: Recipe) throws {
        folder = try TemporaryFolder()
        // The fade makes x265 use weighted prediction.
        let source = "testsrc2=size=\(recipe.size):rate=25,fade=in:0:12"
        let encoder = ["-c:v", "libx265", "-preset", "fast", "-x265-params", "log-level=none:" + recipe.x265]
        let input = ["-v", "error", "-f", "lavfi", "-i", source, "-frames:v", "16", "-pix_fmt", recipe.pixelFormat]
        try folder.run("ffmpeg", input + encoder + ["-f", "hevc", "a.hevc"])
        bytes = try folder.bytes(of: "a.hevc")
    }

    var nalUnits: [ArraySlice<UInt8>] { AnnexB.split(bytes) }

    func first(_ type: HEVCNALUnitType) throws -> [UInt8] { Array(try #require(all(type).first)) }

    func all(_ type: HEVCNALUnitType) throws -> [ArraySlice<UInt8>] {
        try nalUnits.filter { try HEVCNALUnitHeader(parsing: $0).type == type }
    }

    func probe(_ entry: String) throws -> String { try folder.probe(entry, of: "a.hevc") }

    func trace() throws -> [[String: Int]] { try folder.syntaxElements(of: "a.hevc") }
}
