import Testing

@Suite("The distance of two frames")
struct FrameDistanceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "Two frames closer than a millisecond are refused in outputs that count milliseconds, and kept in finer ones",
        arguments: ["mkv", "webm"]
    )
    func belowMilliseconds(format: String) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -vf \"settb=1/90000,setpts=N*N*36\" -enc_time_base 1/90000"
                + " -fps_mode vfr -pix_fmt yuv420p -c:v libx264 -bf 2 in.mp4"
        )
        let codec = format == "mkv" ? "h264" : "vp8"
        let words = "stores milliseconds, and frame 1 is only 400 µs after the previous frame"
        try folder.fail("sluice encode in.mp4 --codec \(codec) -o o.\(format)", status: 69, saying: words)
        try folder.succeed("sluice encode in.mp4 -o o.mp4 --verify")
        #expect(try folder.frameCount("o.mp4") == 25)
    }

    @Test(
        "The only frame of a Matroska file is shown for a positive time in every container",
        arguments: ["mp4", "mkv"]
    )
    func onlyFrame(format: String) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.04 -pix_fmt yuv420p -c:v libx264 a.ts"
                + " && sluice encode a.ts -o a.mkv && sluice encode a.mkv -o o.\(format) --verify"
        )
        #expect(try folder.succeed("ffmpeg -v error -i o.\(format) -f framemd5 - | grep -vc '#'").text == "1\n")
    }
}
