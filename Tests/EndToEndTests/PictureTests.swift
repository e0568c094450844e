import Foundation
import TestSupport
import Testing

/// Folders and pipes of pictures.
@Suite("Pictures")
struct PictureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Kind: CustomTestStringConvertible, Sendable {
        let suffix: String
        let name: String
        var options = ""
        /// The pixel format that ffmpeg makes the pictures of.
        var format: String
        var testDescription: String { "\(name), \(format)" }

        static let all = [
            Kind(suffix: "png", name: "PNG", format: "rgb24"), Kind(suffix: "png", name: "PNG", format: "rgba"),
            Kind(suffix: "png", name: "PNG", format: "gray"), Kind(suffix: "png", name: "PNG", format: "rgb48be"),
            Kind(suffix: "png", name: "PNG", format: "rgba64be"), Kind(suffix: "png", name: "PNG", format: "gray16be"),
            Kind(suffix: "png", name: "PNG", format: "pal8"), Kind(suffix: "png", name: "PNG", format: "ya8"),
            Kind(suffix: "jpg", name: "JPEG", format: "yuvj420p"),
            Kind(suffix: "jpg", name: "JPEG", format: "yuvj444p"),
            Kind(suffix: "bmp", name: "BMP", format: "bgr24"), Kind(suffix: "bmp", name: "BMP", format: "bgra"),
            Kind(suffix: "webp", name: "WebP", options: "-c:v libwebp", format: "yuv420p"),
            Kind(suffix: "webp", name: "WebP", options: "-c:v libwebp -lossless 1", format: "bgra"),
            Kind(suffix: "tiff", name: "TIFF", format: "rgb24"), Kind(suffix: "tiff", name: "TIFF", format: "rgb48le"),
            Kind(suffix: "tiff", name: "TIFF", format: "gray16le"), Kind(suffix: "tiff", name: "TIFF", format: "rgba"),
            Kind(suffix: "dpx", name: "DPX", format: "gbrp10le"), Kind(suffix: "dpx", name: "DPX", format: "rgb48be"),
            Kind(suffix: "exr", name: "OpenEXR", format: "gbrpf32le"),
            Kind(suffix: "exr", name: "OpenEXR", format: "gbrapf32le"),
        ]
    }

    private func make(_ kind: Kind, frames: Int = 6, size: String = "98x66", in name: String = "shots") throws {
        let content = "testsrc2=s=\(size):r=24,format=\(kind.format)"
        let output = "\(kind.options) -pix_fmt \(kind.format) \(name)/frame_%04d.\(kind.suffix)"
        try folder.succeed("mkdir -p \(name) && ffmpeg -v error -f lavfi -i \(content) -frames:v \(frames) \(output)")
    }

    @Test(
        "Every picture has the samples that ffmpeg reads, by a pattern, by a wildcard and by pipe",
        arguments: Kind.all
    )
    func samples(kind: Kind) throws {
        try make(kind)
        let pattern = "shots/frame_%04d.\(kind.suffix)"
        let decode = "sluice decode -o - --format raw"
        let own = try folder.succeed("\(decode) '\(pattern)' --receipt receipt.json").output
        // Orders and palettes that Sluice has no name for are what ffmpeg makes of them.
        let format = [
            "rgb48be": "rgb48le", "rgba64be": "rgba64le", "gray16be": "gray16le", "pal8": "rgba", "ya8": "rgba",
        ]
        let target = format[kind.format].map { "-pix_fmt \($0)" } ?? ""
        let other = try folder.succeed("ffmpeg -v error -i \(pattern) -f rawvideo \(target) -").output
        #expect(!own.isEmpty && own == other)
        #expect(try folder.succeed("\(decode) 'shots/*.\(kind.suffix)'").output == own)
        #expect(try folder.succeed("cat shots/* | \(decode) -").output == own)
    }

    @Test("A folder of PNG is encoded in one command, each picture a frame of its rate")
    func encoded() throws {
        try make(Kind.all[0], frames: 12)
        try folder.succeed("sluice 'shots/frame_%04d.png' -r 24 -o out.mp4")
        #expect(try folder.frameCount("out.mp4") == 12)
        #expect(try folder.probe("out.mp4", "r_frame_rate") == "24/1")
        #expect(try folder.probe("out.mp4", "color_range,color_space,color_transfer") == "tv,bt709,bt709")
        try folder.succeed("cat shots/*.png | sluice - -r 24 -o piped.mp4")
        #expect(try folder.frameHashes("piped.mp4") == folder.frameHashes("out.mp4"))
        try folder.succeed("sluice 'shots/*.png' -r 24 --parallel 2 -o parallel.mkv --preset ultrafast")
        #expect(try folder.frameCount("parallel.mkv") == 12)
    }

    @Test("The colors of pictures are those of the raw frames that ffmpeg makes of them")
    func colors() throws {
        try make(Kind.all[0])
        try folder.succeed("ffmpeg -v error -i shots/frame_%04d.png -f rawvideo in.rgb")
        try folder.succeed("sluice in.rgb -s 98x66 -p rgb24 -r 24 -o raw.mp4")
        try folder.succeed("sluice 'shots/*.png' -r 24 -o out.mp4")
        #expect(try folder.frameHashes("out.mp4") == folder.frameHashes("raw.mp4"))
    }

    @Test("Pictures without a rate are refused by name")
    func withoutRate() throws {
        try make(Kind.all[0])
        try folder.fail("sluice 'shots/*.png' -o out.mp4", status: 64, saying: "shots/*.png", "--framerate")
        try folder.fail("cat shots/* | sluice - -o out.mp4", status: 64, saying: "--framerate")
    }

    @Test("No output replaces one of the pictures, whatever name it has for it", .mustEnd)
    func outputOverInput() throws {
        try make(Kind(suffix: "png", name: "PNG", format: "rgb24"), frames: 3)
        try folder.succeed("ln -s shots/frame_0002.png link.json")
        let before = try folder.succeed("cat shots/*.png | sha256sum").text
        for pattern in ["shots/frame_%04d.png", "shots/*.png"] {
            let encode = "sluice '\(pattern)' -r 24 --overwrite"
            let picture = "--format mp4 -o shots/frame_0003.png"
            try folder.fail("\(encode) \(picture)", status: 64, saying: "frame_0003.png is a picture of the input")
            try folder.fail("\(encode) -o out.mp4 --receipt link.json", status: 64, saying: "a picture of the input")
        }
        #expect(try folder.succeed("cat shots/*.png | sha256sum").text == before)
    }

    @Test("A missing number is an error with its number", arguments: ["shots/frame_%04d.png", "shots/*.png"])
    func missingNumber(pattern: String) throws {
        try make(Kind.all[0])
        try folder.succeed("rm shots/frame_0004.png")
        try folder.fail("sluice '\(pattern)' -r 24 -o out.mp4", status: 65, saying: "number 4 is missing")
        #expect(!folder.exists("out.mp4"))
    }

    @Test("A sequence begins at the start number, which must be there")
    func startNumber() throws {
        try make(Kind.all[0])
        try folder.succeed("sluice 'shots/frame_%04d.png' -r 24 --start-number 4 -o out.mp4")
        #expect(try folder.frameCount("out.mp4") == 3)
        let command = "sluice 'shots/frame_%04d.png' -r 24 -o other.mp4 --start-number"
        try folder.fail("\(command) 0", status: 65, saying: "number 0 is missing")
        try folder.fail("\(command) 7", status: 65, saying: "7 or more")
        try folder.fail("cat shots/* | sluice - -r 24 --start-number 1 -o x.mp4", status: 64, saying: "--start-number")
    }

    @Test("Numbers in names are compared as numbers")
    func numberedNames() throws {
        try make(Kind.all[0], frames: 12)
        try folder.succeed(
            "for n in 1 2 3 4 5 6 7 8 9 10 11 12; do mv shots/frame_$(printf %04d $n).png shots/v2_$n.png; done"
        )
        try folder.succeed("sluice decode 'shots/v2_*.png' -o own.raw --format raw")
        try folder.succeed("ffmpeg -v error -i shots/v2_%d.png -f rawvideo other.raw")
        #expect(try folder.bytes("own.raw") == folder.bytes("other.raw"))
    }

    @Test("A picture of another size is an error with its name, unless all are scaled to one")
    func otherSize() throws {
        try make(Kind.all[0])
        try folder.succeed("ffmpeg -v error -y -f lavfi -i testsrc2=s=50x50 -frames:v 1 shots/frame_0004.png")
        try folder.fail("sluice 'shots/*.png' -r 24 -o out.mp4", status: 65, saying: "frame_0004.png", "50x50", "98x66")
        let piped = "cat shots/*.png | sluice - -r 24 -o out.mp4"
        for command in [
            "sluice 'shots/*.png' -r 24 -o out.mp4 --filter hflip", "sluice decode 'shots/*.png' -o out.raw",
            "sluice compare 'shots/*.png' 'shots/*.png'",
        ] {
            try folder.fail(command, status: 65, saying: "frame_0004.png", "50x50", "98x66")
        }
        for command in [piped, "\(piped) --filter hflip", "cat shots/*.png | sluice decode - -o out.raw"] {
            try folder.fail(command, status: 65, saying: "picture 3", "50x50", "98x66")
        }
        try folder.succeed("sluice 'shots/*.png' -r 24 --scale 64x48 -o out.mp4")
        #expect(try folder.frameCount("out.mp4") == 6)
        try folder.succeed(
            "ffmpeg -v error -y -f lavfi -i testsrc2=s=98x66 -frames:v 1 -pix_fmt gray shots/frame_0004.png"
        )
        let filtered = "sluice 'shots/*.png' -r 24 -o x.mp4 --filter hflip"
        try folder.fail(filtered, status: 69, saying: "frame_0004.png", "gray8", "rgb24")
    }

    @Test(
        "Pictures that are gray, or have few colors, may be stored as such",
        arguments: ["gray", "pal8", "monob", "rgba"]
    )
    func otherFormat(format: String) throws {
        try make(Kind.all[0])
        let gray = "ffmpeg -v error -y -f lavfi -i color=gray:s=98x66 -frames:v 1 -pix_fmt"
        try folder.succeed("\(gray) rgb24 shots/frame_0003.png && sluice 'shots/*.png' -r 24 -o plain.mp4")
        try folder.succeed("ffmpeg -v error -i shots/frame_0003.png -pix_fmt \(format) odd.png")
        try folder.succeed("mv odd.png shots/frame_0003.png && sluice 'shots/*.png' -r 24 -o out.mp4")
        #expect(try folder.frameCount("out.mp4") == 6)
        guard format != "monob" else { return }
        let psnr = try folder.succeed("sluice compare out.mp4 plain.mp4 --json").text
        #expect(psnr.contains("\"frames\":6"))
    }

    @Test("A truncated picture, or one of another kind, is an error with its name", arguments: Kind.all)
    func truncated(kind: Kind) throws {
        try make(kind)
        let name = "shots/frame_0003.\(kind.suffix)"
        let bytes = try folder.bytes(name)
        for length in [bytes.count - 1, bytes.count / 2, 19] {
            try folder.write(Array(bytes.prefix(length)), to: name)
            let command = "sluice 'shots/*.\(kind.suffix)' -r 24 -o out.mp4"
            try folder.fail(command, status: 65, saying: "frame_0003.\(kind.suffix)")
            #expect(!folder.exists("out.mp4"))
        }
        try folder.write(bytes, to: name)
        let start = try folder.bytes("shots/frame_0001.\(kind.suffix)") + bytes.prefix(bytes.count / 2)
        try folder.write(start, to: "piped")
        try folder.fail("sluice - -r 24 -o out.mp4 < piped", status: 65, saying: kind.name)
    }

    @Test(
        "A sequence ends before a truncated, damaged or empty picture if a part is accepted, and the receipt has the count",
        arguments: ["", " --filter hflip"]
    )
    func partial(filter: String) throws {
        try make(Kind.all[0])
        let bytes = try folder.bytes("shots/frame_0005.png")
        var changed = bytes
        changed[bytes.count / 2] ^= 1
        for damaged in [Array(bytes.prefix(bytes.count / 2)), changed, []] {
            try folder.write(damaged, to: "shots/frame_0005.png")
            let encode = "sluice 'shots/*.png' -r 24 --overwrite --receipt r.json -o out.mp4\(filter)"
            try folder.fail(encode, status: 65, saying: "frame_0005.png")
            let outcome = try folder.succeed("\(encode) --accept-partial")
            #expect(outcome.errors.contains("frame_0005.png"), "\(outcome.errors)")
            #expect(try folder.frameCount("out.mp4") == 4)
            let receipt = try folder.text("r.json")
            #expect(receipt.contains("\"partial\"") && receipt.contains("\"frames\":4"), "\(receipt)")
            try folder.succeed("sluice decode 'shots/*.png' --accept-partial --overwrite -o out.raw")
            #expect(try folder.bytes("out.raw").count == 4 * 98 * 66 * 3)
        }
    }

    @Test("Of PNG, every changed bit of the coded samples is found")
    func changedBits() throws {
        try make(Kind.all[0])
        var generator = SeededGenerator(for: "changed bits of PNG")
        let bytes = try folder.bytes("shots/frame_0002.png")
        for _ in 0..<8 {
            var changed = bytes
            changed[Int.random(in: 60..<bytes.count - 16, using: &generator)] ^=
                1 << Int.random(in: 0..<8, using: &generator)
            try folder.write(changed, to: "shots/frame_0002.png")
            try folder.fail("sluice 'shots/*.png' -r 24 -o out.mp4", status: 65, saying: "frame_0002.png")
        }
    }

    @Test(
        "PNG of every filter, of several chunks of data, interlaced, and with a transparent color has the samples of ffmpeg",
        arguments: ["none", "sub", "up", "avg", "paeth", "mixed"],
        ["rgb24", "rgba", "rgb48be", "rgba64be"]
    )
    func filters(filter: String, format: String) throws {
        let content = "testsrc2=s=97x65:r=24,format=\(format),noise=alls=9:allf=t"
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i \(content) -frames:v 2 -pred \(filter) -pix_fmt \(format) a%d.png"
        )
        // ffmpeg writes chunks of 4096 bytes.
        let target = format.hasSuffix("be") ? format.dropLast(2) + "le" : Substring(format)
        let own = try folder.succeed("sluice decode 'a*.png' -o - --format raw").output
        #expect(try folder.succeed("ffmpeg -v error -i a%d.png -f rawvideo -pix_fmt \(target) -").output == own)
    }

    @Test("Many pictures are decoded in their order, whatever the number of threads", arguments: [1, 2, 5, 16])
    func order(threads: Int) throws {
        try make(Kind.all[0], frames: 40)
        let own = try folder.succeed("sluice decode 'shots/*.png' -o - --format raw --threads \(threads)").output
        #expect(try folder.succeed("ffmpeg -v error -i shots/frame_%04d.png -f rawvideo -").output == own)
    }

    @Test("An encode of pictures that is interrupted, or whose output fills up, ends at once")
    func ended() throws {
        try make(Kind.all[0], frames: 60, size: "640x360")
        let command = "timeout -s INT 0.4 sluice 'shots/*.png' -r 24 --preset veryslow -o out.mp4; echo $?"
        let status = try folder.run(command).text.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(["124", "130", "0"].contains(status), "\(status)")
        try folder.fail("sluice decode 'shots/*.png' -o /dev/full --format raw", status: 74)
    }

    @Test("Alpha of pictures is kept in WebM")
    func alpha() throws {
        try make(Kind.all[1])
        try folder.succeed("sluice 'shots/*.png' -r 24 --codec vp9 --alpha keep -o out.webm")
        let tags = try folder.succeed("ffprobe -v error -show_entries stream_tags=alpha_mode -of csv=p=0 out.webm").text
        #expect(tags.contains("1"))
    }

    @Test("Sixteen bits of PNG become ten of HEVC")
    func deep() throws {
        try make(Kind.all[3])
        try folder.succeed("sluice 'shots/*.png' -r 24 --codec hevc --bit-depth 10 -o out.mp4")
        #expect(try folder.probe("out.mp4", "pix_fmt") == "yuv420p10le")
    }

    @Test("A file whose name looks like a pattern is that file")
    func literalName() throws {
        try make(Kind.all[0], frames: 1)
        try folder.succeed("cp shots/frame_0001.png 'shots/odd_%d*.png'")
        try folder.succeed("sluice 'shots/odd_%d*.png' -r 24 -o out.mp4")
        #expect(try folder.frameCount("out.mp4") == 1)
    }

    @Test("Names that are not UTF-8 are pictures as others are")
    func otherNames() throws {
        try make(Kind.all[0], frames: 3)
        try folder.succeed(#"cd shots && for n in 1 2 3; do mv frame_000$n.png "$(printf 'b\377_')$n.png"; done"#)
        try folder.succeed("sluice 'shots/*.png' -r 24 -o out.mp4")
        #expect(try folder.frameCount("out.mp4") == 3)
        try folder.succeed("rm shots/*2.png")
        try folder.fail("sluice 'shots/*.png' -r 24 -o other.mp4", status: 65, saying: "number 2 is missing")
    }

    @Test("What no name matches, and flags of raw frames, are refused by name")
    func refused() throws {
        try make(Kind.all[0], frames: 1)
        try folder.fail("sluice 'shots/*.exr' -r 24 -o out.mp4", status: 65, saying: "shots/*.exr")
        try folder.fail("sluice 'shots/*.png' -r 24 -s 98x66 -p rgb24 -o out.mp4", status: 64, saying: "--size")
        try folder.fail("sluice 'shots/*.png' -r 24 -o out.mkv --copy-audio", status: 64, saying: "--copy-audio")
        try folder.fail("sluice plan --output plan 'shots/*.png' -r 24 --format mp4", status: 69, saying: "shots/*.png")
        try folder.fail("sluice shots -r 24 -o out.mp4", status: 66, saying: "folder", "shots/*.png")
    }

    @Test("The names that a shell has made of a pattern are refused with the advice to quote it")
    func expanded() throws {
        try make(Kind.all[0], frames: 12)
        let advice = ["12 names of pictures", "quote it", "'shots/frame_*.png'"]
        for command in ["sluice shots/*.png -r 24 -o out.mp4", "sluice decode -o out.y4m shots/*.png"] {
            let errors = try folder.fail(command, status: 64, saying: advice[0], advice[1], advice[2]).errors
            #expect(!errors.contains("0007"))
        }
        try folder.fail("sluice compare shots/*.png", status: 64, saying: "'shots/frame_*.png'")
        try folder.fail("sluice shots/frame_0001.png other -r 24 -o out.mp4", status: 64, saying: "other")
        try folder.succeed("sluice 'shots/frame_*.png' -r 24 -o out.mp4")
    }

    @Test(
        "Pictures are not analyzed, and the refusal names what decodes them",
        arguments: ["'shots/*.png'", "- < one"]
    )
    func notAnalyzed(input: String) throws {
        try make(Kind.all[0], frames: 2)
        try folder.succeed("cat shots/*.png > one")
        try folder.fail("sluice inspect \(input)", status: 69, saying: "pictures", "sluice decode")
        try folder.fail("sluice inspect 'shots/*.exr'", status: 65, saying: "shots/*.exr")
    }
}
