import Testing

@Suite("Levels of frames that come at any time")
struct LevelRateTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(_ size: String, _ rate: Int, _ filter: String, _ name: String) throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=\(size):r=\(rate):d=2 -pix_fmt yuv420p"
        let times = "-vf \"\(filter),settb=1/90000\" -fps_mode vfr -enc_time_base 1/90000"
        try folder.succeed("\(source) \(times) -video_track_timescale 90000 -c:v libx264 -preset ultrafast \(name)")
    }

    private static let dropped = "select='not(eq(n,15))'"
    private static let jitter = "setpts=PTS+(mod(N\\,3)-1)*0.001/TB"

    @Test(
        "Levels of frames that come at any time fit a file with a dropped frame, or with the jitter of a phone (fault E8)",
        .mustEnd,
        arguments: ["h264", "hevc", "vp9", "av1"],
        [(dropped, 30), (jitter, 30), (jitter, 60)]
    )
    func fits(codec: String, input: (filter: String, rate: Int)) throws {
        try make("320x240", input.rate, input.filter, "in.mp4")
        let preset = ["vp9": "5", "av1": "6"][codec] ?? "ultrafast"
        let flags = "--codec \(codec) --preset \(preset) --verify --quiet"
        try folder.succeed("sluice encode in.mp4 \(flags) -o out.mp4", timeLimit: 120)
        guard codec == "h264" else { return }
        // 300 macroblocks: 9000 or 18000 a second (H.264 table A-1: level 1.3 holds 11880, level 2.1 holds 19800).
        let level = try #require(Int(try folder.probe("out.mp4", "level")))
        #expect(level == (input.rate == 30 ? 13 : 21))
    }

    @Test(
        "Levels of frames that come at any time are refused where one was promised that is too low, naming one that works (faults E6 and E8)",
        .mustEnd
    )
    func promised() throws {
        try make("320x240", 60, Self.jitter, "in.mp4")
        let refused = "sluice encode in.mp4 --codec avc1.42E00D --preset ultrafast"
        try folder.fail("\(refused) -o out.mp4", status: 69, saying: "60 frames a second", "level 2.1")
        try folder.fail("\(refused) --latency-mode realtime -o out.mp4", status: 69, saying: "level 2.1")
        #expect(!folder.exists("out.mp4"))
        try folder.succeed("sluice encode in.mp4 --codec avc1.42E015 --preset ultrafast --verify -o out.mp4")
    }

    @Test(
        "Levels of frames that come at any time are held or refused frame by frame in a pipe, by what comes within a second (fault E8)",
        .mustEnd
    )
    func pipe() throws {
        try make("320x240", 60, Self.jitter, "in.mp4")
        try folder.succeed("ffmpeg -v error -i in.mp4 -c copy in.mkv")
        let encode = "cat in.mkv | sluice encode - --variable-rate --preset ultrafast"
        try folder.fail("\(encode) --codec avc1.42E00D -o x.mp4", status: 69, saying: "level 2.1")
        try folder.succeed("\(encode) --codec avc1.42E015 -o out.mp4")
        try folder.succeed("\(encode) --codec h264 -o chosen.mp4")
    }

    @Test(
        "Levels of frames that come at any time hold in realtime, with the bit rate by the frames' times (fault E6)",
        .mustEnd,
        arguments: [15, 60]
    )
    func realtimeRate(rate: Int) throws {
        // A decoder's buffer of a second may be spent at the beginning: so much that a tenth of the rate has room for it.
        let seconds = rate == 15 ? 8 : 4
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=320x240:r=\(rate):d=\(seconds),noise=alls=20:allf=t"
        try folder.succeed("\(source) -pix_fmt yuv420p -c:v libx264 -preset ultrafast -qp 10 -bf 0 in.mkv")
        let flags = "--variable-rate --latency-mode realtime --codec avc1.42E01E --bitrate 500k --bitrate-mode constant"
        for input in ["in.mkv", "- <in.mkv"] {
            try folder.succeed("sluice encode \(input) \(flags) --overwrite -o out.mp4")
            let bits = try #require(Double(try folder.probe("out.mp4", "bit_rate")))
            #expect(abs(bits / 500_000 - 1) < 0.1, "\(input) at \(rate) fps: \(bits)")
        }
    }
}
