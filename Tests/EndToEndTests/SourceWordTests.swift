import Foundation
import Testing

/// Pictures of more than 8 bits whose samples become those of another format.
@Suite("Samples of more than 8 bits in other formats")
struct SourceWordTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Makes one picture of noise, as raw video in NUT, and returns its own samples.
    private func make(_ format: String, width: Int, height: Int) throws -> [Int] {
        let noise = "nullsrc=s=\(width)x\(height),geq=lum='random(1)*255':cb='random(2)*255':cr='random(3)*255'"
        let content = "-f lavfi -i \"\(noise),format=\(format)\" -frames:v 1"
        try folder.succeed("ffmpeg -v error -y \(content) -c:v rawvideo in.nut")
        return try words(folder.decode("in.nut", format), isBig: format.hasSuffix("be"))
    }

    private func words(_ bytes: [UInt8], isBig: Bool = false) -> [Int] {
        stride(from: 0, to: bytes.count - 1, by: 2).map {
            isBig ? Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) : Int(bytes[$0 + 1]) << 8 | Int(bytes[$0])
        }
    }

    /// The samples that the program decodes, and the name of their format.
    private func decode() throws -> (samples: [Int], format: String) {
        let told = try folder.succeed("sluice decode in.nut -o own.raw --format raw --overwrite --json").text
        let name = told.components(separatedBy: "\"pixelFormat\":\"").last?.prefix { $0 != "\"" }
        return (words(try folder.bytes("own.raw")), String(name ?? ""))
    }

    @Test("Planes of RGB of 9 bits become planes of 10 bits, each color the nearest one", arguments: ["le", "be"])
    func nineBits(order: String) throws {
        let source = try make("gbrp9\(order)", width: 96, height: 64)
        let own = try decode()
        #expect(own.format == "gbrp10")
        #expect(own.samples.count == source.count)
        for (mine, theirs) in zip(own.samples, source) { #expect(abs(mine * 511 - theirs * 1023) <= 511) }
    }

    @Test(
        "Words in the other order of bytes keep every value",
        arguments: [
            ("gbrp10be", "gbrp10"), ("gbrp12be", "gbrp12"), ("gbrp16be", "gbrp16"), ("bgra64be", "bgra64"),
            ("rgb48be", "rgb48"), ("bgr48be", "bgr48"), ("yuv422p10be", "i422p10"), ("gray16be", "gray16"),
        ]
    )
    func swapped(from: String, becomes: String) throws {
        let source = try make(from, width: 96, height: 64)
        let own = try decode()
        #expect(own.format == becomes)
        #expect(own.samples == source)
    }

    @Test(
        "Chroma of 14 or 16 bits that four pixels share is repeated for both rows, whatever the number of rows",
        arguments: ["yuv420p14le", "yuv420p14be", "yuv420p16le", "yuv420p16be"]
    )
    func deepChroma(format: String) throws {
        for (width, height) in [(32, 25), (33, 25), (32, 24), (2, 1)] {
            let factor = format.contains("p14") ? 4 : 1
            let source = try make(format, width: width, height: height).map { $0 * factor }
            let (columns, rows) = ((width + 1) / 2, (height + 1) / 2)
            var expected = Array(source.prefix(width * height))
            for row in 0..<height {
                for column in 0..<columns {
                    let place = width * height + row / 2 * columns + column
                    expected += [source[place], source[place + columns * rows]]
                }
            }
            let own = try decode()
            #expect(own.format == "p216")
            #expect(own.samples == expected, "\(width)x\(height)")
        }
    }
}
