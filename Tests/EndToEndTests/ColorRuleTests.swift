import Testing

@Suite("What color conversions and filters need, and what they leave as it is", .mustEnd)
struct ColorRuleTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for format in ["rgba", "gray8", "nv16", "rgb48", "i420"] {
            try folder.succeed("sluice testsrc -s 64x64 --frames 3 -p \(format) -o in.\(format)")
        }
        try folder.succeed("sluice testsrc -s 65x33 --frames 2 -p i420 -o odd.yuv")
    }

    private static let pq = "in.rgb48 -s 64x64 -r 25 -p rgb48 --input-primaries bt2020 --input-transfer pq --codec vp9"

    @Test(
        "What is not known, cut off or without effect is refused with what to use",
        arguments: [
            ("in.i420 -s 64x64 -r 25 -p i420 --input-range full --color-range limited", "use --input-matrix"),
            ("in.rgba -s 64x64 -r 25 -p rgba --reference-white 100", "--reference-white is where white is"),
            (
                "\(pq) --color-primaries bt2020 --color-transfer hlg --max-cll 4000,400",
                "is 4000: use pq, or --tone-map sdr"
            ),
            ("\(pq) --tone-map sdr --max-cll 4000,400", "--max-cll describes HDR"),
            ("in.rgba -s 64x64 -r 25 -p rgba --filter boxblur", "use avgblur or gblur"),
            (
                "odd.yuv -s 65x33 -r 25 -p i420 --codec vp9 --input-matrix smpte170m --color-matrix bt709",
                "use --crop 64x32+0+0"
            ),
            ("odd.yuv -s 65x33 -r 25 -p i420 --codec vp9 --pad 100x50+2+2", "use --crop 64x33+0+0"),
        ]
    )
    func refusals(encode: String, words: String) throws {
        try folder.fail("sluice \(encode) -o o.mkv", status: 64, saying: words)
        #expect(!folder.exists("o.mkv"))
    }

    @Test("PQ of unknown light becomes HLG with a notice of where HLG ends")
    func unknownLight() throws {
        let outcome = try folder.succeed("sluice \(Self.pq) --color-primaries bt2020 --color-transfer hlg -o o.mkv")
        #expect(outcome.errors.contains("HLG ends at 1000 cd/m²"))
    }

    @Test(
        "RGB that is denoised or deinterlaced has the tags that it has without",
        arguments: ["", "--denoise", "--deinterlace"]
    )
    func tags(flag: String) throws {
        try folder.succeed("sluice in.rgba -s 64x64 -r 25 -p rgba \(flag) -o o.mp4")
        let entries = "stream=color_range,color_space,color_transfer,color_primaries"
        let tags = try folder.succeed("ffprobe -v error -show_entries \(entries) -of csv=p=0 o.mp4").lines.first
        #expect(tags == "tv,bt709,bt709,bt709")
    }

    @Test("Gray has limited range with a conversion of its colors as without")
    func grayRange() throws {
        for flags in ["", "--input-primaries bt709 --input-transfer srgb --color-transfer bt709"] {
            try folder.succeed("sluice in.gray8 -s 64x64 -r 25 -p gray8 \(flags) -o o.mp4 --overwrite")
            let range = try folder.succeed("ffprobe -v error -show_entries stream=color_range -of csv=p=0 o.mp4").lines
                .first
            #expect(range == "tv", "\(flags)")
        }
    }

    @Test(
        "Raw nv16 goes through filters",
        arguments: ["--fit 64x32", "--denoise", "--input-matrix smpte170m --color-matrix bt709"]
    )
    func nv16(flags: String) throws {
        try folder.succeed("sluice in.nv16 -s 64x64 -r 25 -p nv16 \(flags) -o o.mp4")
    }
}
