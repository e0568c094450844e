import Testing

@Suite("Tags of pictures that change within a stream")
struct ChangingTagsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A transport stream of ten pictures, and of ten with other tags.
    private func make(_ tags: String) throws {
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25:d=0.4 -pix_fmt yuv420p"
        try folder.succeed(
            "\(source) -c:v libx264 a.ts && \(source) \(tags) -c:v libx264 -output_ts_offset 0.4 b.ts && cat a.ts b.ts > in.ts"
        )
    }

    @Test(
        "Tags of pictures that change within a stream are refused by encode, with the frame and what changed",
        arguments: [
            ("-x264-params fullrange=on", "color range full, but earlier frames have limited", "--color-range limited"),
            ("-x264-params colormatrix=bt709", "color matrix bt709", "--color-matrix bt709"),
            ("-x264-params transfer=smpte2084", "color transfer pq", "--color-transfer pq"),
            ("-x264-params colorprim=bt2020", "color primaries bt2020", "--color-primaries bt2020"),
            ("-vf setsar=2", "sample aspect ratio 2:1, but earlier frames have 1:1", "--display-size 320x180"),
        ]
    )
    func refused(tags: String, words: String, flag: String) throws {
        try make(tags)
        try folder.fail(
            "sluice encode in.ts -o o.mp4",
            status: 69,
            saying: "frame 10 has \(words)",
            flag.prefix { $0 != " " } + ""
        )
        #expect(!folder.exists("o.mp4"))
        try folder.succeed("sluice encode in.ts \(flag) -o o.mp4 --verify")
        #expect(try folder.frameCount("o.mp4") == 20)
    }

    @Test(
        "Tags of pictures that change within a stream are refused in Y4M, which has them in its header, and allowed in formats without tags"
    )
    func decoding() throws {
        try make("-x264-params fullrange=on")
        try folder.fail(
            "sluice decode in.ts -o o.y4m",
            status: 69,
            saying: "frame 10 has color range full",
            "--format raw"
        )
        try folder.succeed("sluice decode in.ts --format raw -o o.yuv")
        #expect(try folder.bytes("o.yuv").count == 20 * 320 * 180 * 3 / 2)
    }
}
