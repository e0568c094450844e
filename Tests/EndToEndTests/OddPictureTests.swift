import Foundation
import TestSupport
import Testing

/// Pictures that are not decoded, and sequences of pictures that differ.
@Suite("Kinds of pictures that are not decoded, and mixed ones")
struct OddPictureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(_ name: String, _ format: String, _ options: String = "") throws {
        let output = "\(options) -pix_fmt \(format) \(name)"
        try folder.succeed("ffmpeg -v error -y -f lavfi -i testsrc2=s=98x66 -frames:v 1 \(output)")
    }

    /// It is refused by a pattern, by its name and by pipe, each time with the reason.
    private func refuse(_ name: String, _ words: String) throws {
        let decode = "sluice decode -r 1 -o out.raw"
        try folder.fail(
            "sluice '\(name.replacing("a.", with: "?."))' -r 1 -o out.mp4",
            status: 69,
            saying: name,
            words
        )
        try folder.fail("\(decode) \(name)", status: 69, saying: name, words)
        try folder.fail("\(decode) - < \(name)", status: 69, saying: words)
        #expect(!folder.exists("out.mp4") && !folder.exists("out.raw"))
    }

    private func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    @Test("BMP of 4 bits with run lengths is refused with its compression, not called damaged")
    func runLengths() throws {
        let rows: [UInt8] = (0..<16).flatMap { _ in [16, 0x12, 0, 0] } + [0, 1]
        let header = [40, 16, 16].flatMap { number($0, 4) } + number(1, 2) + number(4, 2)
        let rest = [2, rows.count, 2835, 2835, 16, 16].flatMap { number($0, 4) }
        let palette: [UInt8] = (0..<16).flatMap { [$0 * 16, $0 * 8, 255 - $0 * 16, 0] as [UInt8] }
        let start = 14 + 40 + palette.count
        let file = Array("BM".utf8) + [start + rows.count, 0, start].flatMap { number($0, 4) }
        try folder.write(file + header + rest + palette + rows, to: "a.bmp")
        try refuse("a.bmp", "RLE4")
    }

    @Test("JPEG-LS and BigTIFF are refused by their names")
    func names() throws {
        try make("a.jpg", "rgb24", "-c:v jpegls -f image2")
        try refuse("a.jpg", "JPEG-LS")
        let entries = [(256, 16), (257, 16), (258, 8), (259, 1), (262, 1), (273, 16), (277, 1), (278, 16), (279, 256)]
        var file: [UInt8] = [0x49, 0x49, 43, 0, 8, 0, 0, 0] + number(16 + 256, 8)
        file += [UInt8](repeating: 90, count: 256) + number(entries.count, 8)
        for (tag, value) in entries { file += number(tag, 2) + number(4, 2) + number(1, 8) + number(value, 8) }
        try folder.write(file + number(0, 8), to: "a.tiff")
        try refuse("a.tiff", "BigTIFF")
    }

    @Test("DPX of 10 bits that are packed without filling is refused with its packing")
    func packing() throws {
        try make("a.dpx", "gbrp10le")
        try folder.succeed("sluice decode a.dpx -r 1 -o whole.raw")
        var file = try folder.bytes("a.dpx")
        (file[804], file[805]) = (0, 0)
        try folder.write(file, to: "a.dpx")
        try refuse("a.dpx", "packed without filling")
    }

    @Test(
        "Decoding pictures of different kinds is refused with the file, and with the format that has all of them",
        arguments: [
            ("rgb24", "gray", "rgb24"), ("gray", "rgb24", "rgb24"), ("rgb24", "rgba", "rgba"),
            ("gray", "rgba", "rgba"),
            ("gray16be", "rgb24", "rgb24"),
        ]
    )
    func mixed(first: String, second: String, common: String) throws {
        try make("f_1.png", first)
        try make("f_2.png", second)
        let decode = "sluice decode 'f_%d.png' -r 24 -o out.raw"
        try folder.fail(decode, status: 69, saying: "f_2.png: it is 98x66", "--pixel-format \(common) ")
        #expect(!folder.exists("out.raw"))
        try folder.succeed("\(decode) --pixel-format \(common)")
        let bytes = common == "rgba" ? 4 : 3
        #expect(try folder.bytes("out.raw").count == 2 * 98 * 66 * bytes)
        // Of 16 bits, ffmpeg takes the high ones, and Sluice the nearest.
        guard first != "gray16be" else { return }
        let expected = try folder.succeed(
            "for i in 1 2; do ffmpeg -v error -i f_$i.png -pix_fmt \(common) -f rawvideo -; done"
        )
        #expect(try folder.bytes("out.raw") == Array(expected.output))
    }

    @Test(
        "Decoding JPEG of different chroma is refused with the file and a format that works, Y4M of RGB with raw frames"
    )
    func otherChroma() throws {
        try make("f_1.jpg", "yuvj444p")
        try make("f_2.jpg", "yuvj420p")
        let decode = "sluice decode 'f_%d.jpg' -r 24 -o out.raw"
        try folder.fail(decode, status: 69, saying: "f_2.jpg", "--pixel-format i444 ")
        try folder.succeed("\(decode) --pixel-format i444")
        #expect(try folder.bytes("out.raw").count == 2 * 98 * 66 * 3)
        try make("a.png", "rgb24")
        try folder.fail("sluice decode a.png -r 24 -o out.y4m", status: 69, saying: "RGB", "--format raw")
    }
}
