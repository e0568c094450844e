import Foundation
import Testing

@Suite("Frames that are dropped and repeated")
struct OutputRateTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let lossless = "--codec h264 --lossless"
    private static let times = [
        0, 33_300, 73_300, 90_000, 190_000, 198_350, 448_350, 481_650, 493_650, 533_650, 910_000,
    ]

    private func makeFrames(_ count: Int) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25 -frames:v \(count) -pix_fmt yuv420p -f rawvideo in.yuv"
        )
    }

    private func hashes(_ input: String, _ filter: String = "null") throws -> [String] {
        let script = "ffmpeg -v error -xerror \(input) -map 0:v -vf \(filter) -fps_mode passthrough -f framemd5 -"
        return try folder.succeed(script).lines.filter { !$0.hasPrefix("#") }.map { line in
            String(line.split(separator: ",").last ?? "").trimmingCharacters(in: .whitespaces)
        }
    }

    private func receipt(_ name: String = "receipt") throws -> Receipt {
        try JSONDecoder().decode(Receipt.self, from: Data(try folder.bytes(name)))
    }

    @Test(
        "Frames of a constant rate are dropped and repeated as ffmpeg's fps filter does, from files, pipes and in segments",
        .mustEnd,
        arguments: [
            ("24", "30"), ("30", "24"), ("30", "15"), ("25", "60000/1001"), ("24000/1001", "25"), ("60", "24"),
            ("30000/1001", "30"), ("3", "30"),
        ]
    )
    func constantRate(from: String, to rate: String) throws {
        try makeFrames(50)
        let raw = "-s 96x64 -p i420 -r \(from) --framerate-of-output \(rate) \(Self.lossless)"
        let wanted = try hashes("-f rawvideo -s 96x64 -pix_fmt yuv420p -r \(from) -i in.yuv", "fps=\(rate)")
        try folder.succeed("sluice in.yuv \(raw) --verify --receipt receipt -o a.mp4")
        #expect(try hashes("-i a.mp4") == wanted)
        let (read, written) = try (receipt().input.frames, receipt().output)
        #expect(read == 50 && written.chunks == wanted.count)
        let (dropped, repeated) = (written.droppedFrames ?? -1, written.repeatedFrames ?? -1)
        #expect(dropped >= 0 && repeated >= 0 && read - dropped + repeated == written.chunks)
        #expect(Set(wanted).count == read - dropped)
        try folder.succeed("cat in.yuv | sluice - \(raw) --verify -o b.mp4 && cmp a.mp4 b.mp4")
        for encoders in 1...3 {
            let segments = "--parallel \(encoders) --segment-frames 10"
            try folder.succeed("sluice in.yuv \(raw) \(segments) --verify --min-psnr 90 -o p\(encoders).mp4")
        }
        try folder.succeed("cmp p1.mp4 p2.mp4 && cmp p1.mp4 p3.mp4")
        #expect(try hashes("-i p1.mp4") == wanted)
    }

    @Test(
        "Frames at any time are dropped and repeated as ffmpeg's fps filter does, from media, with audio and from listed times",
        .mustEnd,
        arguments: ["25", "30", "60", "10", "24000/1001", "1000/7"]
    )
    func anyTime(rate: String) throws {
        try makeFrames(Self.times.count)
        let text = "# timestamp format v2\n" + Self.times.map { "\(Double($0) / 1000)\n" }.joined()
        try folder.write(Array(text.utf8), to: "times")
        let listed = "in.yuv -s 96x64 -p i420 --frame-times times --duration-of-last 0.1"
        try folder.succeed("sluice \(listed) \(Self.lossless) -o v.mp4")
        try folder.succeed("ffmpeg -v error -i v.mp4 -f lavfi -i sine=d=1 -c:v copy -c:a aac va.mp4")
        try folder.succeed("ffmpeg -v error -i v.mp4 -c copy -movflags faststart front.mp4")
        let wanted = try hashes("-i v.mp4", "fps=\(rate)")
        let flags = "--framerate-of-output \(rate) \(Self.lossless) --verify --overwrite -o out.mp4"
        for input in [listed, "v.mp4", "- <front.mp4", "va.mp4 --copy-audio"] {
            try folder.succeed("sluice \(input) \(flags)")
            #expect(try hashes("-i out.mp4") == wanted, "\(input)")
            let ticks = try folder.succeed(
                "ffprobe -v error -select_streams v -show_entries packet=pts -of csv=p=0 out.mp4"
            ).lines.compactMap { Int($0.filter { $0 != "," }) }.sorted()
            #expect(Set(zip(ticks, ticks.dropFirst()).map { $1 - $0 }).count == 1, "\(input): a constant rate")
        }
    }

    @Test("A single short frame at another rate is one frame, and a long one as many as it lasts", .mustEnd)
    func single() throws {
        try makeFrames(1)
        let encode = "sluice in.yuv -s 96x64 -p i420 --codec vp9 --receipt receipt --overwrite --verify"
        try folder.succeed("\(encode) -r 1000 --framerate-of-output 10 -o a.webm")
        #expect(try folder.frameCount("a.webm") == 1)
        try folder.succeed("\(encode) -r 1 --framerate-of-output 30 --max-memory 1M -o b.webm")
        #expect(try folder.frameCount("b.webm") == 30)
        #expect(try receipt().output.repeatedFrames == 29)
    }

    @Test("Frames that are dropped and repeated are counted in the line for people, and skipped ones before", .mustEnd)
    func counts() throws {
        try makeFrames(20)
        let encode = "sluice in.yuv -s 96x64 -p i420 -r 24 --framerate-of-output 30 --expect-frames 12 --skip 8"
        let words = try folder.succeed("\(encode) -o a.mp4").errors
        #expect(words.contains("15 frames in a.mp4") && words.contains("0 dropped, 3 repeated"))
        try folder.fail("\(encode) --skip 7 -o b.mp4", status: 65, saying: "13 frames")
    }

    @Test(
        "Another rate is refused where frames are counted otherwise, and a last duration where it cannot be stored",
        .mustEnd,
        arguments: [
            (
                "-r 24 --framerate-of-output 30 --frame-options options -o out.mp4", 64,
                "--frame-options cannot name them"
            ),
            ("-r 24 --framerate-of-output 0 -o out.mp4", 64, "expected frames a second"),
            ("-r 24 --framerate-of-output 2000 -o out.mkv", 69, "milliseconds"),
            ("-r 24 --duration-of-last 1 -o out.mp4", 64, "has a constant rate"),
            ("-r 24 --duration-of-last 1e2 -o out.mp4", 64, "expected seconds"),
            ("--frame-times times --duration-of-last 1 --codec vp9 -o out.ivf", 69, "IVF cannot store"),
            ("--frame-times times --duration-of-last 1 --format mkv -o - >out", 69, "MKV stores"),
            ("--frame-times times --duration-of-last 1 --fragment -o out.mp4", 69, "in fragments"),
        ]
    )
    func refused(flags: String, status: Int32, reason: String) throws {
        try makeFrames(2)
        try folder.write(Array("# timestamp format v2\n0\n40\n".utf8), to: "times")
        try folder.write(Array("{\"frame\":0,\"keyFrame\":true}\n".utf8), to: "options")
        try folder.fail("sluice in.yuv -s 96x64 -p i420 \(flags)", status: status, saying: reason)
    }

    @Test("The last frame of media lasts as long as asked for, unless the rate is constant", .mustEnd)
    func lastOfMedia() throws {
        try makeFrames(6)
        try folder.write(Array("# timestamp format v2\n0\n40\n90\n95\n200\n300\n".utf8), to: "times")
        try folder.succeed("sluice in.yuv -s 96x64 -p i420 --frame-times times -o v.mkv")
        for (flags, end) in [("", 1.05), ("--frames 4", 0.845), ("--skip 2 --frames 3", 0.86)] {
            try folder.succeed("sluice v.mkv \(flags) --duration-of-last 0.75 --verify --overwrite -o out.mp4")
            let script = "ffprobe -v error -show_entries format=duration -of csv=p=0 out.mp4"
            let duration = Double(try folder.succeed(script).text.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(duration == end, "\(flags)")
        }
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=96x64:d=0.4 c.mp4")
        let encode = "sluice c.mp4 --duration-of-last 0.75 -o x.mp4"
        try folder.fail(encode, status: 64, saying: "constant 25 fps", "--variable-rate")
        try folder.succeed("\(encode) --variable-rate")
    }

    @Test("Filters get listed times, and what they give out is dropped and repeated to another rate", .mustEnd)
    func filtered() throws {
        try makeFrames(Self.times.count)
        let text = "# timestamp format v2\n" + Self.times.map { "\(Double($0) / 1000)\n" }.joined()
        try folder.write(Array(text.utf8), to: "times")
        let listed = "sluice in.yuv -s 96x64 -p i420 --frame-times times --duration-of-last 0.1 \(Self.lossless)"
        try folder.succeed("\(listed) --filter hflip --verify -o plain.mp4")
        let ticks = try folder.succeed("ffprobe -v error -show_entries packet=pts -of csv=p=0 plain.mp4").lines
        #expect(ticks.compactMap { Int($0.filter { $0 != "," }) }.sorted() == Self.times)
        try folder.succeed("\(listed) --framerate-of-output 30 -o a.mp4")
        try folder.succeed("\(listed) --filter hflip --framerate-of-output 30 --verify --receipt receipt -o b.mp4")
        #expect(try hashes("-i b.mp4") == hashes("-i a.mp4", "hflip"))
        let (read, written) = try (receipt().input.frames, receipt().output)
        #expect(read == 11 && read - (written.droppedFrames ?? 0) + (written.repeatedFrames ?? 0) == written.chunks)
    }
}
