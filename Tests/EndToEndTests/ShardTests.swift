import Foundation
import TestSupport
import Testing

@Suite("A plan and its shards")
struct ShardTests {
    let folder: TemporaryFolder
    private static let size = "-s 64x48 -r 30"

    init() throws { folder = try TemporaryFolder() }

    /// Plans 50 frames in four segments, of which the last is longer.
    private func plan(_ flags: String, format: String, source: String? = nil) throws {
        let source = try source ?? "\(folder.source(frames: 50)) \(Self.size) -p i420"
        try folder.succeed(
            "sluice plan \(source) \(flags) --format \(format) --segment-frames 12 -o plan.json --overwrite"
        )
    }

    private func encodeShards(_ indices: some Sequence<Int> = 0..<4) throws {
        for index in indices { try folder.succeed("sluice shard plan.json --index \(index)") }
    }

    private static let carriages = [
        ("h264", "mp4"), ("h264", "annexb"), ("hevc", "mkv"), ("vp8", "ivf"), ("vp9", "webm"), ("av1", "obu"),
        ("av1", "mp4"),
        ("h264", "avcc"),
    ].map { Carriage(codec: $0.0, format: $0.1, file: "out.\($0.1)") }

    @Test(
        "Shards of a plan give the bytes of one machine, in any order of encoding",
        .mustEnd,
        arguments: carriages
    )
    func sameBytes(_ carriage: Carriage) throws {
        try plan(Quick.flags(carriage.codec), format: carriage.format)
        try encodeShards([1, 3, 0, 2])
        try folder.succeed("sluice join plan.json -o joined --chunks joined.jsonl --verify --min-psnr 20")
        let here = "sluice \(try folder.source(frames: 50)) \(Self.size) -p i420 \(Quick.flags(carriage.codec))"
        try folder.succeed(
            "\(here) --parallel 2 --segment-frames 12 --format \(carriage.format) -o here --chunks here.jsonl"
        )
        #expect(try folder.sha256("joined") == folder.sha256("here"))
        #expect(try folder.text("joined.jsonl") == folder.text("here.jsonl"))
    }

    @Test(
        "A plan and its shards keep transparency, layers, options for single frames, Y4M and parts of a file",
        .mustEnd
    )
    func everything() throws {
        try folder.write(Array("{\"frame\":17,\"keyFrame\":true}\n".utf8), to: "frames.jsonl")
        let rgba = try folder.source("rgba", frames: 50)
        let flags = "--codec vp9 --preset 5 --alpha keep --frame-options frames.jsonl --skip 3 --frames 30"
        try plan("\(Self.size) -p rgba \(flags)", format: "webm", source: rgba)
        try FileManager.default.removeItem(at: folder.file("frames.jsonl"))
        try encodeShards(0..<3)
        try folder.succeed("sluice join plan.json -o joined.webm")
        try folder.write(Array("{\"frame\":17,\"keyFrame\":true}\n".utf8), to: "frames.jsonl")
        try folder.succeed("sluice \(rgba) \(Self.size) -p rgba \(flags) --parallel 2 --segment-frames 12 -o here.webm")
        #expect(try folder.sha256("joined.webm") == folder.sha256("here.webm"))

        let source = try folder.source(frames: 50)
        try folder.succeed("ffmpeg -v error -f rawvideo -s 64x48 -r 30 -i \(source) -pix_fmt yuv420p in.y4m")
        try plan("--scalability-mode L1T3 --preset veryfast", format: "mp4", source: "in.y4m")
        try FileManager.default.removeItem(at: folder.file("plan.shards"))
        try encodeShards()
        try FileManager.default.moveItem(at: folder.file("in.y4m"), to: folder.file("elsewhere.y4m"))
        try folder.succeed("sluice join plan.json -o joined.mp4")
        try folder.succeed(
            "sluice elsewhere.y4m --scalability-mode L1T3 --preset veryfast --parallel 1 --segment-frames 12 -o here.mp4"
        )
        #expect(try folder.sha256("joined.mp4") == folder.sha256("here.mp4"))
    }

