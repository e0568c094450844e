import Testing

@Suite("Frames that come denser than on average")
struct DenseFramesTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=60:d=4"
                + " -vf \"noise=alls=20:allf=t,setpts='if(lt(N,120),N/60,2+(N-120)/15)/TB'\" -enc_time_base 1/90000"
                + " -fps_mode vfr -pix_fmt yuv420p -c:v libx264 -preset ultrafast -crf 30 -bf 0 in.mp4"
        )
    }

    private static let words = "libx265 counts frames to keep a constant bit rate"

    @Test(
        "Frames that come denser than on average get no constant rate from libx265, which counts frames; the message names encoders that follow times"
    )
    func constant() throws {
        for mode in ["", "--latency-mode realtime"] {
            let flags = "--codec hevc --preset ultrafast --bitrate 500k --bitrate-mode constant \(mode) -o o.mp4"
            try folder.fail("sluice encode in.mp4 \(flags)", status: 69, saying: Self.words, "up to 60")
        }
    }

    @Test(
        "Frames that come denser than on average are held to the level that was named in HEVC, or refused with the one that works"
    )
    func level() throws {
        // 60 a second and 24 on average: of the 3000 kbit/s of level 2.1, an average may have 1200.
        let encode = "sluice encode in.mp4 --codec hvc1.1.6.L63.B0 --preset ultrafast -o o.mp4 --overwrite"
        try folder.fail("\(encode) --bitrate 2800k", status: 69, saying: "level 3")
        try folder.succeed("\(encode) --bitrate 1100k --verify")
        #expect(try folder.succeed("sluice inspect o.mp4").text.contains("within level"))
    }
}
