import Foundation
import Testing

/// What containers and headers tell of pictures: shapes, fields and rates.
@Suite("Tags of sources of other codecs")
struct SourceTagTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "Pixels that change their shape within a stream are refused, with the ratio and what states one for all",
        .mustEnd,
        arguments: [("m2v", "-c:v mpeg2video"), ("ts", "-c:v mpeg2video")]
    )
    func shape(format: String, encode: String) throws {
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=320x240:r=25:d=0.4 \(encode)"
        try folder.succeed(
            "\(source) -aspect 4:3 a.\(format) && \(source) -aspect 16:9 -output_ts_offset 0.4 b.\(format)"
        )
        try folder.succeed("cat a.\(format) b.\(format) > in.\(format)")
        let words = "has sample aspect ratio 4:3, but earlier frames have 1:1"
        try folder.fail("sluice in.\(format) -o o.mp4", status: 69, saying: words, "--display-size")
        try folder.fail("sluice decode in.\(format) -o o.y4m", status: 69, saying: words)
        #expect(!folder.exists("o.mp4"))
        try folder.succeed("sluice b.\(format) -o b.mp4")
        #expect(try folder.probe("b.mp4", "sample_aspect_ratio") == "4:3")
    }

    @Test(
        "Fields that the container alone tells are noticed, and are not in pictures that it calls whole",
        .mustEnd,
        arguments: ["huffyuv", "ffvhuff", "rawvideo"],
        ["mkv", "mov"]
    )
    func fields(codec: String, format: String) throws {
        for (field, isTold) in [("tff", true), ("bff", true), ("prog", false)] {
            let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=320x240:r=25:d=0.2"
            let layout = codec == "rawvideo" && format == "mov" ? "uyvy422" : "yuv422p"
            try folder.succeed("\(source) -vf setfield=\(field) -c:v \(codec) -pix_fmt \(layout) in.\(format)")
            let told = try folder.succeed("sluice in.\(format) -o o.mp4 --overwrite").errors
            #expect(told.contains("interlaced") == isTold, "\(field): \(told)")
        }
    }

    @Test(
        "A constant rate that libavformat has no average of is that of the output",
        .mustEnd,
        arguments: [
            ("in.ogv", "-c:v libtheora"), ("in.ts", "-c:v mpeg1video"), ("in.ts", "-c:v mpeg4"),
            ("in.mxf", "-c:v prores"),
        ]
    )
    func rate(name: String, encode: String) throws {
        try folder.make(name, encode, size: "128x96", frames: 30)
        try folder.succeed("sluice \(name) -o o.mp4")
        let headers = try folder.headers("o.mp4").sequenceParameters?.values ?? [:]
        #expect(headers["fixed_frame_rate_flag"] == 1)
        #expect(headers["time_scale"] == 2 * 25 * (headers["num_units_in_tick"] ?? 0))
        // Where a clock counts frames, a pipe tells the rate as well.
        guard !name.hasSuffix("ts") else { return }
        try folder.succeed("cat \(name) | sluice - -o p.mp4")
        #expect(try folder.headers("p.mp4").sequenceParameters?.values["fixed_frame_rate_flag"] == 1)
    }

    @Test("Times of MPEG-4 in a transport stream that fit no rate are kept, from a file and from a pipe", .mustEnd)
    func variable() throws {
        let times = "settb=1/1000,setpts=if(lt(N\\,10)\\,N*40\\,N*92)"
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=128x96:r=25 -frames:v 20 -vf '\(times)'"
        try folder.succeed("\(source) -fps_mode passthrough -enc_time_base 1/1000 -c:v mpeg4 in.ts")
        for command in ["sluice in.ts", "cat in.ts | sluice -"] {
            try folder.succeed("\(command) -o o.mp4 --overwrite")
            let (own, other) = (try seconds("o.mp4"), try seconds("in.ts"))
            #expect(own.count == 20)
            for (mine, theirs) in zip(own, other) { #expect(abs((mine - own[0]) - (theirs - other[0])) < 0.001) }
        }
    }

    private func seconds(_ name: String) throws -> [Double] {
        let entries = "-select_streams v -show_entries packet=pts_time -of csv=p=0"
        return try folder.succeed("ffprobe -v error \(entries) \(name)").lines
            .compactMap { Double($0.filter { $0 != "," }) }.sorted()
    }

    @Test("A rate for a bare stream that has its own is refused, with the rate", .mustEnd)
    func ownRate() throws {
        try folder.make("in.m2v", "-c:v mpeg2video", size: "128x96", frames: 5)
        for command in ["sluice in.m2v -r 30 -o o.mp4", "cat in.m2v | sluice - -r 30 -o o.mp4"] {
            try folder.fail(command, status: 64, saying: "a rate of its own, 25 fps", "--frame-times")
        }
    }

    @Test(
        "Only frames at a constant rate are said to be at one, whatever the latency mode",
        .mustEnd,
        arguments: ["realtime", "quality"]
    )
    func fixedRate(mode: String) throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25 -frames:v 4 -pix_fmt yuv420p"
        try folder.succeed("\(source) -f rawvideo in.yuv")
        try folder.write(Array("# timestamp format v2\n0\n40\n50\n133\n".utf8), to: "times")
        for (times, flag) in [("--frame-times times", 0), ("-r 25", 1)] {
            let job = "sluice in.yuv -s 96x64 -p i420 \(times) --latency-mode \(mode) --overwrite"
            try folder.succeed("\(job) --verify -o o.mp4")
            #expect(try folder.headers("o.mp4").sequenceParameters?.values["fixed_frame_rate_flag"] == flag)
        }
    }

    @Test("A last frame that is shown for less than what the container counts in is refused, with the least", .mustEnd)
    func lastDuration() throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25 -frames:v 4 -pix_fmt yuv420p"
        try folder.succeed("\(source) -f rawvideo in.yuv")
        try folder.write(Array("# timestamp format v2\n0\n40\n50\n133\n".utf8), to: "times")
        let job = "sluice in.yuv -s 96x64 -p i420 --frame-times times"
        for name in ["o.mkv", "o.webm --codec vp9"] {
            let words = "--duration-of-last is only 400 µs (use 0.001 s or more)"
            try folder.fail("\(job) --duration-of-last 0.0004 -o \(name)", status: 69, saying: words)
            try folder.succeed("\(job) --duration-of-last 0.001 -o \(name) --overwrite")
        }
        try folder.succeed("\(job) --duration-of-last 0.0004 --chunks lines -o o.mp4")
        #expect(try folder.text("lines").contains("\"duration\":400,"))
    }

    @Test("Borders are black in the range that a graph before them gives out, or are refused", .mustEnd)
    func borders() throws {
        try folder.succeed("ffmpeg -v error -f lavfi -i color=white:s=64x64:r=25 -frames:v 3 -pix_fmt yuv420p in.y4m")
        for graph in ["format=gray", "scale=out_range=full", "scale=out_range=full,format=gray"] {
            for flag in ["--pad 128x128", "--fit 128x64"] {
                try folder.fail(
                    "sluice in.y4m --filter '\(graph)' \(flag) -o o.mkv",
                    status: 64,
                    saying: "gives out full range",
                    "scale=out_range=tv"
                )
            }
        }
        try folder.succeed("ffmpeg -v error -i in.y4m -c:v ffv1 -pix_fmt gray gray.mkv")
        let graph = "--filter scale=out_range=tv,format=yuv420p --pad 128x128 --quantizer 1"
        for input in ["in.y4m", "gray.mkv"] {
            try folder.succeed("sluice \(input) \(graph) -o o.mkv --overwrite")
            let bytes = try folder.decode("o.mkv", "rgb24")
            #expect(bytes.prefix(3).allSatisfy { $0 <= 2 })
            #expect(bytes[(64 * 128 + 64) * 3] >= 253)
        }
    }
}