    @Test("Shards that exist are not encoded again, and damaged ones are", .mustEnd)
    func idempotent() throws {
        try plan("--preset veryfast", format: "mp4")
        try encodeShards()
        let before = try folder.bytes("plan.shards/000002.shard")
        let again = try folder.succeed("SLURM_ARRAY_TASK_ID=2 sluice shard plan.json --index auto --json")
        #expect(again.text.contains("\"status\":\"up to date\""))
        try folder.write(Array(before.dropLast()), to: "plan.shards/000002.shard")
        let mended = try folder.succeed("JOB_COMPLETION_INDEX=2 sluice shard plan.json --index auto --json")
        #expect(mended.text.contains("\"status\":\"encoded\""))
        #expect(try folder.bytes("plan.shards/000002.shard") == before)
        // Another plan's shards are not this one's.
        try plan("--preset veryfast --crf 30", format: "mp4")
        try folder.fail("sluice join plan.json -o out.mp4", status: 78, saying: "of another plan 4 (0-3)")
    }

    @Test("Shards are joined all or not at all", .mustEnd)
    func incomplete() throws {
        try plan("--preset veryfast", format: "mp4")
        try encodeShards([0, 3])
        try folder.fail("sluice join plan.json -o out.mp4", status: 66, saying: "missing 2 (1,2)")
        try encodeShards([1, 2])
        let whole = try folder.bytes("plan.shards/000003.shard")
        for (count, change) in [whole.count / 2, whole.count - 5, 2].enumerated() {
            var bytes = whole
            if count == 1 { bytes[change] ^= 1 } else { bytes.removeLast(bytes.count - change) }
            try folder.write(bytes, to: "plan.shards/000003.shard")
            try folder.fail("sluice join plan.json -o out.mp4", status: 65, saying: "000003.shard")
            #expect(!folder.exists("out.mp4"))
        }
        try folder.write(whole, to: "plan.shards/000003.shard")
        try folder.succeed("sluice join plan.json -o out.mp4")
        try folder.fail("sluice join plan.json -o out.mp4", status: 73, saying: "--overwrite")
        try folder.fail("sluice join plan.json -o out.webm --format webm", status: 64, saying: "mp4")
    }

    /// The unusable shards of `join --json`, and its exit status.
    private func unusable() throws -> (status: Int?, shards: [String: [Int]]) {
        let outcome = try folder.run("sluice join plan.json -o out.mp4 --json")
        let object = try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
        let error = try #require(object?["error"] as? [String: Any])
        let shards = try #require(error["shards"] as? [String: Any])
        #expect(outcome.ending == .exited(Int32(error["code"] as? Int ?? -1)))
        return (error["code"] as? Int, shards.compactMapValues { $0 as? [Int] })
    }

    @Test(
        "Shards that cannot be joined are all reported at once, by reason (fault O16)",
        .mustEnd
    )
    func unusableShards() throws {
        let source = "\(try folder.source(frames: 50)) \(Self.size) -p i420 --preset veryfast --format mp4"
        try folder.succeed("sluice plan \(source) --crf 30 --segment-frames 5 -o plan.json")
        try folder.succeed("for i in 7 8; do sluice shard plan.json --index $i --quiet; done; mv plan.shards other")
        try folder.succeed("sluice plan \(source) --segment-frames 5 -o plan.json --overwrite")
        try folder.succeed("for i in 0 1 2 3 4 5 6 9; do sluice shard plan.json --index $i --quiet; done")
        try folder.succeed("rm plan.shards/000000.* plan.shards/000003.json plan.shards/000004.shard")
        var bytes = try folder.bytes("plan.shards/000001.shard")
        bytes[bytes.count - 9] ^= 1
        try folder.write(bytes, to: "plan.shards/000001.shard")
        try folder.write(Array(try folder.bytes("plan.shards/000006.shard").dropLast()), to: "plan.shards/000006.shard")
        try folder.write(Array("{\"plan\":".utf8), to: "plan.shards/000009.json")
        let words = "missing 5 (0,3,4,7,8), damaged 3 (1,6,9); plan.shards/000001.shard is damaged"
        try folder.fail("sluice join plan.json -o out.mp4", status: 65, saying: "all 10 shards of the plan: \(words)")
        let few = try unusable()
        #expect(few.status == 65)
        #expect(few.shards == ["missing": [0, 3, 4, 7, 8], "damaged": [1, 6, 9], "ofAnotherPlan": []])
        try folder.succeed("cp other/* plan.shards")
        let more = "missing 3 (0,3,4), of another plan 2 (7,8), damaged 3 (1,6,9)"
        try folder.fail("sluice join plan.json -o out.mp4", status: 78, saying: more)
        #expect(try unusable().shards["ofAnotherPlan"] == [7, 8])
        try folder.succeed("rm plan.shards/*")
        try folder.fail("sluice join plan.json -o out.mp4", status: 66, saying: "missing 10 (0-9)")
        #expect(!folder.exists("out.mp4"))
    }

