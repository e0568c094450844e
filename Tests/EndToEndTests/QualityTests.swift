import Testing

/// Content with detail, motion and noise.
enum Content {
    static func natural(size: String, seconds: Int) -> String {
        "ffmpeg -v error -f lavfi -i mandelbrot=s=\(size):rate=30:end_scale=0.01:maxiter=500"
            + " -t \(seconds) -vf gblur=2,noise=alls=3:allf=t"
    }

    static func complex(size: String, seconds: Int) -> String {
        "ffmpeg -v error -f lavfi -i testsrc2=s=\(size):r=30:d=\(seconds) -vf rotate=t/3,noise=alls=12:allf=t"
    }
}

@Suite("Quality and rate", .serialized)
struct QualityTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("RGBA at --crf 18 is at least 40 dB from its source", .mustEnd)
    func rgba() throws {
        try folder.succeed("\(Content.natural(size: "480x272", seconds: 2)) -f rawvideo -pix_fmt rgba in.raw")
        try folder.succeed("cat in.raw | sluice -s 480x272 -r 30 -p rgba --crf 18 -o out.h264")
        let scale = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+bicubic,format=yuv420p"
        #expect(try folder.psnr("out.h264", against: "in.raw", "rgba", size: "480x272", filter: scale) >= 40)
        #expect(try folder.frameCount("out.h264") == 60)
    }

    @Test("I420 at --crf 18 is at least 40 dB from its source", .mustEnd)
    func i420() throws {
        try folder.succeed("\(Content.natural(size: "480x272", seconds: 2)) -f rawvideo -pix_fmt yuv420p in.raw")
        try folder.succeed("sluice -s 480x272 -r 30 -p i420 --crf 18 -o out.h264 in.raw")
        #expect(try folder.psnr("out.h264", against: "in.raw", "yuv420p", size: "480x272") >= 40)
        #expect(try folder.frameCount("out.h264") == 60)
    }

    @Test(
        "Ten seconds have the requested bit rate, within 10 %",
        .mustEnd,
        arguments: ["constant", "variable"],
        [400_000, 1_200_000]
    )
    func bitrate(mode: String, bitrate: Int) throws {
        let flags = "--bitrate \(bitrate) --bitrate-mode \(mode) --preset veryfast"
        let source = "\(Content.complex(size: "320x180", seconds: 10)) -f yuv4mpegpipe -pix_fmt yuv420p -"
        try folder.succeed("\(source) | sluice \(flags) -o out.h264")
        #expect(try folder.frameCount("out.h264") == 300)
        let rate = try Double(folder.bytes("out.h264").count) * 8 / 10
        #expect(abs(rate / Double(bitrate) - 1) <= 0.1, "\(rate) bits a second")
    }

    @Test("A constant bit rate holds in every second, not only on average", .mustEnd)
    func everySecond() throws {
        let source = "\(Content.complex(size: "320x180", seconds: 10)) -f yuv4mpegpipe -pix_fmt yuv420p -"
        let flags = "--bitrate 600k --bitrate-mode constant --preset veryfast --chunks out.jsonl"
        try folder.succeed("\(source) | sluice \(flags) -o out.h264")
        let chunks = try folder.chunks("out.jsonl")
        for second in 0..<10 {
            let bits = chunks.filter { $0.timestamp / 1_000_000 == second }.reduce(0) { $0 + $1.size * 8 }
            // The buffer holds a second and is filled at 1.2 times the rate: no second has more than both.
            #expect(bits <= 1_320_000, "second \(second)")
        }
    }
}
