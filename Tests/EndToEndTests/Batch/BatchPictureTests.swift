import Foundation
import TestSupport
import Testing

/// Jobs of a batch whose input is a sequence of pictures.
@Suite("Batches of pictures")
struct BatchPictureTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed(
            "mkdir -p shots few && ffmpeg -v error -f lavfi -i testsrc2=s=160x96:r=24 -frames:v 70 shots/f_%04d.png"
        )
        try folder.succeed("cp shots/f_000[1-5].png few")
    }

    private func write(_ text: String) throws { try folder.write(Array(text.utf8), to: "m.yaml") }

    private struct Inputs: Decodable {
        struct Input: Decodable { let name: String, size: Int, sha256: String }
        struct Job: Decodable { let inputs: [Input] }
        struct Frames: Decodable { let frames: Int }
        let job: Job
        let input: Frames
    }

    private func receipt(_ output: String) throws -> Inputs {
        try JSONDecoder().decode(Inputs.self, from: Data(try folder.bytes("\(output).receipt.json")))
    }

    @Test("A pattern of pictures is one job of a batch, whose inputs are the pictures", .mustEnd)
    func oneJob() throws {
        try write(
            """
            defaults: {framerate: 24, preset: ultrafast}
            jobs:
              - {input: shots/f_%04d.png, output: "${stem}.mp4"}
              - {pictures: "few/*.png", output: "${folder}-${stem}.mp4"}
              - {pictures: "few/f_%04d.png", start-number: 3, output: part.mp4}
              - {input: "few/*2.png", output: "each-${stem}.mp4"}
            """
        )
        #expect(try folder.batch("m.yaml").statuses == ["done", "done", "done", "done"])
        let frames = try ["shots", "few-few", "part", "each-f_0002"].map { try folder.frameCount("\($0).mp4") }
        #expect(frames == [70, 5, 3, 1])
        try folder.succeed("sluice 'few/*.png' -r 24 --preset ultrafast -o own.mp4")
        #expect(try folder.frameHashes("own.mp4") == folder.frameHashes("few-few.mp4"))
        let few = try receipt("few-few.mp4")
        #expect(few.job.inputs.map(\.name) == (1...5).map { "few/f_000\($0).png" })
        let sums = try folder.succeed("sha256sum few/*.png").lines.map { String($0.prefix(64)) }
        #expect(few.job.inputs.map(\.sha256) == sums)
        #expect(few.input.frames == 5)
        #expect(try receipt("part.mp4").job.inputs.map(\.name) == (3...5).map { "few/f_000\($0).png" })
        // Many files are one entry.
        let sizes = try folder.succeed("cat shots/*.png | wc -c").text.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try receipt("shots.mp4").job.inputs.map { "\($0.size)" } == [sizes])
    }

    @Test(
        "A job of pictures runs again after one is changed, added, removed or exchanged, and only then",
        .mustEnd,
        arguments: ["shots", "few"],
        ["digest", "mtime"]
    )
    func resumed(pictures: String, trust: String) throws {
        let count = pictures == "few" ? 5 : 70
        try write(
            "jobs: [{pictures: \"\(pictures)/*.png\", framerate: 24, preset: ultrafast, output: o.mp4}]\n"
        )
        func run(_ status: String, _ frames: Int, after change: String) throws {
            try folder.succeed("cd \(pictures) && \(change)")
            #expect(try folder.batch("m.yaml --trust \(trust)").statuses == [status], "after \(change)")
            #expect(try folder.frameCount("o.mp4") == frames, "after \(change)")
        }
        let last = String(format: "f_%04d.png", count)
        let next = String(format: "f_%04d.png", count + 1)
        try run("done", count, after: "true")
        try run("up to date", count, after: "true")
        try run("done", count + 1, after: "cp -p \(last) \(next)")
        try run("up to date", count + 1, after: "true")
        try run("done", count, after: "rm \(next)")
        try run("done", count, after: "ffmpeg -v error -y -i f_0004.png -vf negate f_0002.png")
        try run("done", count, after: "mv f_0003.png x && mv f_0002.png f_0003.png && mv x f_0002.png")
        try run("up to date", count, after: "true")
        try run("up to date", count, after: "echo > .other && echo > notes.txt")
    }

    @Test(
        "Patterns of pictures that a manifest cannot have are refused with the place",
        .mustEnd,
        arguments: [
            ("pictures: few/f_0001.png", "m.yaml:1:19: pictures: needs a pattern such as shots/*.png"),
            ("pictures: \"few/*.exr\"", "few/*.exr: no file in"),
            ("pictures: \"few/*.png\", input: a.mp4", "pictures: and input: exclude each other"),
            ("pictures: \"few/*.png\", command: [true]", "pictures: and command: exclude each other"),
            ("pictures: \"few/*.png\", exclude: few/f_0001.png", "pictures: and exclude: exclude each other"),
            ("input: few/f_%04d.png, exclude: few/f_0001.png", "is one sequence of pictures"),
            ("pictures: \"../*.png\"", "outside the folder of the manifest"),
            ("pictures: few/f_%04d.png, start-number: 9", "with a number of 9 or more"),
            ("pictures: \"hole/*.png\"", "number 3 is missing"),
            ("pictures: \"linked/*.png\"", "linked/f_0001.png is a link to /etc/hostname"),
            ("input: few/f_%04d.png, output: few/f_0002.png", "few/f_0002.png is an output of the same job"),
        ]
    )
    func refused(keys: String, reason: String) throws {
        try folder.succeed(
            "cp -r few hole && rm hole/f_0003.png && mkdir linked && ln -s /etc/hostname linked/f_0001.png"
        )
        let output = keys.contains("output:") ? "" : ", output: o.mp4"
        try write("jobs: [{framerate: 24, \(keys)\(output)}]\n".replacing("{framerate: 24, pic", with: "{pic"))
        try folder.fail("sluice batch m.yaml", status: 78, saying: reason)
        #expect(!folder.exists("o.mp4"))
    }

    @Test("A job of pictures takes listed times in place of a rate", .mustEnd)
    func listedTimes() throws {
        let times = "# timestamp format v2\n0\n40\n100\n110\n500\n"
        try folder.write(Array(times.utf8), to: "times")
        try write("jobs: [{pictures: \"few/*.png\", frame-times: times, output: o.mp4}]\n")
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        #expect(try folder.batch("m.yaml").statuses == ["up to date"])
        let script = "ffprobe -v error -show_entries packet=pts -of csv=p=0 o.mp4"
        let ticks = try folder.succeed(script).lines.compactMap { Int($0.filter { $0 != "," }) }.sorted()
        #expect(ticks == [0, 40_000, 100_000, 110_000, 500_000])
    }
}
