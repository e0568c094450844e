import Foundation
import TestSupport
import Testing

/// The memory of pictures that are decoded ahead.
@Suite("Memory of pictures", .serialized)
struct PictureMemoryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Kind: CustomTestStringConvertible, Sendable {
        let suffix: String
        let format: String
        var options = ""
        /// Bytes of a picture of 2048x2048.
        let bytes: Int
        var testDescription: String { "\(suffix), \(format)" }

        static let all = [
            Kind(suffix: "exr", format: "gbrpf32le", options: "-compression zip16", bytes: 12 << 22),
            Kind(suffix: "png", format: "rgba64be", bytes: 8 << 22),
            Kind(suffix: "png", format: "gray16be", bytes: 2 << 22),
            Kind(suffix: "tiff", format: "rgb48le", options: "-compression_algo deflate", bytes: 6 << 22),
        ]
    }

    @Test(
        "--max-memory holds for pictures that are decoded ahead, and makes the same bytes as none",
        .mustEnd,
        arguments: Kind.all
    )
    func bound(kind: Kind) throws {
        let output = "\(kind.options) -pix_fmt \(kind.format) %d.\(kind.suffix)"
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=2048x2048:r=24,format=\(kind.format) -frames:v 7 \(output)"
        )
        let encode = "sluice %d.\(kind.suffix) -r 24 --bit-depth 8 --scale 128x128"
        let refusal = try folder.fail("\(encode) --max-memory 8M -o small.mp4", status: 69, saying: "use ").errors
        let needed = try #require(refusal.firstMatch(of: /\(use (\d+)\)/).flatMap { Int($0.1) }, "\(refusal)")
        #expect(needed > 3 * kind.bytes && needed < 8 * kind.bytes + (16 << 20), "\(needed)")
        try folder.fail("\(encode) --max-memory \(needed / 10 * 9) -o small.mp4", status: 69, saying: "use \(needed)")
        #expect(!folder.exists("small.mp4"))
        // One lane, two of them, and as many as there are cores.
        try folder.succeed("\(encode) --max-memory \(needed) --receipt one.json -o one.mp4")
        try folder.succeed("\(encode) --max-memory \(needed + 3 * kind.bytes) -o two.mp4")
        try folder.succeed("\(encode) -o all.mp4")
        #expect(try folder.bytes("one.mp4") == folder.bytes("all.mp4"))
        #expect(try folder.bytes("two.mp4") == folder.bytes("all.mp4"))
        #expect(try folder.frameCount("one.mp4") == 7)
        // The program, its libraries and the encoder come on top.
        let peak = try folder.receipt("one.json").peakMemoryBytes
        #expect(peak < needed + (128 << 20), "\(peak) of \(needed)")
    }

    @Test("Segments leave room for the picture that is decoded", .mustEnd)
    func segments() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=1024x1024:r=24,format=rgb48be -frames:v 12 -pix_fmt rgb48be %d.png"
        )
        let encode = "sluice %d.png -r 24 --bit-depth 8 --scale 128x128 --parallel 2 --segment-frames 4 -o out.mp4"
        let refusal = try folder.fail("\(encode) --max-memory 8M", status: 69, saying: "use --max-memory ").errors
        let needed = try #require(refusal.firstMatch(of: /--max-memory (\d+),/).flatMap { Int($0.1) }, "\(refusal)")
        try folder.succeed("\(encode) --max-memory \(needed)")
        #expect(try folder.frameCount("out.mp4") == 12)
    }
}
