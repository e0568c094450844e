import Foundation
import TestSupport
import Testing

/// Pictures of kinds that libavcodec decodes wrongly without an error, damaged ones, animations, and what a picture tells of
/// itself.
@Suite("Kinds of pictures")
struct PictureKindTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(_ name: String, _ format: String, _ options: String = "", source: String = "testsrc2") throws {
        try folder.succeed(
            "ffmpeg -v error -y -f lavfi -i \(source)=s=98x62 -frames:v 1 \(options) -pix_fmt \(format) \(name)"
        )
    }

    /// Changes the number in an entry of the directory of a TIFF of ffmpeg's.
    private func change(_ tag: Int, to value: Int, in name: String) throws {
        var bytes = try folder.bytes(name)
        let start = (0..<4).reduce(0) { $0 | Int(bytes[4 + $1]) << ($1 * 8) }
        let entries = Int(bytes[start]) | Int(bytes[start + 1]) << 8
        let entry = (0..<entries).map { start + 2 + $0 * 12 }.first {
            Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8 == tag
        }
        let place = try #require(entry) + 8
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: value >> (index * 8)) }
        try folder.write(bytes, to: name)
    }

    @Test(
        "TIFF of a kind that libavcodec makes black or something else of is refused by its name",
        arguments: [(259, 7, "JPEG"), (259, 50000, "Zstandard"), (262, 8, "L*a*b*"), (258, 32, "32 bits")]
    )
    func tiff(tag: Int, value: Int, word: String) throws {
        try make("a.tiff", "gray", "-compression_algo raw")
        try folder.succeed("sluice a.tiff -r 1 -o whole.mp4")
        try change(tag, to: value, in: "a.tiff")
        try folder.fail("sluice a.tiff -r 1 -o out.mp4", status: 69, saying: "a.tiff", word, "LZW")
        try folder.fail("sluice decode - -r 1 -o out.raw < a.tiff", status: 69, saying: word)
        #expect(!folder.exists("out.mp4"))
    }

    @Test("TIFF whose compressed samples are damaged is an error", arguments: ["deflate", "lzw"])
    func damagedTIFF(algorithm: String) throws {
        try make("a.tiff", "rgb24", "-compression_algo \(algorithm)")
        var bytes = try folder.bytes("a.tiff")
        for place in bytes.count / 2..<bytes.count / 2 + 60 { bytes[place] = 0xFF }
        try folder.write(bytes, to: "a.tiff")
        try folder.fail("sluice a.tiff -r 1 -o out.mp4", status: 65, saying: "a.tiff", "damaged")
        #expect(!folder.exists("out.mp4"))
    }

    @Test("Of OpenEXR, every damaged block and every chunk that is elsewhere is an error")
    func damagedEXR() throws {
        try make("a.exr", "gbrpf32le", "-compression zip16")
        let bytes = try folder.bytes("a.exr")
        var generator = SeededGenerator(for: "damaged blocks of OpenEXR")
        for _ in 0..<6 {
            var changed = bytes
            let place = Int.random(in: bytes.count / 2..<bytes.count - 8, using: &generator)
            changed[place] ^= 1 << Int.random(in: 0..<8, using: &generator)
            try folder.write(changed, to: "a.exr")
            try folder.fail("sluice a.exr -r 1 -o out.mp4", status: 65, saying: "a.exr")
        }
    }

    @Test("OpenEXR of half floats has their values; of integers, XYZ, layers or mixed types, it is refused by name")
    func exr() throws {
        // 0.5, 0.25 and 1 in binary16.
        let values = ["R": 0x3800, "G": 0x3400, "B": 0x3C00]
        let half = EXRFile([("B", .half), ("G", .half), ("R", .half)])
        try folder.write(half.bytes { channel, _, _ in values[channel] ?? 0 }, to: "half.exr")
        let samples = [UInt8](try folder.succeed("sluice decode half.exr -r 1 -p gbrpf32 --format raw -o -").output)
        let plane = half.width * half.height * 4
        var expected: [UInt8] = []
        for value in [Float(0.25), 1, 0.5] {
            let bits = value.bitPattern
            for index in 0..<plane { expected.append(UInt8(truncatingIfNeeded: bits >> UInt32(index % 4 * 8))) }
        }
        #expect(samples == expected)
        let kinds: [(EXRFile, String)] = [
            (EXRFile([("B", .uint), ("G", .uint), ("R", .uint)]), "UINT"),
            (EXRFile([("X", .float), ("Y", .float), ("Z", .float)]), "X, Y, Z"),
            (EXRFile([("B", .half), ("G", .half), ("R", .float)]), "several types"),
            (EXRFile([("v.B", .half), ("v.G", .half), ("v.R", .half)]), "v.B, v.G, v.R"),
        ]
        for (file, word) in kinds {
            try folder.write(file.bytes(), to: "a.exr")
            try folder.fail("sluice a.exr -r 1 -o out.mp4", status: 69, saying: "a.exr", word, "HALF", "ZIP")
        }
    }

    @Test("An animation in a format of single pictures is refused as one", arguments: ["a.png", "a.webp"])
    func animation(name: String) throws {
        let options = name == "a.png" ? "-f apng" : "-c:v libwebp_anim -lossless 1"
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=98x62:r=5 -frames:v 3 \(options) \(name)")
        try folder.fail("sluice \(name) -r 5 -o out.mp4", status: 69, saying: name, "animation", "GIF")
        try folder.fail("sluice - -r 5 -o out.mp4 < \(name)", status: 69, saying: "animation")
        try folder.fail("sluice decode '*.\(name.dropFirst(2))' -r 5 -o out.raw", status: 69, saying: "animation")
    }

    /// Puts Exif data with an orientation after the first marker of a JPEG.
    private func turn(_ name: String, by orientation: UInt8, to turned: String) throws {
        var data = Array("Exif\0\0MM".utf8)
        let directory: [UInt8] = [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        data += directory
        let bytes = try folder.bytes(name)
        var file = Array(bytes.prefix(2))
        file += [0xFF, 0xE1, 0, UInt8(data.count + 2)]
        file += data
        file += bytes.dropFirst(2)
        try folder.write(file, to: turned)
    }

    @Test("The orientation of a JPEG is the display matrix that ffprobe reads from it", arguments: UInt8(1)...8)
    func orientation(value: UInt8) throws {
        try make("a.jpg", "yuvj420p")
        try turn("a.jpg", by: value, to: "b.jpg")
        let probe = "ffprobe -v error -show_entries frame_side_data=displaymatrix -of default=nk=1:nw=1"
        let matrix = try folder.succeed("\(probe) b.jpg").text
        #expect(matrix.isEmpty == (value == 1))
        for output in ["out.mp4", "out.mkv"] {
            try folder.succeed("sluice b.jpg -r 1 -o \(output)")
            let own = "ffprobe -v error -show_entries stream_side_data=displaymatrix -of default=nk=1:nw=1 \(output)"
            #expect(try folder.succeed(own).text == matrix)
        }
        guard value != 1 else { return }
        try folder.fail("sluice b.jpg -r 1 -o out.h264", status: 69, saying: "rotation")
    }

    @Test("Pictures that are turned in different ways are refused by name, unless the job states the rotation")
    func orientations() throws {
        try make("a.jpg", "yuvj420p")
        for (index, value) in [6, 6, 3].enumerated() { try turn("a.jpg", by: UInt8(value), to: "s\(index).jpg") }
        try folder.fail(
            "sluice 's%d.jpg' -r 5 -o out.mp4",
            status: 69,
            saying: "s2.jpg",
            "rotation 180°",
            "have 90°",
            "--rotation"
        )
        try folder.succeed("sluice 's%d.jpg' -r 5 -o out.mp4 --rotation 90")
        #expect(try folder.frameCount("out.mp4") == 3)
    }

    @Test(
        "A lossless encode refuses a later picture that it would not keep, by name",
        arguments: [
            ("gray", "rgb24", "--color-matrix"), ("gray", "gray16be", "16 bits"), ("rgb24", "rgb48be", "16 bits"),
        ]
    )
    func lossless(first: String, second: String, words: String) throws {
        try make("s1.png", first)
        try make("s2.png", second)
        for codec in ["h264", "hevc", "vp9"] {
            let encode = "sluice 's%d.png' -r 5 --codec \(codec) --lossless"
            try folder.fail("\(encode) -o out.mkv", status: 69, saying: "s2.png", "lossless", words)
        }
        try folder.succeed("cp s1.png s2.png && sluice 's%d.png' -r 5 --codec hevc --lossless --verify -o out.mkv")
    }

    @Test(
        "Pictures that are gray, or of other chroma, are taken among others, in any order",
        arguments: [
            ("jpg", ["yuvj420p", "gray", "yuvj444p", "yuvj422p"]), ("jpg", ["gray", "yuvj420p"]),
            ("jpg", ["yuvj444p", "yuvj420p"]), ("png", ["rgb24", "ya8", "gray", "pal8", "rgba"]),
            ("png", ["ya8", "rgb24"]), ("tiff", ["gray", "rgb24", "gray16le"]), ("tiff", ["rgb24", "gray"]),
        ]
    )
    func mixed(suffix: String, formats: [String]) throws {
        for (index, format) in formats.enumerated() { try make("s\(index).\(suffix)", format, source: "smptebars") }
        try folder.succeed("sluice 's%d.\(suffix)' -r 5 -o out.mp4")
        #expect(try folder.frameCount("out.mp4") == formats.count)
        let tags = try folder.probe("out.mp4", "color_transfer,chroma_location")
        #expect(tags == (suffix == "jpg" ? "unknown,center" : "bt709,left"), "\(tags)")
    }

    @Test(
        "Any picture is decoded to RGB of 8 bits as ffmpeg does it",
        arguments: [
            ("png", "pal8"), ("png", "rgba"), ("png", "gray16be"), ("png", "rgb48be"), ("png", "rgba64be"),
            ("png", "ya8"), ("png", "gray"), ("bmp", "bgr24"), ("webp", "bgra"), ("tiff", "rgb48le"),
            ("dpx", "gbrp10le"),
        ]
    )
    func rgb(suffix: String, format: String) throws {
        try make("a.\(suffix)", format, suffix == "webp" ? "-c:v libwebp -lossless 1" : "")
        for target in ["rgb24", "bgra"] {
            let own = try folder.succeed("sluice decode a.\(suffix) -r 1 -p \(target) --format raw -o -").output
            let flags = "-sws_flags accurate_rnd+full_chroma_int+full_chroma_inp"
            let other = try folder.succeed("ffmpeg -v error -i a.\(suffix) \(flags) -f rawvideo -pix_fmt \(target) -")
                .output
            #expect(own.count == other.count)
            let largest = zip(own, other).map { abs(Int($0) - Int($1)) }.max() ?? 255
            #expect(largest <= 1, "\(target): \(largest)")
        }
    }
}