    @Test(
        "A plan whose arguments request help is refused, without printing help (fault N7)",
        .mustEnd
    )
    func help() throws {
        try plan("--preset veryfast", format: "mp4")
        let text = try folder.text("plan.json")
        let digest = try #require(text.firstMatch(of: /"digest":"([0-9a-f]+)"/)?.output.1)
        for word in ["--help", "-h", "--version", "--help-hidden"] {
            let bare = text.replacing(digest, with: "").replacing("\"veryfast\"", with: "\"veryfast\",\"\(word)\"")
            try folder.write(Array(bare.utf8), to: "bare.json")
            let signed = bare.replacing("\"digest\":\"\"", with: "\"digest\":\"\(try folder.sha256("bare.json"))\"")
            try folder.write(Array(signed.utf8), to: "wrong.json")
            let outcome = try folder.fail("sluice join wrong.json -o out.mp4", status: 78, saying: "wrong.json")
            #expect(outcome.errors.utf8.count < 300 && outcome.output.isEmpty, "\(outcome.errors)")
        }
    }

    @Test("A shard is refused if the input is not the planned one", .mustEnd)
    func changed() throws {
        let source = try folder.source(frames: 50)
        try plan("--preset veryfast", format: "mp4")
        var bytes = try folder.bytes(source)
        bytes[13 * 64 * 48 * 3 / 2] ^= 1
        try folder.write(bytes, to: "other.raw")
        try folder.succeed("sluice shard plan.json --index 0 --input other.raw")
        try folder.fail(
            "sluice shard plan.json --index 1 --input other.raw",
            status: 65,
            saying: "other.raw changed since it was planned, in the 12 frames from frame 12 on"
        )
        #expect(!folder.exists("plan.shards/000001.shard") && !folder.exists("plan.shards/000001.json"))
        try folder.write(Array(bytes.dropLast(64 * 48 * 3 / 2)), to: "other.raw")
        try folder.fail(
            "sluice shard plan.json --index 2 --input other.raw",
            status: 65,
            saying: "other.raw has 49 frames, but had 50 when it was planned"
        )
        try folder.fail("sluice shard plan.json --index 2 --input none.raw", status: 66)
    }

    @Test("A file that is not a plan, or a changed plan, is refused with 78", .mustEnd)
    func plans() throws {
        try plan("--preset veryfast", format: "mp4")
        let text = try folder.text("plan.json")
        for (before, after) in [
            ("\"frames\":50", "\"frames\":51"), ("veryfast", "medium"), ("\"version\":1", "\"version\":2"), ("{", "["),
        ] {
            try folder.write(Array(text.replacing(before, with: after).utf8), to: "wrong.json")
            try folder.fail("sluice shard wrong.json --index 0", status: 78, saying: "wrong.json")
            try folder.fail("sluice join wrong.json -o out.mp4", status: 78, saying: "wrong.json")
        }
        try folder.fail("sluice shard plan.json --index 4", status: 64, saying: "0...3")
        try folder.fail("sluice shard plan.json --index auto", status: 64, saying: "SLURM_ARRAY_TASK_ID")
        try folder.fail("CUE_IFRAME=x sluice shard plan.json --index auto", status: 64, saying: "CUE_IFRAME is \"x\"")
        try folder.fail("sluice shard none.json --index 0", status: 66)
    }

