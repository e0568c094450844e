import TestSupport
import Testing
import VideoTypes

@Suite("The encoder's own pictures of H.264")
struct ReconstructionTests {
    static let formats: [(String, ChromaSubsampling, Int, String)] = [
        ("avc1.64001E", .yuv420, 8, "yuv420p"), ("avc1.7A001E", .yuv422, 8, "yuv422p"),
        ("avc1.F4001E", .yuv444, 8, "yuv444p"), ("avc1.6E001E", .yuv420, 10, "yuv420p10le"),
        ("avc1.7A001E", .yuv422, 10, "yuv422p10le"), ("avc1.F4001E", .yuv444, 10, "yuv444p10le"),
    ]

    @Test(
        "The encoder's own pictures of H.264 are those that FFmpeg decodes, bit for bit",
        arguments: formats,
        ["superfast", "medium"]
    )
    func reconstruction(format: (String, ChromaSubsampling, Int, String), preset: String) throws {
        let (codec, chroma, bitDepth, pixelFormat) = format
        var recipe = Recipe(.exact(codec), width: 96, height: 80, frames: 30)
        (recipe.config.chroma, recipe.config.bitDepth) = (chroma, bitDepth)
        recipe.format = .planar(chroma, bitDepth: bitDepth)
        recipe.config.preset = preset
        (recipe.config.bitrateMode, recipe.config.quantizer) = (.quantizer, 30)
        let decoded = try Oracle(recipe.encode().stream).samples(pixelFormat)
        let own = try reconstruction(recipe, chroma: chroma.rawValue, bitDepth: bitDepth)
        #expect(!own.isEmpty && own == decoded)
    }

    /// The pictures that libx264 itself predicts from, which the x264 command dumps: with the same settings, it codes the
    /// same slices as the backend.
    private func reconstruction(_ recipe: Recipe, chroma: String, bitDepth: Int) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let frames = try recipe.timestamps.indices.flatMap { number in
            try recipe.frame(number).withBytes { $0.withUnsafeBytes(Array.init) }
        }
        try folder.write(frames, to: "in.yuv")
        let input = [
            "--cpu-independent", "--input-res", "96x80", "--fps", "25", "--input-csp", "i\(chroma)", "--output-csp",
            "i\(chroma)",
        ]
        let depth = ["--input-depth", "\(bitDepth)", "--output-depth", "\(bitDepth)"]
        // Every picture has the quantizer that was asked for, whatever its type; the command counts from 0 at any depth.
        let quantizer = ["--qp", "\(30 + 6 * (bitDepth - 8))", "--ipratio", "1", "--pbratio", "1", "--level", "3"]
        let preset = ["--preset", recipe.config.preset ?? "medium", "--quiet", "--no-progress"]
        let output = ["--dump-yuv", "own.yuv", "-o", "a.h264", "in.yuv"]
        try folder.run("x264", input + depth + quantizer + preset + output)
        return try folder.bytes(of: "own.yuv")
    }
}
