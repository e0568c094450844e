import Testing

@Suite("Streams and formats without times")
struct NoTimesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25:d=0.96 -pix_fmt yuv420p"

    private func make(_ name: String) throws {
        switch name {
        case "in.obu": try folder.succeed("\(source) -c:v libaom-av1 -cpu-used 8 -f obu in.obu")
        default:
            let params = "log-level=none:vui-timing-info=0"
            try folder.succeed("\(source) -c:v libx265 -preset ultrafast -x265-params \(params) -f hevc in.hevc")
        }
    }

    @Test(
        "Streams and formats without times need --framerate where times are written, and are decoded to raw frames without (fault E4)",
        .mustEnd,
        arguments: ["in.obu", "in.hevc"]
    )
    func rateless(name: String) throws {
        try make(name)
        let flags = "--preset ultrafast"
        try folder.fail("sluice encode \(name) \(flags) -o out.mp4", status: 64, saying: name, "--framerate")
        #expect(!folder.exists("out.mp4"))
        try folder.succeed("sluice encode \(name) \(flags) --framerate 25 --verify -o out.mp4")
        #expect(Double(try folder.probe("out.mp4", "duration")) == 0.96)
        try folder.fail("sluice decode \(name) -o out.y4m", status: 64, saying: "--framerate")
        try folder.succeed("sluice decode \(name) -o out.raw")
        #expect(try folder.bytes("out.raw").count == 24 * 96 * 64 * 3 / 2)
    }

    @Test(
        "Streams and formats without times lose a gap of a constant rate with a warning that is in the receipt (fault E5)",
        .mustEnd,
        arguments: [("h264", "h264"), ("av1", "obu")]
    )
    func gap(codec: String, format: String) throws {
        let gap = "setpts='(N+if(gte(N,12),50,0))/25/TB'"
        let keep = "-fps_mode passthrough -video_track_timescale 25"
        try folder.succeed("\(source) -vf \"\(gap)\" \(keep) -c:v libx264 -preset ultrafast -bf 0 in.mkv")
        let flags = codec == "av1" ? "--codec av1 --preset 6" : "--preset ultrafast"
        let encode = "sluice encode in.mkv \(flags) --verify --receipt out.json -o out.\(format)"
        let outcome = try folder.succeed(encode, timeLimit: 120)
        #expect(outcome.errors.contains("does not store times") || outcome.errors.contains("times are dropped"))
        #expect(try folder.text("out.json").contains("times"))
        #expect(
            try folder.succeed("sluice encode in.mkv --preset ultrafast --verify -o out.mp4").errors.contains("gap")
                == false
        )
        let times = try folder.succeed("ffprobe -v error -show_entries packet=pts_time -of csv=p=0 out.mp4").lines
        #expect(times.count == 24)
    }
}
