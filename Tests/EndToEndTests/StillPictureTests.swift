import Testing

@Suite("HEVC Main Still Picture", .mustEnd)
struct StillPictureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "HEVC Main Still Picture is a stream of one picture that states so, and that FFmpeg decodes (fault G3)",
        arguments: [
            "--codec hvc1.3.E.L93.B0 --crf 20 -o out.mp4", "--codec hev1.3.E.L93.B0 --bitrate 300k -o out.mkv",
            "--codec hvc1.3.8.L93.B0 --bitrate-mode quantizer --quantizer 20 -o out.hevc",
        ]
    )
    func one(flags: String) throws {
        let source = try folder.source(size: "160x96", frames: 1)
        try folder.succeed("sluice \(source) -s 160x96 -r 25 -p i420 \(flags) --verify --min-psnr 25")
        let file = try #require(flags.split(separator: " ").last)
        #expect(try folder.probe("\(file)", "profile") == "Main Still Picture")
        #expect(try folder.frameCount("\(file)") == 1)
        let trace = "-c copy -bsf:v trace_headers -f null -"
        let headers = try folder.succeed("ffmpeg -v info -i \(file) \(trace) 2>&1").lines
        // H.265 A.3.4: a decoded picture buffer of the one picture.
        for field in ["vps", "sps"].flatMap({ ["\($0)_max_dec_pic_buffering_minus1", "\($0)_max_num_reorder_pics"] }) {
            let values = headers.filter { $0.contains(field) }
            #expect(!values.isEmpty && values.allSatisfy { $0.hasSuffix("= 0") }, "\(values)")
        }
    }

    @Test("HEVC Main Still Picture refuses a second frame, and names what takes it (fault G3)")
    func two() throws {
        let source = try folder.source(size: "160x96", frames: 3)
        let encode = "sluice \(source) -s 160x96 -r 25 -p i420 --codec hvc1.3.E.L93.B0 -o out.mp4"
        try folder.fail(encode, status: 69, saying: "one picture", "--frames 1", "hvc1.1.6.L93.B0")
        #expect(folder.names == [source])
        try folder.succeed("\(encode) --frames 1")
        let segments = "\(encode) --overwrite --parallel 2 --segment-frames 1"
        try folder.fail(segments, status: 69, saying: "segments", "--parallel 1")
    }

    @Test("HEVC Main Still Picture that libx265 refuses is refused with libx265's own message (fault G3)")
    func reason() throws {
        let source = try folder.source(size: "160x96", frames: 3)
        let encode = "sluice \(source) -s 160x96 -r 25 -p i420 --codec hevc -o out.mp4"
        let options = "--encoder-option ctu=16 --encoder-option min-cu-size=32"
        try folder.fail(
            "\(encode) \(options)",
            status: 69,
            saying: "min CU size must be less than or equal to max CU size"
        )
    }
}
