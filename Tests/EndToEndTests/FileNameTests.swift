import Foundation
import Testing

@Suite("A file name", .mustEnd)
struct FileNameTests {
    let folder: TemporaryFolder
    private let raw = "-s 64x48 -r 30 -p i420"
    private let batch = "size: 64x48, framerate: 30, pixel-format: i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 6 > a.yuv")
    }

    /// Every name in a folder, byte by byte, as `printf %q` of bash has it.
    private func names(_ place: String) throws -> [Substring] {
        try folder.succeed("cd \(place); LC_ALL=C; for name in *; do printf '%q\n' \"$name\"; done").lines
    }

    @Test("A file name that is not UTF-8 works for every command, as an input and an output (fault I2)")
    func everyCommand() throws {
        let script = """
            set -e; mkdir d; B=$'b\\xff'; cp a.yuv $B.yuv
            sluice $B.yuv \(raw) -o d/$B.h264 --receipt d/$B.json --chunks d/$B.jsonl --verify --quiet
            sluice $B.yuv \(raw) --format avcc -o d/$B.avcc --description d/$B.avcC --quiet
            sluice decode d/$B.avcc --input-format avcc --description d/$B.avcC -o d/$B.y4m --quiet
            sluice decode d/$B.h264 --chunks d/$B.jsonl -o d/$B.i420 --quiet
            sluice compare $B.yuv d/$B.h264 -s 64x48 -p i420 > compared
            sluice inspect d/$B.h264 --html d/$B.html --receipt d/$B.json --source $B.yuv -s 64x48 -p i420 > inspected
            sluice testsrc --frames 1 -o d/$B.raw
            sluice plan --segment-frames 3 -o d/$B.plan $B.yuv \(raw) --format mp4 --quiet
            sluice shard d/$B.plan --index 0 --quiet; sluice shard d/$B.plan --index 1 --shards d/$B.plan.shards --quiet
            sluice join d/$B.plan -o d/$B.mp4 --quiet
            sluice $B.yuv \(raw) --codec vp8 --scalability-mode L1T2 -o d/$B.ivf --quiet
            sluice layers d/$B.ivf --scalability-mode L1T2 --max-temporal-layer 0 -o d/$B.2.ivf
            sluice probe --require vp8@64x48p30 --junit d/$B.xml > probed
            ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 d/$B.mp4
            """
        #expect(try folder.succeed(script).lines.last == "6")
        let endings = [
            "2.ivf", "avcC", "avcc", "h264", "html", "i420", "ivf", "json", "jsonl", "mp4", "plan", "plan.shards",
            "raw",
            "xml", "y4m",
        ]
        #expect(try names("d") == endings.map { "$'b\\377.\($0)'" })
    }

    @Test("A file name that is not UTF-8 is shown printable, and is unambiguous in JSON, which stays valid (fault I2)")
    func shown() throws {
        try folder.fail(#"sluice $'none\xff\xfe.yuv' \#(raw) -o x.mp4"#, status: 66, saying: #"none\xff\xfe.yuv"#)
        let json = try folder.run(#"sluice $'none\xff.yuv' \#(raw) -o x.mp4 --json"#)
        // U+10FE00 plus the byte, so that no other name is written so.
        #expect(json.text.contains(#"none\udbff\udeff.yuv"#))
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: json.output) }
        try folder.fail(
            #"touch $'x\xff.mp4'; sluice a.yuv \#(raw) -o $'x\xff.mp4'"#,
            status: 73,
            saying: #"x\xff.mp4 exists"#
        )
        #expect(
            try folder.run(#"sluice $'a\xe2\x80\xaegpj.yuv' \#(raw) -o x.mp4"#).errors.contains(#"a\u{202e}gpj.yuv"#)
        )
    }

    @Test("A file name that only looks like another's is another file's, for a glob and for outputs (faults I1 and I2)")
    func batchNames() throws {
        let script = """
            set -e; mkdir in; for name in $'\\xc3\\xa9' $'e\\xcc\\x81' $'\\xff' $'\\xfe'; do cp a.yuv in/$name.yuv; done
            printf 'jobs:\\n  - {input: "in/*.yuv", output: "out/${stem}.mp4", \(batch)}\\n' > m.yaml
            printf '  - {input: "in/\\xff.yuv", output: "out/named-\\xff.mp4", \(batch)}\\n' >> m.yaml
            """
        try folder.succeed(script)
        #expect(try folder.batch("m.yaml").statuses == Array(repeating: "done", count: 5))
        let found = try names("out").filter { !$0.contains("receipt") }
        #expect(
            found == [
                #"$'e\314\201.mp4'"#, #"$'named-\377.mp4'"#, #"$'\303\251.mp4'"#, #"$'\376.mp4'"#, #"$'\377.mp4'"#,
            ]
        )
        // Their receipts are theirs.
        #expect(try folder.batch("m.yaml").statuses == Array(repeating: "up to date", count: 5))
        try folder.succeed(#"head -c 4608 a.yuv >> $'in/e\xcc\x81.yuv'"#)
        #expect(try folder.batch("m.yaml").statuses.filter { $0 == "done" }.count == 1)
    }

    @Test(
        "A file name of up to 255 bytes works with all additional files, in a batch too (fault I6)",
        arguments: [235, 242, 247, 248, 255]
    )
    func long(length: Int) throws {
        let name = String(repeating: "x", count: length - 4) + ".mp4"
        try folder.succeed("mkdir out; sluice a.yuv \(raw) -o out/\(name) --quiet; rm out/*")
        try folder.write(
            Array("jobs: [{input: a.yuv, output: out/\(name), chunks: out/\(name.dropLast(5))l, \(batch)}]".utf8),
            to: "m.yaml"
        )
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        #expect(try folder.batch("m.yaml").statuses == ["up to date"])
        let beside = try FileManager.default.contentsOfDirectory(atPath: folder.file("out").path)
        #expect(beside.count == 3 && beside.contains(name))
        try folder.succeed("rm out/*.receipt.json")
        try folder.fail("sluice batch m.yaml", status: 73, saying: "that a batch wrote it")
    }

    @Test("A file name that is too long is refused before anything runs (fault I6)")
    func tooLong() throws {
        let name = String(repeating: "x", count: 256) + ".mp4"
        try folder.fail("sluice a.yuv \(raw) -o \(name)", status: 73, saying: "File name too long")
        try folder.write(Array("jobs: [{input: a.yuv, output: \(name), \(batch)}]".utf8), to: "m.yaml")
        try folder.fail("sluice batch m.yaml", status: 78, saying: "260 bytes")
    }

    @Test(
        "A file name among the arguments is read without a /proc (fault N6)",
        .enabled(if: getuid() == 0, "skipped: only root can mount over /proc")
    )
    func withoutProc() throws {
        try folder.write(Array("jobs: [{input: a.yuv, output: b.mp4, \(batch)}]".utf8), to: "m.yaml")
        let run = "mount -t tmpfs none /proc && sluice a.yuv \(raw) -o o.mp4 --verify && sluice batch m.yaml"
        try folder.succeed("unshare -m --propagation private bash -c '\(run)'")
        #expect(try folder.frameCount("o.mp4") == 6 && folder.frameCount("b.mp4") == 6)
        #expect(folder.names == ["a.yuv", "b.mp4", "b.mp4.receipt.json", "m.yaml", "o.mp4"])
    }

    @Test("A file name that has a line feed makes one line of every message, and stays as it is in receipts")
    func lineFeed() throws {
        let name = "x\nsluice: 100 frames in out.mp4"
        try folder.succeed("cp a.yuv $'x\\nsluice: 100 frames in out.mp4'")
        try folder.fail("sluice $'no\\nsuch' -o o.mp4", status: 66, saying: "no\\u{a}such cannot be opened")
        let outcome = try folder.succeed(
            "sluice $'x\\nsluice: 100 frames in out.mp4' \(raw) -o $'o\\n.h264' --receipt r.json"
        )
        #expect(outcome.errors.contains("o\\u{a}.h264") && !outcome.errors.contains("o\n.h264"))
        let receipt = try JSONSerialization.jsonObject(with: Data(folder.bytes("r.json"))) as? [String: Any]
        #expect((receipt?["input"] as? [String: Any])?["name"] as? String == name)
    }
}
