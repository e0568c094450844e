import Testing

@Suite("Raw frames")
struct RawFormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Format: CustomTestStringConvertible, Sendable {
        let name: String
        let ffmpeg: String
        /// What is compared: a format with at least the input's chroma and bits.
        let coded: String
        var testDescription: String { name }

        init(_ name: String, ffmpeg: String? = nil, _ coded: String) {
            (self.name, self.coded) = (name, coded)
            self.ffmpeg = ffmpeg ?? name
        }

        var flags: String {
            let chroma = ["444", "422"].first(where: coded.contains) ?? "420"
            let depth = ["10", "12"].first { coded.hasSuffix("\($0)le") } ?? "8"
            return "--chroma \(chroma) --bit-depth \(depth)"
        }

        static let all = [
            Format("nv21", "yuv420p"), Format("nv24", "yuv444p"),
            Format("yuyv422", "yuv422p"), Format("uyvy422", "yuv422p"),
            Format("p210", ffmpeg: "p210le", "yuv422p10le"), Format("p410", ffmpeg: "p410le", "yuv444p10le"),
            Format("p216", ffmpeg: "p216le", "yuv422p12le"), Format("p416", ffmpeg: "p416le", "yuv444p12le"),
            Format("rgb48", ffmpeg: "rgb48le", "yuv444p12le"), Format("bgr48", ffmpeg: "bgr48le", "yuv444p12le"),
            Format("rgba64", ffmpeg: "rgba64le", "yuv444p12le"), Format("bgra64", ffmpeg: "bgra64le", "yuv444p12le"),
            Format("x2rgb10", ffmpeg: "x2rgb10le", "yuv444p10le"),
            Format("x2bgr10", ffmpeg: "x2bgr10le", "yuv444p10le"),
            Format("abgr", "yuv444p"), Format("xrgb", ffmpeg: "0rgb", "yuv444p"),
            Format("xbgr", ffmpeg: "0bgr", "yuv444p"),
            Format("gbrp", "yuv444p"), Format("gbrp10", ffmpeg: "gbrp10le", "yuv444p10le"),
            Format("gbrp12", ffmpeg: "gbrp12le", "yuv444p12le"), Format("gbrp16", ffmpeg: "gbrp16le", "yuv444p12le"),
            Format("gbrap", "yuv444p"), Format("gbrpf32", ffmpeg: "gbrpf32le", "yuv444p12le"),
            Format("i444a", ffmpeg: "yuva444p", "yuv444p"),
        ]
    }

    private static let content =
        "ffmpeg -v error -y -f lavfi -i testsrc2=s=98x66:r=25,scale=97:65,format=rgb48le -frames:v 3"

    /// The PSNR of a stream against a raw file, both in `coded`.
    private func psnr(_ stream: String, _ source: String, _ format: String, in coded: String) throws -> Double {
        let matrix =
            "scale=in_color_matrix=bt709:out_color_matrix=bt709:flags=accurate_rnd+full_chroma_int+full_chroma_inp"
        let graph = "[1]\(matrix),format=\(coded),setparams=range=tv[b];[0]format=\(coded)[a];[a][b]psnr"
        return try psnr("-i \(stream) \(raw(source, format))", by: graph)
    }

    /// The average PSNR that a graph of ffmpeg's ends with, in decibels.
    private func psnr(_ inputs: String, by graph: String) throws -> Double {
        let command = "ffmpeg -hide_banner -nostats \(inputs) -lavfi '\(graph)' -f null -"
        let words = try folder.succeed(command).errors.split(separator: " ")
        let average = try #require(words.last { $0.hasPrefix("average:") }?.dropFirst(8))
        return average == "inf" ? .infinity : try #require(Double(average))
    }

    /// A raw file as an input of ffmpeg.
    private func raw(_ name: String, _ format: String) -> String {
        "-f rawvideo -r 25 -s 97x65 -pix_fmt \(format) -i \(name)"
    }

    @Test("Raw frames of every format are the picture that ffmpeg sees in them", .mustEnd, arguments: Format.all)
    func formats(format: Format) throws {
        try folder.succeed("\(Self.content) -f rawvideo -pix_fmt \(format.ffmpeg) in.raw")
        let flags = "--codec vp9 --preset 5 --quantizer 4 \(format.flags)"
        try folder.succeed("sluice -s 97x65 -r 25 -p \(format.name) \(flags) -o out.webm in.raw")
        #expect(try folder.frameCount("out.webm") == 3)
        #expect(try folder.probe("out.webm", "pix_fmt") == format.coded)
        // Swapped colors, bytes or fields end below 30.
        #expect(try psnr("out.webm", "in.raw", format.ffmpeg, in: format.coded) > 40)
    }

    @Test("Raw frames are named as ffmpeg names them, too", .mustEnd)
    func names() throws {
        try folder.succeed("\(Self.content) -f rawvideo -pix_fmt yuv422p10le in.raw")
        for name in ["i422p10", "yuv422p10le", "yuv422p10"] {
            try folder.succeed("sluice -s 97x65 -r 25 -p \(name) --codec vp9 --preset 5 -o \(name).webm in.raw")
        }
        try folder.succeed("cmp i422p10.webm yuv422p10.webm && cmp i422p10.webm yuv422p10le.webm")
        try folder.fail("sluice -s 97x65 -r 25 -p yuv422p11 -o x.mp4 in.raw", status: 64, saying: "did you mean")
        try folder.fail("sluice -s 97x65 -r 25 -p rgb47 -o x.mp4 in.raw", status: 64, saying: "rgb48")
    }

    @Test(
        "Raw frames of v210 are the picture that ffmpeg's encoder of it was given",
        .mustEnd,
        arguments: [96, 98, 50]
    )
    func deckLink(width: Int) throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=98x64:r=25,scale=\(width):64 -frames:v 3"
        try folder.succeed("\(source) -pix_fmt yuv422p10le -c:v v210 -f rawvideo in.v210")
        let read = "ffmpeg -v error -y -f v210 -video_size \(width)x64 -i in.v210"
        try folder.succeed("\(read) -f rawvideo -pix_fmt yuv422p10le plain.raw")
        let flags = "-s \(width)x64 -r 25 --codec vp9 --lossless"
        try folder.succeed(
            "sluice \(flags) -p v210 -o a.webm in.v210 && sluice \(flags) -p i422p10 -o b.webm plain.raw"
        )
        try folder.succeed("cmp a.webm b.webm")
    }

    @Test("Raw frames of nv16 have the planes of i422 with chroma in pairs", .mustEnd)
    func pairs() throws {
        try folder.succeed("sluice testsrc -s 98x65 -p i422 --frames 1 -o plain.raw")
        let (bytes, luma, chroma) = (try folder.bytes("plain.raw"), 98 * 65, 49 * 65)
        let pairs = (0..<chroma).flatMap { [bytes[luma + $0], bytes[luma + chroma + $0]] }
        try folder.write(Array(bytes[..<luma]) + pairs, to: "in.raw")
        let flags = "-s 98x65 -r 25 --codec vp9 --lossless"
        try folder.succeed("sluice \(flags) -p nv16 -o a.webm in.raw && sluice \(flags) -p i422 -o b.webm plain.raw")
        try folder.succeed("cmp a.webm b.webm")
    }

    @Test("Raw frames of yv12 have the planes of i420 in another order", .mustEnd)
    func otherOrder() throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=98x66:r=25,scale=97:65 -frames:v 3"
        try folder.succeed("\(source) -pix_fmt yuv420p -f rawvideo plain.raw")
        try folder.succeed("\(source) -vf format=yuv420p,shuffleplanes=0:2:1 -pix_fmt yuv420p -f rawvideo in.raw")
        let flags = "-s 97x65 -r 25 --codec vp9 --lossless"
        try folder.succeed("sluice \(flags) -p yv12 -o a.webm in.raw && sluice \(flags) -p i420 -o b.webm plain.raw")
        try folder.succeed("cmp a.webm b.webm")
    }

    @Test(
        "Raw frames of gray with more than 8 bits are luma of the coded depth",
        .mustEnd,
        arguments: [("gray10", "gray10le"), ("gray12", "gray12le"), ("gray16", "gray16le")]
    )
    func gray(name: String, ffmpeg: String) throws {
        try folder.succeed("\(Self.content) -f rawvideo -pix_fmt \(ffmpeg) in.raw")
        let flags = "--codec vp9 --preset 5 --quantizer 4 --bit-depth 10 --color-range full"
        try folder.succeed("sluice -s 97x65 -r 25 -p \(name) \(flags) -o out.webm in.raw")
        let graph = "[0]extractplanes=y[a];[1]format=gray10le[b];[a][b]psnr"
        #expect(try psnr("-i out.webm \(raw("in.raw", ffmpeg))", by: graph) > 45)
    }

    @Test("Raw frames of floats are those of integers that have the same values", .mustEnd)
    func floats() throws {
        for name in ["rgbaf32", "gbrpf32", "rgba"] {
            try folder.succeed("sluice testsrc -s 64x48 -p \(name) --frames 3 -o \(name).raw")
            let flags = "-s 64x48 -r 25 --codec vp9 --bit-depth 10 --chroma 444 --quantizer 0"
            try folder.succeed("sluice \(flags) -p \(name) -o \(name).webm \(name).raw")
        }
        for name in ["rgbaf32", "gbrpf32"] {
            #expect(try psnr("-i \(name).webm -i rgba.webm", by: "psnr") > 60)
        }
    }

    @Test(
        "Raw frames of 16-bit RGB become HDR of 10 bits, tagged and with the samples that H.273 gives",
        .mustEnd,
        arguments: ["hevc", "av1", "vp9"]
    )
    func hdr(codec: String) throws {
        // A PQ signal of 0.75, 0.5 and 0.25 of the range.
        let color: [UInt16] = [49152, 32768, 16384]
        let pixel = color.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        try folder.write((0..<64 * 64 * 3).flatMap { _ in pixel }, to: "in.raw")
        let flags = "--color-transfer pq --color-primaries bt2020 --color-matrix bt2020-ncl --bit-depth 10"
        let quality = codec == "hevc" ? "--crf 1" : "--quantizer 0"
        try folder.succeed("sluice -s 64x64 -r 24 -p rgb48 --codec \(codec) \(quality) \(flags) -o out.mkv in.raw")
        for (key, value) in [
            ("color_transfer", "smpte2084"), ("color_primaries", "bt2020"), ("color_space", "bt2020nc"),
            ("pix_fmt", "yuv420p10le"), ("color_range", "tv"),
        ] { #expect(try folder.probe("out.mkv", key) == value) }
        try folder.succeed("ffmpeg -v error -y -i out.mkv -f rawvideo -pix_fmt yuv420p10le out.raw")
        let bytes = try folder.bytes("out.raw")
        func sample(_ place: Int) -> Double { Double(Int(bytes[2 * place]) | Int(bytes[2 * place + 1]) << 8) }
        let (red, green, blue) = (49152.0 / 65535, 32768.0 / 65535, 16384.0 / 65535)
        let luma = 0.2627 * red + 0.678 * green + 0.0593 * blue
        let expected = [
            64 + 876 * luma, 512 + 896 * (blue - luma) / 1.8814, 512 + 896 * (red - luma) / 1.4746,
        ]
        for (place, value) in zip([32 * 64 + 32, 64 * 64 + 16 * 32 + 16, 64 * 64 * 5 / 4 + 16 * 32 + 16], expected) {
            #expect(abs(sample(place) - value) <= 1.5, "\(codec): \(sample(place)) for \(value)")
        }
    }

    @Test("Raw frames of 16 bits are coded with 10 by default, and a warning says what keeps more", .mustEnd)
    func depth() throws {
        try folder.succeed("sluice testsrc -s 64x48 -p rgb48 --frames 2 -o in.raw")
        let warning = try folder.succeed("sluice in.raw -s 64x48 -r 25 -p rgb48 --codec hevc -o out.mkv").errors
        #expect(warning.contains("input of 16 bits is coded with 10"), "\(warning)")
        #expect(warning.contains("--bit-depth 12 to lose less"), "\(warning)")
        let lossless = "sluice in.raw -s 64x48 -r 25 -p rgb48 --codec hevc --lossless -o x.mkv"
        try folder.fail(lossless, status: 69, saying: "no encoder keeps the 16 bits of rgb48")
    }

    @Test("Raw frames whose samples exceed their depth are refused in every plane of RGB", .mustEnd)
    func excess() throws {
        var bytes = [UInt8](repeating: 0, count: 16 * 16 * 6)
        bytes[bytes.count - 1] = 4
        try folder.write(bytes, to: "in.raw")
        try folder.fail("sluice in.raw -s 16x16 -r 25 -p gbrp10 -o x.mp4", status: 65, saying: "1024")
    }

    @Test(
        "Raw frames of every format can be scaled and get all chroma, with the picture that ffmpeg scales them to",
        .mustEnd,
        arguments: [("rgb48", "rgb48le"), ("yuyv422", "yuyv422"), ("nv21", "nv21"), ("p416", "p416le")]
    )
    func scaled(name: String, ffmpeg: String) throws {
        try folder.succeed("\(Self.content) -f rawvideo -pix_fmt \(ffmpeg) in.raw")
        let flags = "--scale 48x32 --chroma 444 --codec vp9 --quantizer 4 --bit-depth 8"
        try folder.succeed("sluice -s 97x65 -r 25 -p \(name) \(flags) -o out.webm in.raw")
        let graph = "[1]scale=48:32:in_color_matrix=bt709:out_color_matrix=bt709,format=yuv444p[b];[0][b]psnr"
        #expect(try psnr("-i out.webm \(raw("in.raw", ffmpeg))", by: graph) > 28)
    }

    @Test(
        "Raw frames of other orders are written by decode as they were encoded, to the bit and in every width",
        .mustEnd,
        arguments: ["yuyv422", "uyvy422", "v210", "nv16", "nv21", "yv12", "nv24", "p210", "p410"],
        ["97x65", "50x20", "34x22", "3x5", "1x1"]
    )
    func roundTrip(format: String, size: String) throws {
        try folder.succeed("sluice testsrc -s \(size) -p \(format) --frames 2 -o in.raw")
        let flags = "-s \(size) -r 25 -p \(format) --codec vp9 --lossless"
        try folder.succeed("sluice \(flags) -o out.webm in.raw && sluice decode out.webm -p \(format) -o back.raw")
        // The second luma sample of the last pair of an odd row is not a pixel.
        let isPadded = format.hasSuffix("422") && (Int(size.prefix { $0 != "x" }) ?? 0) % 2 == 1
        if isPadded {
            let plain = "-f rawvideo -pix_fmt yuv422p"
            for name in ["in", "back"] {
                let read = "ffmpeg -v error -y -f rawvideo -pix_fmt \(format) -s \(size) -i \(name).raw"
                try folder.succeed("\(read) \(plain) \(name).planes")
            }
            try folder.succeed("cmp in.planes back.planes")
        } else {
            try folder.succeed("cmp in.raw back.raw")
        }
    }

    @Test(
        "Raw frames of gray are written by decode as they were encoded, of both ranges and all depths",
        .mustEnd,
        arguments: [("gray8", 8), ("gray10", 10), ("gray12", 12)],
        ["full", "limited"]
    )
    func grayBack(format: (name: String, depth: Int), range: String) throws {
        try folder.succeed("sluice testsrc -s 97x65 -p \(format.name) --frames 2 -o in.raw")
        let flags = "-s 97x65 -r 25 -p \(format.name) --codec vp9 --quantizer 0 --bit-depth \(format.depth)"
        try folder.succeed("sluice \(flags) --color-range \(range) -o out.webm in.raw")
        try folder.succeed("sluice decode out.webm -p \(format.name) -o back.raw")
        let (before, after) = (try folder.bytes("in.raw"), try folder.bytes("back.raw"))
        try #require(before.count == after.count)
        func sample(_ bytes: [UInt8], _ place: Int) -> Int {
            format.depth == 8 ? Int(bytes[place]) : Int(bytes[2 * place]) | Int(bytes[2 * place + 1]) << 8
        }
        let count = before.count / (format.depth == 8 ? 1 : 2)
        let largest = (0..<count).map { abs(sample(before, $0) - sample(after, $0)) }.max() ?? 0
        #expect(largest <= (range == "full" ? 0 : 1), "\(largest)")
    }

    @Test(
        "Raw frames of green, blue and red planes come back from a lossless stream of RGB to the bit",
        .mustEnd,
        arguments: [("gbrp", "hevc"), ("gbrp10", "hevc"), ("gbrp12", "vp9")]
    )
    func planesOfRGB(format: String, codec: String) throws {
        try folder.succeed("sluice testsrc -s 98x64 -p \(format) --frames 2 -o in.raw")
        let flags = "-s 98x64 -r 25 -p \(format) --codec \(codec) --lossless"
        try folder.succeed("sluice \(flags) -o out.mkv in.raw && sluice decode out.mkv -p \(format) -o back.raw")
        try folder.succeed("cmp in.raw back.raw")
        try folder.fail("sluice decode out.mkv -p rgb48 -o x.raw", status: 69, saying: "rgb48 (use rgb24")
    }

    @Test("Raw frames of a format that decode does not write are refused with one that it writes", .mustEnd)
    func notWritten() throws {
        try folder.succeed("sluice testsrc -s 64x48 --frames 2 | sluice -s 64x48 -r 25 -p rgba -o in.mp4 -")
        for format in ["rgb48", "x2rgb10", "gbrp", "gbrpf32"] {
            try folder.fail("sluice decode in.mp4 -p \(format) -o x.raw", status: 69, saying: "use rgb24 or rgba")
        }
        let words = "sluice testsrc -s 64x48 -p x2rgb10 --frames 2 | sluice -s 64x48 -r 25 -p x2rgb10 --codec hevc"
        try folder.fail("\(words) --lossless -o x.mkv -", status: 69, saying: "gbrp10")
    }

    @Test("Raw frames are compared with the largest value of the format in which they are compared", .mustEnd)
    func peak() throws {
        try folder.succeed("sluice testsrc -s 64x48 -p p216 --frames 2 -o in.raw")
        try folder.succeed("sluice in.raw -s 64x48 -r 25 -p p216 --codec vp9 --quantizer 60 --bit-depth 8 -o out.webm")
        try folder.fail("sluice compare -s 64x48 -p p216 in.raw out.webm --min-psnr 50", status: 76, saying: "PSNR")
        try folder.succeed("sluice testsrc -s 64x48 -p gray10 --frames 2 -o gray.raw")
        let gray =
            "sluice gray.raw -s 64x48 -r 25 -p gray10 --codec vp9 --quantizer 2 --bit-depth 10 --color-range full"
        try folder.succeed("\(gray) -o gray.webm && sluice compare -s 64x48 -p gray10 gray.raw gray.webm --min-psnr 45")
    }

    @Test("Raw frames are compared in the other side's format where their own is not compared", .mustEnd)
    func compared() throws {
        try folder.succeed("sluice testsrc -s 64x48 -p rgb48 --frames 3 -o in.raw")
        try folder.succeed("sluice in.raw -s 64x48 -r 25 -p rgb48 --codec hevc --bit-depth 10 --crf 2 -o out.mkv")
        let text = try folder.succeed("sluice compare in.raw out.mkv -s 64x48 -p rgb48 2>&1").text
        #expect(text.contains("converted from rgb48 to i420p10"), "\(text)")
        let both = "sluice compare in.raw in.raw -s 64x48 -p rgb48"
        try folder.fail(both, status: 69, saying: "rgb48 and rgb48 are not compared")
    }
}