    @Test("A plan with impossible values is refused even if its digest is right", .mustEnd)
    func hostilePlans() throws {
        try plan("--preset veryfast", format: "mp4")
        let text = try folder.text("plan.json")
        let digest = try #require(text.firstMatch(of: /"digest":"([0-9a-f]+)"/)?.output.1)
        for (before, after) in [
            ("\"frames\":50", "\"frames\":\(Int.max)"), ("\"frames\":50", "\"frames\":-1"),
            ("\"segmentFrames\":12", "\"segmentFrames\":\(Int.max)"), ("\"segmentFrames\":12", "\"segmentFrames\":0"),
            ("\"start\":0", "\"start\":-1"),
        ] {
            let bare = text.replacing(digest, with: "").replacing(before, with: after)
            #expect(bare.contains(after))
            try folder.write(Array(bare.utf8), to: "bare.json")
            let signed = bare.replacing("\"digest\":\"\"", with: "\"digest\":\"\(try folder.sha256("bare.json"))\"")
            try folder.write(Array(signed.utf8), to: "wrong.json")
            try folder.fail("sluice shard wrong.json --index 0", status: 78, saying: "do not cover its frames")
        }
    }

    @Test(
        "A plan is refused if parts cannot be read separately, or for options of the join",
        .mustEnd
    )
    func refusals() throws {
        let source = try folder.source(frames: 50)
        let flags = "\(Self.size) -p i420 -o plan.json"
        try folder.fail("sluice plan \(source) \(flags)", status: 64, saying: "--format")
        try folder.fail("cat \(source) | sluice plan - \(flags) --format mp4", status: 64, saying: "standard input")
        try folder.succeed("sluice \(source) \(Self.size) -p i420 -o in.mp4")
        try folder.fail("sluice plan in.mp4 -o plan.json --format mp4", status: 69, saying: "decode it")
        for flag in ["--chunks c.jsonl", "--receipt r.json", "--verify", "--parallel 2", "--digest", "--copy-audio"] {
            let word = String(flag.split(separator: " ")[0])
            try folder.fail("sluice plan \(source) \(flags) --format mp4 \(flag)", status: 64, saying: word)
        }
        try folder.fail("sluice plan \(source) \(flags) --format mp4 --expect-frames 49", status: 65, saying: "49")
        try folder.fail(
            "head -c 100000 \(source) > short.raw; sluice plan short.raw \(flags) --format mp4",
            status: 65,
            saying: "frame 21"
        )
        #expect(!folder.exists("plan.json"))
    }

    @Test("A shard is complete or does not exist, whenever its encode is killed", .mustEnd)
    func killed() throws {
        var generator = SeededGenerator(for: "a shard that is killed")
        let source = try folder.source(size: "320x240", frames: 60)
        try folder.succeed(
            "sluice plan \(source) -s 320x240 -r 30 -p i420 --preset slow --format mp4 --segment-frames 60 -o plan.json"
        )
        for _ in 0..<10 {
            let seconds = Double.random(in: 0...0.4, using: &generator)
            _ = try folder.run("timeout -s KILL \(seconds) sluice shard plan.json --index 0")
            guard folder.exists("plan.shards/000000.json") else {
                try folder.fail("sluice join plan.json -o out.mp4 --overwrite", status: 66, saying: "missing 1 (0)")
                continue
            }
            try folder.succeed("sluice join plan.json -o out.mp4 --overwrite")
        }
        try folder.succeed("sluice shard plan.json --index 0 && sluice join plan.json -o out.mp4 --overwrite")
        #expect(try folder.frameCount("out.mp4") == 60)
    }

    @Test(
        "A shard that is started twice at once succeeds or fails temporarily, never permanently",
        .mustEnd
    )
    func startedTwice() throws {
        try plan("--codec vp8 --crf 30", format: "webm")
        let both = "for k in 1 2 3; do (sluice shard plan.json --index 0; echo $? >> statuses) & done; wait"
        try folder.succeed(both)
        let statuses = try folder.text("statuses").split(separator: "\n")
        #expect(statuses.count == 3 && statuses.contains("0") && statuses.allSatisfy { ["0", "75"].contains($0) })
        try folder.succeed("sluice shard plan.json --index 0")
    }
}
