import Testing

@Suite("Bit rates of every codec")
struct EveryBitrateTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "Bit rates of every codec are the requested ones, within 10 %",
        .mustEnd,
        arguments: ["h264", "hevc", "vp8", "vp9", "av1"],
        ["constant", "variable"]
    )
    func average(codec: String, mode: String) throws {
        let source = "\(Content.complex(size: "192x108", seconds: 10)) -f yuv4mpegpipe -pix_fmt yuv420p -"
        let flags = "\(Quick.flags(codec)) --bitrate 250k --bitrate-mode \(mode) --chunks out.jsonl"
        try folder.succeed("\(source) | sluice \(flags) -o out.mkv")
        #expect(try folder.frameCount("out.mkv") == 300)
        let rate = Double(try folder.chunks("out.jsonl").reduce(0) { $0 + $1.size * 8 }) / 10
        #expect(abs(rate / 250_000 - 1) <= 0.1, "\(rate) bits a second")
    }

    @Test(
        "Bit rates of AV1 are kept also if noise begins in the middle, where libaom alone would exceed them by a fifth",
        .mustEnd
    )
    func noise() throws {
        let source = "ffmpeg -v error -f lavfi -i mandelbrot=s=192x108:r=30 -t 10"
        let noise = "-vf \"noise=alls=40:allf=t:enable='between(t,5,10)'\" -pix_fmt yuv420p -f yuv4mpegpipe -"
        let flags = "--codec av1 --bitrate 250k --chunks out.jsonl -o out.mkv"
        try folder.succeed("\(source) \(noise) | sluice \(flags)", timeLimit: 300)
        let rate = Double(try folder.chunks("out.jsonl").reduce(0) { $0 + $1.size * 8 }) / 10
        #expect(abs(rate / 250_000 - 1) <= 0.1, "\(rate) bits a second")
    }

    @Test("Bit rates of every codec are kept in realtime too", .mustEnd, arguments: ["hevc", "vp8", "vp9", "av1"])
    func realtime(codec: String) throws {
        let source = "\(Content.complex(size: "192x108", seconds: 10)) -f yuv4mpegpipe -pix_fmt yuv420p -"
        let flags = "--codec \(codec) --latency-mode realtime --bitrate 250k --bitrate-mode constant --chunks out.jsonl"
        try folder.succeed("\(source) | sluice \(flags) -o out.mkv")
        let chunks = try folder.chunks("out.jsonl")
        #expect(chunks.count == 300, "nothing is dropped")
        let rate = Double(chunks.reduce(0) { $0 + $1.size * 8 }) / 10
        #expect(abs(rate / 250_000 - 1) <= 0.1, "\(rate) bits a second")
    }
}
