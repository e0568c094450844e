import Foundation
import Testing

@Suite("Raw frames with listed times")
struct FrameTimesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Microseconds.
    private static let times = [
        0, 33_300, 73_300, 90_000, 190_000, 198_350, 448_350, 481_650, 493_650, 533_650, 573_650, 594_775, 628_142,
        678_142, 694_142, 711_142, 811_042, 844_042, 878_042, 923_042, 983_042, 988_042, 995_042, 1_075_042, 1_108_342,
    ]
    private static let raw = "in.yuv -s 96x64 -p i420"

    private func makeFrames(_ count: Int = times.count) throws {
        let source = "testsrc2=s=96x64:r=25"
        try folder.succeed(
            "ffmpeg -v error -y -f lavfi -i \(source) -frames:v \(count) -pix_fmt yuv420p -f rawvideo in.yuv"
        )
    }

    private static func milliseconds(_ times: [Int]) -> String {
        "# timestamp format v2\n" + times.map { "\(Double($0) / 1000)\n" }.joined()
    }

    private func write(_ text: String, to name: String = "times") throws {
        try folder.write(Array(text.utf8), to: name)
    }

    /// The times of the packets, in ticks of the container, in the order in which they are shown.
    private func ticks(_ name: String) throws -> [Int] {
        let script = "ffprobe -v error -select_streams v:0 -show_entries packet=pts -of csv=p=0 \(name)"
        return try folder.succeed(script).lines.compactMap { Int($0.filter { $0 != "," }) }.sorted()
    }

    private func duration(_ name: String) throws -> Double? {
        let script = "ffprobe -v error -show_entries format=duration -of csv=p=0 \(name)"
        return Double(try folder.succeed(script).text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test(
        "Raw frames with listed times have each time to the tick, with reordered frames too, and the last frame's duration",
        .mustEnd,
        arguments: [
            ("h264", "mp4"), ("h264", "mkv"), ("hevc --preset ultrafast", "mp4"), ("hevc --preset ultrafast", "mkv"),
            ("vp9", "mp4"), ("vp9", "webm"), ("av1 --preset 6", "mp4"), ("av1 --preset 6", "mkv"), ("vp8", "webm"),
            ("vp9", "ivf"),
        ]
    )
    func toTheTick(codec: String, format: String) throws {
        try makeFrames()
        try write(Self.milliseconds(Self.times))
        let last = format == "ivf" ? "" : "--duration-of-last 0.5"
        let flags = "--frame-times times --codec \(codec) \(last) --verify --chunks chunks"
        try folder.succeed("sluice \(Self.raw) \(flags) -o out.\(format)", timeLimit: 120)
        let tick = ["mkv", "webm"].contains(format) ? 1000 : 1
        #expect(try ticks("out.\(format)") == Self.times.map { ($0 + tick / 2) / tick })
        let lines = try folder.text("chunks").split(separator: "\n").map {
            try JSONDecoder().decode(ChunkLine.self, from: Data($0.utf8))
        }
        .sorted { $0.timestamp < $1.timestamp }
        #expect(lines.map(\.timestamp) == Self.times)
        #expect(lines.map(\.duration).dropLast() == zip(Self.times, Self.times.dropFirst()).map { $1 - $0 }[...])
        guard format != "ivf" else { return }
        #expect(lines.last?.duration == 500_000)
        #expect(abs((try duration("out.\(format)") ?? 0) - 1.608342) < 0.001)
    }

    @Test(
        "Raw frames with listed times of a finer unit than microseconds are stored in that unit",
        .mustEnd,
        arguments: [("h264", "mp4", 30_000), ("av1 --preset 6", "mp4", 90_000), ("vp9", "ivf", 24_000)]
    )
    func exactUnit(codec: String, format: String, unit: Int) throws {
        try makeFrames(12)
        let counts = (0..<12).map { 1001 * $0 + 7 * $0 * $0 }
        let lines = counts.map { String(format: "%.6f\n", Double($0) * 1000 / Double(unit)) }
        try write("# timecode format v4\r\n" + lines.joined())
        try folder.succeed(
            "sluice \(Self.raw) --frame-times times --codec \(codec) --verify -o out.\(format)",
            timeLimit: 120
        )
        #expect(try folder.probe("out.\(format)", "time_base") == "1/\(unit)")
        #expect(try ticks("out.\(format)") == counts)
    }

    @Test("Raw frames with listed times are alike from a file, a pipe, Y4M, JSON lines and frame options", .mustEnd)
    func everyForm() throws {
        try makeFrames()
        try write(Self.milliseconds(Self.times))
        try write(Self.times.map { "{\"timestamp\":\($0)}\n" }.joined(), to: "lines")
        let options = Self.times.enumerated().map { "{\"frame\":\($0.offset),\"timestamp\":\($0.element)}\n" }
        try write(options.reversed().joined(), to: "options")
        try folder.succeed(
            "ffmpeg -v error -f rawvideo -r 50 -s 96x64 -pix_fmt yuv420p -i in.yuv -pix_fmt yuv420p in.y4m"
        )
        try folder.succeed("sluice \(Self.raw) --frame-times times -o a.mp4")
        try folder.succeed("cat in.yuv | sluice - -s 96x64 -p i420 --frame-times times -o b.mp4 && cmp a.mp4 b.mp4")
        try folder.succeed("sluice in.y4m --frame-times times --verify -o c.mp4")
        #expect(try ticks("c.mp4") == Self.times)
        try folder.succeed("sluice \(Self.raw) --frame-times lines -o d.mp4 && cmp a.mp4 d.mp4")
        try folder.succeed("sluice \(Self.raw) --frame-options options -o e.mp4 && cmp a.mp4 e.mp4")
        try folder.succeed("sluice \(Self.raw) --frame-times times --parallel auto -o f.mp4 && cmp a.mp4 f.mp4")
    }

    @Test("Raw frames with listed times begin at 0 where the first ones are skipped, or at their own time", .mustEnd)
    func skipped() throws {
        try makeFrames()
        try write(Self.milliseconds(Self.times))
        let flags = "--frame-times times --skip 3 --frames 5"
        try folder.succeed("sluice \(Self.raw) \(flags) --duration-of-last 0.75 --verify -o a.mp4")
        let wanted = Array(Self.times[3..<8])
        #expect(try ticks("a.mp4") == wanted.map { $0 - wanted[0] })
        #expect(try duration("a.mp4") == 1.14165)
        try folder.succeed("sluice \(Self.raw) \(flags) --keep-start-time --verify -o b.mp4")
        #expect(try ticks("b.mp4") == wanted)
        // The numbers of frame options are those of encoded frames.
        let lines = wanted.enumerated().map {
            "{\"frame\":\($0.offset),\"timestamp\":\($0.element),\"duration\":7000}\n"
        }
        try write(lines.joined(), to: "options")
        let encode = "sluice \(Self.raw) --frame-options options --skip 3 --frames 5 --chunks chunks"
        try folder.succeed("\(encode) --keep-start-time --verify -o c.mp4")
        #expect(try ticks("c.mp4") == wanted)
        #expect(try folder.text("chunks").contains("\"duration\":7000"))
    }

    @Test("Raw frames with listed times keep a bit rate by their times", .mustEnd, arguments: ["h264", "hevc", "vp9"])
    func bitrate(codec: String) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25,noise=alls=30:allf=t -frames:v 150 -pix_fmt yuv420p -f rawvideo in.yuv"
        )
        // 150 frames in ten seconds, of irregular length.
        let times = (0..<150).map { $0 * 66_667 + ($0 % 3) * 11_000 }
        try write(Self.milliseconds(times))
        let preset = codec == "vp9" ? "5" : "ultrafast"
        let flags = "--codec \(codec) --preset \(preset) --bitrate 600k --frame-times times"
        try folder.succeed("sluice in.yuv -s 320x180 -p i420 \(flags) -o out.mp4", timeLimit: 120)
        let bits = try #require(Double(try folder.probe("out.mp4", "bit_rate")))
        #expect(abs(bits / 600_000 - 1) < 0.2, "\(bits)")
    }

    @Test(
        "Lists of times that are not ones are refused with the line and the value",
        .mustEnd,
        arguments: [
            ("", "times has no times"),
            ("0\n40\n", "times:1: the file is not a list of times"),
            ("# timestamp format v1\nassume 25\n", "v1 is not supported"),
            ("# timestamp format v2\n0\n40\n30\n", "times:4: 30 ms is not after the time before it, 40 ms"),
            ("# timestamp format v4\n0\n40\n\n40.0\n", "times:5: 40.0 ms is not after"),
            ("# timestamp format v2\n0\n-1.5\n", "times:3: -1.5 ms is negative"),
            ("# timestamp format v2\n0\nNaN\n", "times:3: NaN is not a number of milliseconds"),
            ("# timestamp format v2\n0\n1e3\n", "times:3: 1e3 is not a number of milliseconds"),
            ("# timestamp format v2\n0\n99999999999999999999\n", "times:3: 99999999999999999999 ms is too large"),
            ("# timestamp format v2\n0\n0.0001\n", "times:3: 0.0001 ms is not after"),
            ("{\"timestamp\":0}\n{\"timestamp\":-4}\n", "times:2: -4 µs is negative"),
            ("{\"timestamp\":7}\n{\"timestamp\":7}\n", "times:2: 7 µs is not after the time before it, 7 µs"),
            ("{\"timestamp\":0,\"duration\":0}\n", "times:1: a duration of 0 µs"),
            ("{\"timestamp\":0}\n{\"time\":4}\n", "times:2: unknown key \"time\""),
            ("{\"timestamp\":0}\n{\"timestamp\":40.5}\n", "times:2: not an object such as"),
            ("# timestamp format v2\n0\n40\n", "the input has 3 frames, but 2 times are listed for it"),
            ("# timestamp format v2\n0\n40\n80\n120\n", "the input has 3 frames, but 4 times are listed for it"),
        ] as [(String, String)]
    )
    func refused(text: String, reason: String) throws {
        try makeFrames(3)
        try write(text)
        try folder.fail("sluice \(Self.raw) --frame-times times -o out.mp4", status: 65, saying: reason)
        #expect(!folder.exists("out.mp4"))
    }

    @Test("Lists of times with another number of times than a pipe has frames are refused with both", .mustEnd)
    func pipe() throws {
        try makeFrames(3)
        let encode = "cat in.yuv | sluice - -s 96x64 -p i420 --frame-times times -o out.mp4"
        try write(Self.milliseconds([0, 40_000]))
        try folder.fail(encode, status: 65, saying: "more than 2 frames, but 2 times are listed")
        try write(Self.milliseconds([0, 40_000, 50_000, 60_000]))
        try folder.fail(encode, status: 65, saying: "3 frames, but 4 times are listed")
        #expect(!folder.exists("out.mp4"))
        // Of an input that ends within a frame, the times of those that are missing are not used.
        try folder.succeed("head -c 20000 in.yuv >cut.yuv")
        try folder.succeed("sluice cut.yuv -s 96x64 -p i420 --frame-times times --accept-partial -o cut.mp4")
        #expect(try folder.frameCount("cut.mp4") == 2)
    }

    @Test(
        "Listed times are refused where something else has the times, or they cannot be stored",
        .mustEnd,
        arguments: [
            ("in.yuv -s 96x64 -p i420 -r 25 --frame-times times -o out.mp4", 64, "exclude each other"),
            ("in.yuv -s 96x64 -p i420 -r 25 --frame-options options -o out.mp4", 64, "exclude each other"),
            (
                "in.yuv -s 96x64 -p i420 --frame-times times --frame-options options -o out.mp4", 64,
                "exclude each other"
            ),
            ("in.mkv --frame-times times -o out.mp4", 65, "more than 3 frames, but 3 times are listed"),
            ("in.yuv -s 96x64 -p i420 --frame-times times -o out.h264", 69, "does not store times"),
            ("in.yuv -s 96x64 -p i420 --frame-times close -o out.mkv", 69, "frame 2 is only 300 µs after"),
            ("in.yuv -s 96x64 -p i420 --frame-times times --parallel 2 -o out.mp4", 69, "variable frame times"),
            ("plan in.yuv -s 96x64 -p i420 --frame-times times --format mp4 -o out.json", 64, "cannot be planned"),
            ("in.yuv -s 96x64 -p i420 --frame-times missing -o out.mp4", 66, "missing"),
            ("in.yuv -s 96x64 -p i420 --frame-options some -o out.mp4", 64, "frame 1 has no timestamp"),
            ("in.yuv -s 96x64 -p i420 --frame-options back -o out.mp4", 65, "back:2: 4 µs is not after"),
        ]
    )
    func contradiction(flags: String, status: Int32, reason: String) throws {
        try makeFrames(3)
        try write(Self.milliseconds([0, 40_000, 50_000]))
        try write(Self.milliseconds([0, 40_000, 40_300]), to: "close")
        try write(
            "{\"frame\":0,\"timestamp\":0}\n{\"frame\":1,\"timestamp\":4}\n{\"frame\":2,\"timestamp\":5}",
            to: "options"
        )
        try write("{\"frame\":0,\"timestamp\":0}\n{\"frame\":1,\"keyFrame\":true}\n", to: "some")
        try write("{\"frame\":0,\"timestamp\":5}\n{\"frame\":1,\"timestamp\":4}\n", to: "back")
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=96x64:d=0.2 in.mkv")
        try folder.fail("sluice \(flags)", status: status, saying: reason)
        #expect(!folder.exists("out.mp4") && !folder.exists("out.h264") && !folder.exists("out.mkv"))
    }

    @Test("A batch reads listed times, and encodes again after a change of them", .mustEnd)
    func batch() throws {
        try makeFrames(3)
        try write(Self.milliseconds([0, 40_000, 50_000]))
        let job =
            "{input: in.yuv, size: 96x64, pixel-format: i420, frame-times: times, duration-of-last: 0.2, output: o.mp4}"
        try write("jobs: [\(job)]\n", to: "m.yaml")
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        #expect(try folder.batch("m.yaml").statuses == ["up to date"])
        #expect(try ticks("o.mp4") == [0, 40_000, 50_000])
        #expect(try duration("o.mp4") == 0.25)
        try write(Self.milliseconds([0, 40_000, 60_000]))
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        #expect(try ticks("o.mp4") == [0, 40_000, 60_000])
        try write(Self.milliseconds([0, 40_000, 30_000]))
        try folder.fail("sluice batch m.yaml --dry-run", status: 78, saying: "30.0 ms is not after")
    }
}
