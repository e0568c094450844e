import Foundation
import TestSupport
import Testing

/// The examples as the README shows them, run with the built program and read back by ffprobe.
@Suite("The examples", .timeLimit(.minutes(60)))
struct ExamplesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("encode-in-process gives ten frames of Constrained Baseline at level 3.0")
    func encodeInProcess() throws {
        let program = Repository.products.appending(path: "encode-in-process").path
        try folder.run(program, standardOutput: "out.h264")
        #expect(try folder.probe("out.h264") == "Constrained Baseline,320,180,30,10")
    }

    @Test("encode-in-tasks gives ten frames of Constrained Baseline at level 3.0 (fault H8)")
    func encodeInTasks() throws {
        let program = Repository.products.appending(path: "encode-in-tasks").path
        try folder.run(program, standardOutput: "out.h264")
        #expect(try folder.probe("out.h264") == "Constrained Baseline,320,180,30,10")
    }

    @Test("decode-in-tasks gives ten frames at their times, each brighter than the last (fault H8)")
    func decodeInTasks() throws {
        let lines = try folder.run(Repository.products.appending(path: "decode-in-tasks").path, arguments: []).split(
            separator: "\n"
        )
        #expect(lines.map { String($0.prefix { $0 != ":" }) } == (0..<10).map { "\($0 * 40_000) µs" })
        let luma = lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        #expect(luma.count == 10)
        #expect(luma == luma.sorted() && Set(luma).count == 10, "\(luma)")
    }

    @Test("numpy-pipe.py pipes fifty frames that numpy makes")
    func numpyPipe() throws {
        // Whichever Python has numpy: the first in the path, or Debian's own, for which the package is installed.
        let script = Repository.example("numpy-pipe.py")
        try folder.run(
            "sh",
            "-c",
            "python3 -c 'import numpy' 2>&- && exec python3 \(script) out.h264; exec /usr/bin/python3 \(script) out.h264"
        )
        #expect(try folder.probe("out.h264") == "High,320,180,12,50")
    }

    @Test("ffmpeg-pipe.sh encodes what ffmpeg reads, and fails when ffmpeg does")
    func ffmpegPipe() throws {
        try folder.run(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=320x180:r=25:d=1",
            "-pix_fmt",
            "yuv420p",
            "in.y4m"
        )
        try folder.run(Repository.example("ffmpeg-pipe.sh"), "in.y4m", "out.h264")
        #expect(try folder.probe("out.h264").hasSuffix("25"))
        #expect(throws: Failed.self) {
            try folder.run(Repository.example("ffmpeg-pipe.sh"), "missing.mov", "none.h264")
        }
        #expect(!folder.exists("none.h264"))
    }

    @Test("image-sequence.sh encodes every picture of odd size, and fails when one is missing")
    func imageSequence() throws {
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "frames"),
            withIntermediateDirectories: true
        )
        let source = ["-f", "lavfi", "-i", "testsrc=s=161x91:r=24", "-frames:v", "12"]
        try folder.run("ffmpeg", arguments: ["-v", "error"] + source + ["frames/frame_%04d.png"])
        try folder.run(Repository.example("image-sequence.sh"), "frames", "24", "out.h264")
        #expect(try folder.probe("out.h264") == "High,162,92,11,12")
        try FileManager.default.removeItem(at: folder.url.appending(path: "frames/frame_0007.png"))
        #expect(throws: Failed.self) {
            try folder.run(Repository.example("image-sequence.sh"), "frames", "24", "short.h264")
        }
        #expect(!folder.exists("short.h264"))
    }

    @Test("batch runs its manifest, and finds everything done the second time")
    func batch() throws {
        try folder.run(Repository.example("batch/run.sh"), "renders")
        let outputs = ["web/trailer.webm", "web/extras.webm", "trailer/trailer-h264.mkv", "trailer/trailer-hevc.mkv"]
        for output in outputs + ["trailer/trailer-av1.mkv", "rendered.mp4"] {
            #expect(try folder.probe("renders/\(output)").hasSuffix(",48"), "\(output)")
        }
        let again = try folder.run("cat", "renders/again.json")
        #expect(again.components(separatedBy: "\"up to date\"").count == 7)
    }

    @Test("i420-file.sh encodes a file of I420 as the codec string says, with a receipt")
    func i420File() throws {
        try folder.run(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=320x180:r=25:d=2",
            "-pix_fmt",
            "yuv420p",
            "-f",
            "rawvideo",
            "in.yuv"
        )
        try folder.run(Repository.example("i420-file.sh"), "in.yuv", "320x180", "25", "out.h264")
        #expect(try folder.probe("out.h264") == "Constrained Baseline,320,180,31,50")
        #expect(folder.exists("out.h264.json"))
    }
}
