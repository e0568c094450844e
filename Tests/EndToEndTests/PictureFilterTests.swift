import TestSupport
import Testing

@Suite("Cropping, padding, fitting, deinterlacing and denoising")
struct PictureFilterTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let raw = "-s 98x66 -r 25 -p i420"
    private static let sluice = "sluice --overwrite --codec vp9 --lossless"
    private static let scaling = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"

    private func make(_ filter: String = "null", _ name: String = "a") throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=98x66:r=25,\(filter),format=yuv420p -frames:v 12"
        try folder.succeed("\(source) -f rawvideo \(name).yuv && \(source) -c:v libx264 -qp 0 \(name).mp4")
    }

    @Test(
        "Each flag does what its filter does, and together they come in their documented order",
        .mustEnd,
        arguments: [
            ("--crop 50x40+4+6", "crop=50:40:4:6"), ("--crop 51x41+4+6", "crop=51:41:4:6:exact=1"),
            ("--pad 120x80", "pad=120:80:10:6"), ("--pad 120x80+0+2", "pad=120:80:0:2"),
            ("--fit 64x64", "scale=64:44:\(scaling),pad=64:64:0:10"),
            ("--fit 64x20", "scale=30:20:\(scaling),pad=64:20:16:0"),
            ("--fit 196x132", "scale=196:132:\(scaling)"), ("--deinterlace", "bwdif=send_frame"),
            ("--denoise", "hqdn3d"),
            (
                "--pad 50x50 --fit 40x40 --filter hflip --crop 60x60+2+2 --denoise --deinterlace",
                "bwdif=send_frame,hqdn3d,crop=60:60:2:2,hflip,scale=40:40:\(scaling),pad=50:50:4:4"
            ),
        ]
    )
    func sameAsFilter(flags: String, graph: String) throws {
        try make()
        for input in ["\(Self.raw) a.yuv", "a.mp4"] {
            try folder.succeed("\(Self.sluice) \(flags) -o o.mkv \(input)")
            let filters = ["-vf", graph, "-pix_fmt", "yuv420p"]
            let expected = try folder.pictureDigests(of: "a.mp4", filters: filters, isStrict: false)
            #expect(try folder.pictureDigests(of: "o.mkv") == expected, "\(input)")
        }
    }

    @Test("A picture with another aspect ratio keeps its shape when it is fitted", .mustEnd)
    func shape() throws {
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=90x64:r=25,setsar=16/9 -frames:v 2 -c:v ffv1 a.mkv")
        try folder.succeed("\(Self.sluice) --fit 160x90 -o o.mkv a.mkv")
        #expect(try folder.probe("width", of: "o.mkv") == "160" && folder.probe("height", of: "o.mkv") == "90")
        #expect(["1:1", "N/A"].contains(try folder.probe("sample_aspect_ratio", of: "o.mkv")))
        // 90x64 at 16:9 is 2.5 to 1: 160x64, 13 rows above it, of which 12 begin with chroma.
        let found = try folder.run("ffmpeg -v info -i o.mkv -vf cropdetect=24:2:0:skip=0 -f null -").errors
        #expect(found.contains("crop=160:64:0:12"))
    }

    @Test("Black borders are found in a file and reported; a pipe is refused", .mustEnd)
    func automatic() throws {
        try make("scale=98:40,pad=98:66:0:14", "bars")
        for input in ["\(Self.raw) bars.yuv", "bars.mp4", "--parallel 2 --segment-frames 4 bars.mp4"] {
            let outcome = try folder.succeed("\(Self.sluice) --crop auto -o o.mkv \(input)")
            #expect(outcome.errors.contains("98x40+0+14"))
            let expected = try folder.pictureDigests(of: "bars.mp4", filters: ["-vf", "crop=98:40:0:14"])
            #expect(try folder.pictureDigests(of: "o.mkv") == expected)
        }
        let pipe = "\(Self.sluice) --crop auto -o x.mkv \(Self.raw) -"
        try folder.fail("cat bars.yuv | \(pipe)", status: 64, saying: "--crop WxH+X+Y", "standard input")
        try make("drawbox=c=black:t=fill", "black")
        try folder.fail(
            "\(Self.sluice) --crop auto -o x.mkv \(Self.raw) black.yuv",
            status: 64,
            saying: "nothing but black"
        )
    }

    @Test(
        "What does not fit the picture, or the command, is refused before there is an output",
        .mustEnd,
        arguments: [
            ("--crop 50x40+3+6", "multiples of 2"), ("--crop 99x40+0+0", "98x66"), ("--crop 50x40", "--crop"),
            ("--crop 50x40+0", "--crop"), ("--crop 50x40+-2+0", "--crop"), ("--pad 60x80", "no room for the 98x66"),
            ("--pad 120x80+40+0", "no room for the 98x66"), ("--pad 120x80+40+0 --filter hflip", "--pad"),
            ("--pad 121x80", "cuts samples of 4:2:0 chroma (use 122x80)"), ("--fit 101x75", "(use 102x76)"),
            ("--pad 120x80+1+0", "multiples of 2"), ("--pad 120x80 --color-range full", "full range"),
            ("--fit 0x80", "--fit"), ("--tone-map hdr", "--tone-map"), ("--denoise --parallel 2", "--denoise"),
            ("--deinterlace --parallel auto", "--deinterlace"), ("--crop 50x40+0+0 --min-psnr 30", "--verify"),
        ]
    )
    func refusals(flags: String, words: String) throws {
        try make()
        try folder.fail("\(Self.sluice) \(flags) -o x.mkv \(Self.raw) a.yuv", status: 64, saying: words)
        #expect(folder.contents(of: "x.mkv") == nil)
        let flag = flags.split(separator: " ")[0]
        guard flag == "--crop" || flag == "--pad", !flags.contains("parallel"), words != "--crop" else { return }
        let plan = "sluice plan a.yuv \(Self.raw) --codec vp9 --format mkv --crop 50x40+4+6 -o p.json"
        try folder.fail(plan, status: 64, saying: "--crop")
    }

    @Test("Deinterlacing ends the notice about fields, and RGB is denoised with the matrix in its tags", .mustEnd)
    func notices() throws {
        try make()
        try folder.succeed(
            "ffmpeg -v error -i a.mp4 -vf tinterlace=interleave_top,fieldorder=tff -c:v libx264 -flags +ildct -qp 0 i.mp4"
        )
        let kept = try folder.succeed("sluice --codec h264 -o a.mkv i.mp4")
        #expect(kept.errors.contains("interlaced") && kept.errors.contains("--deinterlace"))
        let made = try folder.succeed("sluice --codec h264 --deinterlace -o b.mkv i.mp4")
        #expect(!made.errors.contains("interlaced"))
        try folder.succeed("ffmpeg -v error -f lavfi -i color=lime:s=64x48,format=rgba -frames:v 3 -f rawvideo g.rgba")
        try folder.succeed("sluice --codec h264 --crf 4 --denoise -o g.mp4 -s 64x48 -r 25 -p rgba g.rgba")
        try folder.succeed("ffmpeg -v error -i g.mp4 -pix_fmt rgb24 -f rawvideo g.rgb")
        let pixel = try folder.bytes("g.rgb").prefix(3).map(Int.init)
        #expect(pixel[0] < 6 && pixel[1] > 249 && pixel[2] < 6, "\(pixel)")
        #expect(try folder.probe("color_space", of: "g.mp4") == "bt709")
    }

    @Test("A batch's jobs take the flags as keys", .mustEnd)
    func batch() throws {
        try make()
        try folder.write(
            """
            jobs:
              - input: a.mp4
                output: o.mkv
                codec: vp9
                lossless: true
                crop: 50x40+4+6
                fit: 40x40
                filter: hflip
            """,
            to: "m.yaml"
        )
        try folder.succeed("sluice batch m.yaml")
        #expect(try folder.probe("width", of: "o.mkv") == "40" && folder.probe("height", of: "o.mkv") == "40")
    }

    @Test("Files of a graph in a manifest are relative to its folder, and held to the rules for its paths", .mustEnd)
    func batchFiles() throws {
        try make()
        let corners = (0..<8).map { "\($0 & 1) \($0 >> 1 & 1) \($0 >> 2)" }.joined(separator: "\n")
        try folder.write("LUT_3D_SIZE 2\n\(corners)\n", to: "same.cube")
        try folder.succeed("mkdir d && mv a.mp4 same.cube d")
        let job = "{input: a.mp4, output: o.mkv, codec: vp9, filter: 'lut3d=same.cube'}"
        try folder.write("jobs: [\(job)]\n", to: "d/m.yaml")
        try folder.succeed("sluice batch d/m.yaml && test -s d/o.mkv")
        for name in ["/etc/hostname", "../a.yuv"] {
            try folder.write(
                "jobs: [\(job.replacing("same.cube", with: name).replacing("o.mkv", with: "p.mkv"))]\n",
                to: "d/m.yaml"
            )
            try folder.fail("sluice batch d/m.yaml", status: 78, saying: name, "--allow-absolute-paths")
        }
    }
}
