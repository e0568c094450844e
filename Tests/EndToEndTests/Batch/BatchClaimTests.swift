import Foundation
import Testing

@Suite("A batch among foreign files", .mustEnd)
struct BatchClaimTests {
    let folder: TemporaryFolder
    private let job = "size: 64x48, framerate: 30, pixel-format: i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 6 > a.yuv")
        try write("jobs: [{input: a.yuv, output: a.mp4, \(job)}]")
    }

    private func write(_ text: String) throws { try folder.write(Array(text.utf8), to: "m.yaml") }

    /// A whole receipt, so that what is refused is what it tells of.
    private static let receipt = """
        {"config":{"alpha":"discard","avcFormat":"avc","bitDepth":8,"bitrateMode":"variable","chroma":"420","chromaLocation":0,\
        "codec":"avc1.64000A","colorSpace":{"fullRange":false},"encoder":"libx264","encoderOptions":[],"flip":false,\
        "framerate":"30","hardwareAcceleration":"no-preference","height":48,"hevcFormat":"hevc","isSegment":false,\
        "latencyMode":"quality","lossless":false,"rotation":0,"scalabilityMode":"L1T1","width":64},"cpuSeconds":1,\
        "input":{"bytes":27648,"droppedBytes":0,"frames":6,"name":"a.yuv"},"job":{"configuration":"CONF","inputs":[]},\
        "libraries":{},"notices":[],"output":{"bytes":9,"chunks":6,"format":"mp4","keyChunks":1,"name":"a.mp4","sha256":"SHA"},\
        "peakMemoryBytes":1,"program":"sluice 0.1.0","status":"complete","version":1,\
        "waiting":{"encode":0,"ingest":0,"output":0,"queue":0},"wallSeconds":1}
        """

    @Test(
        "A batch does not replace a file that its claim or receipt does not name (fault M3)",
        arguments: [
            "touch .a.mp4.batch", "ln -s nowhere .a.mp4.batch", "ln -s a.mp4 .a.mp4.batch", "echo '{}' > .a.mp4.batch",
            #"echo '{"claim":1,"output":"a.mp4","manifest":"m","configuration":"c"}' > .a.mp4.batch"#,
            #"echo '{"claim":1,"output":"b.mp4","manifest":"m","configuration":"c"}' > .a.mp4.batch"#,
            "cp empty.json a.mp4.receipt.json", "cp named.json a.mp4.receipt.json",
        ]
    )
    func hostileMarkers(make: String) throws {
        let (empty, named) = (
            Self.receipt.replacing("CONF", with: ""),
            Self.receipt.replacing("CONF", with: String(repeating: "0", count: 64))
        )
        try folder.write(Array(empty.utf8), to: "empty.json")
        try folder.write(Array(named.replacing("SHA", with: String(repeating: "0", count: 64)).utf8), to: "named.json")
        try folder.succeed("echo precious > a.mp4; echo mine > .a.mp4.mine.sluice; \(make)")
        let outcome = try folder.run("sluice batch m.yaml")
        #expect([.exited(78), .exited(73)].contains(outcome.ending), "\(outcome.ending): \(outcome.errors)")
        #expect(outcome.errors.contains("a.mp4"))
        #expect(try folder.text("a.mp4") == "precious\n" && folder.text(".a.mp4.mine.sluice") == "mine\n")
        #expect(!folder.exists("nowhere"))
    }

    @Test(
        "A batch writes nothing through a link in the place of its claim (fault M4)",
        arguments: ["elsewhere/outside", "victim"]
    )
    func marker(target: String) throws {
        try folder.succeed("mkdir elsewhere; echo precious > victim; ln -s \(target) .a.mp4.batch")
        try folder.fail("sluice batch m.yaml --quiet", status: 73, saying: ".a.mp4.batch next to a.mp4 is not a claim")
        #expect(!folder.exists("elsewhere/outside") && !folder.exists("a.mp4"))
        #expect(try folder.text("victim") == "precious\n")
    }

    @Test("A batch trusts no claim and no receipt of another user (fault M3)", needsRoot)
    func otherUser() throws {
        try folder.succeed(
            "mkdir shared; sluice batch m.yaml --quiet; cp -p a.mp4 a.mp4.receipt.json a.yuv m.yaml shared"
        )
        try folder.asNobody("true")
        try folder.succeed("chown 65534 shared/a.mp4.receipt.json; echo changed >> shared/a.mp4")
        try folder.fail("sluice batch shared/m.yaml", status: 73, saying: "that a batch wrote it")
        try folder.succeed("rm shared/a.mp4*")
        let claim = #"{"claim":1,"output":"a.mp4","manifest":"m","configuration":"c"}"#
        try folder.write(Array("\(claim)\n".utf8), to: "claim")
        try folder.asNobody("cp ../claim .a.mp4.batch")
        try folder.fail(
            "sluice batch shared/m.yaml --quiet",
            status: 73,
            saying: "is not a claim of a batch of this user"
        )
        #expect(!folder.exists("shared/a.mp4"))
    }

    @Test(
        "A batch replaces its own output after it was changed or copied, and not a foreign file in its place (fault M3)"
    )
    func own() throws {
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        try folder.succeed("printf x | dd of=a.mp4 bs=1 seek=100 conv=notrunc 2>&1")
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        try folder.succeed("cp a.mp4 copy; rm a.mp4; mv copy a.mp4; head -c 4608 a.yuv >> a.yuv")
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        try folder.succeed("rm a.mp4; echo precious > other; mv other a.mp4")
        try folder.fail("sluice batch m.yaml", status: 73, saying: "that a batch wrote it")
        // Of the same size, so that only its bytes tell.
        try folder.succeed(
            "size=$(grep -o '\"bytes\":[0-9]*,\"chunks\"' a.mp4.receipt.json | grep -o '[0-9]*'); truncate -s $size a.mp4"
        )
        try folder.fail("sluice batch m.yaml --quiet", status: 73, saying: "a.mp4 exists")
        #expect(try folder.bytes("a.mp4").starts(with: Array("precious\n".utf8)))
    }

    @Test("A batch takes over the files of a killed batch, at any moment")
    func killed() throws {
        try write("jobs: [{command: [sh, -c, 'cat a.yuv; [ -e go ] || sleep 60'], output: a.mp4, \(job)}]")
        let running = try Running("batch m.yaml", in: folder)
        try #require(running.wait(until: { folder.exists(".a.mp4.batch") }))
        running.child.send(SIGKILL)
        _ = running.child.wait(atMost: 10)
        #expect(running.wait(until: { (try? folder.processes()) == 0 }, atMost: 10))
        #expect(folder.exists(".a.mp4.batch") && !folder.exists("a.mp4"))
        // The output and its receipt had been about to get their names, and the output has it.
        try folder.succeed("echo half > a.mp4; touch go")
        let inode = try folder.succeed("stat -c %i a.mp4").text.trimmingCharacters(in: .newlines)
        let files = #"[{"name":"a.mp4","device":1,"inode":\#(inode)}]"#
        try folder.succeed("cp .a.mp4.batch before; echo '\(files)' >> .a.mp4.batch")
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        #expect(try folder.frameCount("a.mp4") == 6 && !folder.exists(".a.mp4.batch"))
        try folder.succeed("rm a.mp4.receipt.json a.mp4; mv before .a.mp4.batch; echo precious > a.mp4")
        try folder.fail("sluice batch m.yaml", status: 73, saying: "that a batch wrote it")
    }

    @Test(
        "A batch writes in the folder that it opened, or not at all, when another folder takes its place (fault M5)",
        arguments: [false, true]
    )
    func movedFolder(isRoot: Bool) throws {
        try folder.succeed("mkdir -p in/out other; mv a.yuv in")
        let second = "{input: a.yuv, output: \(isRoot ? "" : "out/")b.mp4, \(job)}"
        let first = "{command: [sh, -c, 'while [ ! -e ../go ]; do sleep 0.05; done; cat a.yuv'], output: c.mp4, \(job)}"
        try folder.write(Array("jobs: [\(first), \(second)]".utf8), to: "in/m.yaml")
        let flags = isRoot ? "--output-directory in/out" : ""
        let running = try Running("batch in/m.yaml \(flags) --jobs 1 --progress none", in: folder)
        try #require(running.wait(until: { folder.exists(isRoot ? "in/out/.c.mp4.batch" : "in/.c.mp4.batch") }))
        try folder.succeed("mv in/out in/old; ln -s ../other in/out; touch go")
        #expect(running.child.wait(atMost: 30) == (isRoot ? .exited(0) : .exited(73)))
        #expect(try folder.succeed("ls -A other").text == "")
        if isRoot { #expect(folder.exists("in/old/b.mp4") && folder.exists("in/old/c.mp4")) }
    }

    @Test(
        "A batch finds finished outputs in the folder that it opened, not in the one that its path leads to now (fault M5)"
    )
    func finishedInMovedFolder() throws {
        try folder.succeed("mkdir in; mv a.yuv in")
        let first = "{command: [sh, -c, 'while [ ! -e ../go ]; do sleep 0.05; done; cat a.yuv'], output: c.mp4, \(job)}"
        try folder.write(Array("jobs: [\(first), {input: a.yuv, output: b.mp4, \(job)}]".utf8), to: "in/m.yaml")
        let batch = "batch in/m.yaml --output-directory in/out --jobs 1 --report report.json"
        try folder.succeed("touch go; sluice \(batch) --quiet; rm go in/out/c.mp4")
        let running = try Running("\(batch) --progress none", in: folder)
        try #require(running.wait(until: { folder.exists("in/out/.c.mp4.batch") }))
        try folder.succeed("mv in/out in/old; mkdir in/out; touch go")
        #expect(running.child.wait(atMost: 30) == .exited(0))
        let report = try JSONDecoder().decode(BatchReport.self, from: Data(folder.bytes("report.json")))
        #expect(report.statuses == ["done", "up to date"])
        #expect(try folder.succeed("ls -A in/out").text == "" && folder.frameCount("in/old/c.mp4") == 6)
    }
}
