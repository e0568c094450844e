import Foundation
import TestSupport
import Testing

@Suite("Pictures and media with listed times")
struct OtherFrameTimesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Microseconds.
    private static let times = [0, 33_300, 73_300, 90_000, 190_000, 198_350, 448_350, 481_650]

    private func write(_ times: [Int], to name: String = "times") throws {
        let text = "# timestamp format v2\n" + times.map { "\(Double($0) / 1000)\n" }.joined()
        try folder.write(Array(text.utf8), to: name)
    }

    private func make(_ count: Int = times.count) throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25 -frames:v \(count)"
        try folder.succeed("mkdir -p shots && \(source) shots/%04d.png")
        try folder.succeed("\(source) -c:v libx264 -bf 2 -pix_fmt yuv420p in.mp4 && \(source) -c:v prores -bf 0 in.mov")
        try folder.succeed("\(source) -c:v libx264 -bf 2 -pix_fmt yuv420p in.h264")
        try write(Self.times)
    }

    /// The times of the packets, in ticks of the container, in the order in which they are shown.
    private func ticks(_ name: String) throws -> [Int] {
        let script = "ffprobe -v error -select_streams v:0 -show_entries packet=pts -of csv=p=0 \(name)"
        return try folder.succeed(script).lines.compactMap { Int($0.filter { $0 != "," }) }.sorted()
    }

    private static let sources = ["'shots/%04d.png'", "'shots/*.png'", "in.mp4", "in.mov", "in.h264"]

    @Test(
        "Pictures and media with listed times have each time to the tick",
        .mustEnd,
        arguments: sources,
        ["mp4", "mkv", "webm --codec vp9"]
    )
    func toTheTick(source: String, format: String) throws {
        try make()
        let name = "out.\(format.prefix { $0 != " " })"
        let codec = format.drop { $0 != " " }
        try folder.succeed("sluice \(source) --frame-times times --duration-of-last 0.5 --verify\(codec) -o \(name)")
        let tick = name == "out.mp4" ? 1 : 1000
        #expect(try ticks(name) == Self.times.map { ($0 + tick / 2) / tick })
        let duration = try folder.succeed("ffprobe -v error -show_entries format=duration -of csv=p=0 \(name)").text
        #expect(abs((Double(duration.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) - 0.98165) < 0.001)
    }

    @Test("Pictures and media of a pipe have listed times as those of a file have", .mustEnd)
    func piped() throws {
        try make()
        try folder.succeed("cat shots/*.png | sluice - --frame-times times -o a.mp4")
        #expect(try ticks("a.mp4") == Self.times)
        try folder.succeed("cat in.h264 | sluice - --frame-times times -o b.mp4")
        #expect(try ticks("b.mp4") == Self.times)
    }

    @Test("Listed times are those of the frames that are wanted, and of those that filters get", .mustEnd)
    func parts() throws {
        try make()
        for source in Self.sources {
            try folder.succeed("sluice \(source) --frame-times times --skip 3 --frames 4 --overwrite -o a.mp4")
            #expect(try ticks("a.mp4") == Self.times[3..<7].map { $0 - Self.times[3] })
            let start = "--frame-times times --skip 3 --keep-start-time --overwrite"
            try folder.succeed("sluice \(source) \(start) -o b.mp4")
            #expect(try ticks("b.mp4") == Array(Self.times[3...]))
            try folder.succeed("sluice \(source) --frame-times times --crop 64x48+8+8 --overwrite -o c.mp4")
            #expect(try ticks("c.mp4") == Self.times)
            let rate = "--frame-times times --framerate-of-output 30 --overwrite"
            try folder.succeed("sluice \(source) \(rate) -o d.mp4")
            // The last ends at 0.51495 s.
            #expect(try folder.frameCount("d.mp4") == 15)
        }
    }

    @Test("Audio that is copied stays where it is beside frames with listed times", .mustEnd)
    func audio() throws {
        try make()
        try folder.succeed(
            "ffmpeg -v error -i in.mp4 -f lavfi -i sine=d=0.32 -map 0:v -map 1:a -c:v copy -c:a aac sound.mp4"
        )
        try folder.succeed("sluice sound.mp4 --frame-times times --copy-audio -o out.mp4")
        #expect(try ticks("out.mp4") == Self.times)
        let packets = "ffprobe -v error -select_streams a:0 -show_entries packet=pts_time -of csv=p=0"
        #expect(try folder.succeed("\(packets) out.mp4").text == folder.succeed("\(packets) sound.mp4").text)
    }

    @Test("Another number of times than of frames is an error with both numbers", .mustEnd, arguments: sources)
    func wrongNumber(source: String) throws {
        try make()
        try write(Array(Self.times.dropLast()), to: "fewer")
        try write(Self.times + [900_000], to: "more")
        let fewer = try folder.fail("sluice \(source) --frame-times fewer -o out.mp4", status: 65, saying: "7 times")
        #expect(fewer.errors.contains(source.contains("shots") ? "8 frames" : "more than 7 frames"))
        try folder.fail("sluice \(source) --frame-times more -o out.mp4", status: 65, saying: "8 frames", "9 times")
        try folder.fail(
            "sluice \(source) --frame-times times -r 25 -o out.mp4",
            status: 64,
            saying: "exclude each other"
        )
        try folder.fail("sluice \(source) --frame-times times -o out.h264", status: 69, saying: "does not store times")
        #expect(!folder.exists("out.mp4") && !folder.exists("out.h264"))
    }
}
