import Foundation
import Testing

@Suite("Input files and existing files", .mustEnd)
struct PlaceTests {
    let folder: TemporaryFolder
    private let raw = "-s 64x48 -r 30 -p i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 10 > a.yuv")
        try folder.succeed(
            "sluice testsrc -s 64x48 --frames 10 -o a.y4m; sluice a.yuv \(raw) -o a.h264 --receipt r.json"
        )
        try folder.succeed("sluice a.yuv \(raw) --format avcc --description d.avcc -o a.avcc --chunks c.jsonl")
        try folder.write(Array(#"{"frame":3,"keyFrame":true}"#.utf8), to: "f.jsonl")
    }

    /// Runs commands that would each replace a file that they read, and finds every file as it was.
    private func refuse(_ commands: [String], saying words: String) throws {
        func contents() throws -> [String: [UInt8]] {
            let files = folder.names.filter { !$0.contains(".shards") }
            return try Dictionary(uniqueKeysWithValues: files.map { ($0, try folder.bytes($0)) })
        }
        let before = try contents()
        for command in commands { try folder.fail("sluice \(command) --overwrite", status: 64, saying: words) }
        #expect(try contents() == before)
    }

    @Test("An output of encode must not be a file that it reads, for any purpose")
    func encode() throws {
        try folder.succeed("ln a.yuv hard.yuv; ln -s a.yuv soft.yuv")
        let outputs = ["-o a.yuv --format annexb", "-o o.h264 --chunks hard.yuv", "-o o.h264 --receipt soft.yuv"]
        try refuse(outputs.map { "a.yuv \(raw) \($0)" }, saying: "is the input")
        try refuse(["a.yuv \(raw) --frame-options f.jsonl --chunks f.jsonl -o o.h264"], saying: "is an input")
    }

    @Test("Standard output must not be a file that is read")
    func standardOutput() throws {
        let before = try folder.bytes("a.yuv")
        try folder.fail("sluice a.yuv \(raw) --format annexb -o - >> a.yuv", status: 64, saying: "is the input")
        try folder.fail("sluice - \(raw) --format annexb -o - < a.yuv 1<> a.yuv", status: 64, saying: "is the input")
        #expect(try folder.bytes("a.yuv") == before)
    }

    @Test("An output of layers must not be its input, by name or as standard output")
    func layers() throws {
        let layers = "layers a.h264 --scalability-mode L1T2 --max-temporal-layer 0"
        try refuse(["\(layers) -o a.h264"], saying: "is the input")
        let before = try folder.bytes("a.h264")
        try folder.fail("sluice \(layers) -o - >> a.h264", status: 64, saying: "is the input")
        #expect(try folder.bytes("a.h264") == before)
    }

    @Test("An output of decode, inspect, plan and join must not be a file that they read")
    func others() throws {
        let avcc = "decode a.avcc --input-format avcc --description d.avcc --format raw"
        try refuse(["\(avcc) -o d.avcc"], saying: "is the decoder's description")
        let lines = "decode a.avcc --chunks c.jsonl --format raw"
        try refuse(["\(lines) -o c.jsonl", "\(lines) -o o.raw --receipt c.jsonl"], saying: "is the chunk lines")
        try refuse(["inspect a.h264 --html a.yuv --source a.yuv -s 64x48 -p i420"], saying: "is the source")
        try refuse(["inspect a.h264 --html r.json --receipt r.json"], saying: "is an input")
        try refuse(["inspect a.avcc --html c.jsonl --chunks c.jsonl"], saying: "is the chunk lines")
        try folder.fail(
            "sluice plan --segment-frames 5 --overwrite -o a.yuv a.yuv \(raw) --format annexb",
            status: 64,
            saying: "is the input"
        )
        try folder.succeed("sluice plan --segment-frames 5 -o p.json a.yuv \(raw) --format annexb")
        try folder.succeed("sluice shard p.json --index 0 && sluice shard p.json --index 1")
        try refuse(["join p.json --format annexb -o a.yuv"], saying: "is the input")
        let others = ["-o p.json", "-o o.h264 --receipt p.json", "-o p.shards/000000.shard", "-o p.shards/000001.json"]
        try refuse(others.map { "join p.json --format annexb \($0)" }, saying: "is an input")
        try folder.succeed("sluice join p.json -o o.h264")
    }

    @Test("An input must not have the name of the partial output after a signal")
    func partial() throws {
        try folder.succeed("cp a.y4m o.mp4.partial; mkdir q.mp4.partial")
        let before = try folder.bytes("o.mp4.partial")
        try folder.fail("sluice o.mp4.partial -o o.mp4", status: 64, saying: "o.mp4.partial is the input")
        try folder.fail("sluice a.y4m -o o.mp4 --chunks o.mp4.partial", status: 64, saying: "is another output")
        try folder.fail(
            "sluice decode a.h264 -o o.yuv --receipt o.yuv.partial",
            status: 64,
            saying: "is another output"
        )
        try folder.fail("sluice a.y4m -o q.mp4", status: 73, saying: "q.mp4.partial cannot be created: File exists")
        #expect(try folder.bytes("o.mp4.partial") == before)
    }

    @Test("A report of a batch must not replace a file that the batch reads")
    func reports() throws {
        let manifest = "jobs: [{input: a.y4m, output: o.mp4, chunks: o.jsonl}]\n"
        try folder.write(Array(manifest.utf8), to: "m.yaml")
        for name in ["a.y4m", "m.yaml", "o.mp4", "o.jsonl", "o.mp4.receipt.json"] {
            try folder.fail(
                "sluice batch m.yaml --report \(name)",
                status: 64,
                saying: "\(name) is",
                "also be an output"
            )
        }
        try folder.fail("sluice batch m.yaml --html nowhere/x.html", status: 73, saying: "nowhere/x.html")
        #expect(!folder.exists("o.mp4"))
        // A folder that the outputs are in is made before the reports are written.
        try folder.fail(
            "sluice batch m.yaml --output-directory d --html d/o.mp4",
            status: 64,
            saying: "d/o.mp4 is an output"
        )
        try folder.succeed("sluice batch m.yaml --output-directory d --html d/index.html --quiet")
        #expect(folder.exists("d/index.html") && folder.exists("d/o.mp4"))
        try folder.write(Array("jobs: [{input: a.y4m, output: o.mp4, chunks: m.yaml}]".utf8), to: "m.yaml")
        try folder.fail("sluice batch m.yaml --overwrite", status: 78, saying: "m.yaml is the manifest")
        try folder.write(Array("jobs: [{input: o.mp4.partial, output: o.mp4}]".utf8), to: "m.yaml")
        try folder.succeed("cp a.y4m o.mp4.partial")
        try folder.fail("sluice batch m.yaml", status: 78, saying: "o.mp4.partial is the name of the partial output")
    }

    @Test(
        "An existing device, FIFO or link is kept by a job that fails"
    )
    func failedJob() throws {
        let job = """
            jobs: [{command: [sh, -c, "cat a.y4m; echo >> a.yuv"], inputs: [a.yuv], output: l.mp4, index-at-end: true, chunks: /dev/null}]
            """
        try folder.write(Array(job.utf8), to: "m.yaml")
        try folder.succeed("mkdir kept; echo precious > kept/l.mp4; ln -s kept/l.mp4 l.mp4")
        try folder.fail(
            "sluice batch m.yaml --allow-absolute-paths --overwrite --quiet",
            status: 65,
            saying: "a.yuv changed while it was encoded"
        )
        // The link stays; what it led to was to be replaced, and was.
        try folder.succeed("test -L l.mp4 && test -c /dev/null && test ! -e kept/l.mp4")
    }

    @Test("An existing file that a batch does not use is kept")
    func bystander() throws {
        try folder.write(Array("jobs: [{input: a.y4m, output: o.mp4}]".utf8), to: "m.yaml")
        try folder.succeed("echo precious > o.mp4.partial; sluice batch m.yaml --quiet")
        #expect(try folder.text("o.mp4.partial") == "precious\n")
    }

    @Test("A file name with control characters does not control the terminal")
    func controls() throws {
        let outcome = try folder.run(#"sluice "$(printf 'a\033[31m\a.yuv')" \#(raw) -o o.h264"#)
        #expect(outcome.ending == .exited(66))
        #expect(outcome.errors.contains(#"a\u{1b}[31m\u{7}.yuv"#) && !outcome.errors.contains("\u{1B}"))
    }

    @Test(
        "Several outputs may be the same device, such as /dev/null"
    )
    func devices() throws {
        try folder.succeed("sluice a.yuv \(raw) -o o.h264 --chunks /dev/null --receipt /dev/null")
    }

    @Test("An output whose name is a dangling symbolic link is refused")
    func danglingLink() throws {
        try folder.fail(
            "ln -s gone l; sluice a.yuv \(raw) --format annexb --overwrite -o l",
            status: 73,
            saying: "l is a dangling symbolic link"
        )
    }
}
