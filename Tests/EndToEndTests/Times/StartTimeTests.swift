import Foundation
import Testing

@Suite("When an output begins and ends")
struct StartTimeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25:d=1 -pix_fmt yuv420p -c:v libx264"

    /// Presentation times in seconds as ffprobe has them, in order.
    private func times(_ name: String, _ stream: String = "v:0") throws -> [Double] {
        let script = "ffprobe -v error -select_streams \(stream) -show_entries packet=pts_time -of csv=p=0 \(name)"
        return try folder.succeed(script).lines
            .compactMap { Double($0.trimmingCharacters(in: CharacterSet(charactersIn: ", \r"))) }.sorted()
    }

    @Test(
        "The time range of an output is 0 for a transport stream that begins late (fault E2)",
        .mustEnd,
        arguments: ["mp4", "mkv", "ivf"]
    )
    func transportStream(format: String) throws {
        try folder.succeed("\(source) -output_ts_offset 50000 in.ts")
        let codec = format == "ivf" ? "--codec vp8 --preset 5" : "--preset ultrafast"
        try folder.succeed("sluice encode in.ts \(codec) --verify -o out.\(format)")
        let times = try times("out.\(format)")
        #expect(times.count == 25)
        for (number, time) in times.enumerated() { #expect(abs(time - Double(number) / 25) < 0.0006) }
    }

    @Test(
        "The time range of an output is 0 for a transport stream whose clock of 33 bits wraps around (fault E3)",
        .mustEnd
    )
    func wrap() throws {
        try folder.succeed("\(source) -output_ts_offset 95443.2 -muxdelay 0 in.ts")
        try folder.succeed("sluice encode in.ts --preset ultrafast --verify -o out.mp4")
        #expect(try times("out.mp4") == (0..<25).map { Double($0) / 25 })
        #expect(try folder.frameHashes("out.mp4").count == 25)
    }

    @Test(
        "The time range of an output is that of the stream with --keep-start-time, to the microsecond in MP4 (faults E2 and E10)",
        .mustEnd,
        arguments: ["25", "30000/1001"],
        ["", "--parallel 2"]
    )
    func kept(rate: String, parallel: String) throws {
        try folder.succeed(source.replacing("r=25", with: "r=\(rate)") + " in.ts")
        let first = try #require(try times("in.ts").first)
        #expect(first > 1)
        for (format, error) in [("mp4", 0.000_002), ("mkv", 0.0006)] {
            try folder.succeed(
                "sluice encode in.ts --preset ultrafast --verify --keep-start-time \(parallel) -o out.\(format)"
            )
            let kept = try #require(try times("out.\(format)").first)
            #expect(abs(kept - first) <= error, "\(format) begins at \(kept), the stream at \(first)")
        }
        try folder.fail(
            "sluice encode in.ts --keep-start-time -o x.h264",
            status: 69,
            saying: "does not store a start time"
        )
        let raw = try folder.source(frames: 3)
        try folder.fail("sluice \(Quick.size) -p i420 --keep-start-time -o x.mp4 \(raw)", status: 64, saying: "start")
    }

    @Test(
        "The time range of an output keeps the distance of audio to video (fault E2)",
        .mustEnd,
        arguments: ["mp4", "mkv"]
    )
    func audio(format: String) throws {
        let sound = "-f lavfi -i sine=duration=2:sample_rate=48000 -itsoffset 0.5"
        let video = "-f lavfi -i testsrc2=s=96x64:r=25:d=1 -pix_fmt yuv420p -map 0 -map 1 -c:v libx264"
        try folder.succeed("ffmpeg -v error -y \(sound) \(video) -c:a aac -bf 0 -output_ts_offset 100 in.ts")
        try folder.succeed("sluice encode in.ts --copy-audio --preset ultrafast --verify -o out.\(format)")
        func distance(_ name: String) throws -> Double {
            let (video, audio) = (try times(name).first, try times(name, "a:0").first)
            return try #require(video) - #require(audio)
        }
        let (before, after) = (try distance("in.ts"), try distance("out.\(format)"))
        #expect(before > 0.4)
        #expect(abs(before - after) < 0.002)
        let start = min(
            try #require(try times("out.\(format)").first),
            try #require(try times("out.\(format)", "a:0").first)
        )
        #expect(abs(start) < 0.05)
    }

    @Test(
        "The time range of an output lets the last frame last as long as it does in the input (fault E1)",
        .mustEnd,
        arguments: ["h264", "av1"]
    )
    func lastFrame(codec: String) throws {
        let gap = "-vf \"select='not(eq(n,5))',settb=1/90000\" -fps_mode vfr -enc_time_base 1/90000"
        try folder.succeed("\(source) \(gap) -video_track_timescale 90000 -bf 2 in.mp4")
        let preset = codec == "av1" ? "6" : "ultrafast"
        try folder.succeed("sluice encode in.mp4 --codec \(codec) --preset \(preset) --verify -o out.mp4")
        #expect(Double(try folder.probe("out.mp4", "duration")) == 1)
        #expect(try folder.frameCount("out.mp4") == 24)
    }

    @Test(
        "The time range of an output is one frame's interval longer than the last time where nothing tells more (fault E1)",
        .mustEnd
    )
    func lastInterval() throws {
        let variable = "-vf \"select='not(eq(n,5))'\" -fps_mode vfr -bf 0"
        try folder.succeed("\(source) \(variable) in.mkv")
        try folder.succeed("cat in.mkv | sluice encode - --variable-rate --preset ultrafast -o out.mp4")
        #expect(abs(try #require(Double(try folder.probe("out.mp4", "duration"))) - 1) < 0.0011)
    }
}
