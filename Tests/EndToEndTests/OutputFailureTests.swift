import Foundation
import Testing

@Suite("An output that fails")
struct OutputFailureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let source = "sluice testsrc -s 64x48 --frames 100"
    private let encode = "sluice -s 64x48 -r 30 -p rgba"

    @Test("An output that fails because the disk is full is 74, and no file is left", .mustEnd)
    func diskFull() throws {
        let full = "No space left on device"
        try folder.fail("\(source) | \(encode) --format annexb -o /dev/full", status: 74, saying: full)
        try folder.fail("\(source) | \(encode) -o a.h264 --chunks /dev/full", status: 74, saying: full)
        try folder.fail("\(source) | \(encode) -o a.h264 --receipt /dev/full", status: 74, saying: full)
        try folder.fail("\(source) | \(encode) --format annexb -o - > /dev/full", status: 74, saying: full)
        try folder.fail("\(source) | \(encode) -o a.h264 --receipt - > /dev/full", status: 74, saying: full)
        #expect(folder.names == [])
    }

    @Test("An output that fails because a file may grow no more is 74, and no file is left", .mustEnd)
    func fileSize() throws {
        let limited = "trap '' XFSZ; ulimit -f 4; \(encode) --quantizer 1 -o a.h264"
        try folder.fail("\(source) | { \(limited); }", status: 74, saying: "a.h264", "File too large")
        #expect(folder.names == [])
    }

    @Test(
        "An output of --json that fails is 74, and is reported where that is possible",
        .mustEnd,
        arguments: [
            "a.y4m -o o.mp4 --overwrite", "decode a.h264 -o o.raw --overwrite", "inspect a.h264",
            "compare a.y4m a.h264",
            "layers a.h264 --scalability-mode L1T2 --max-temporal-layer 0 -o o.h264 --overwrite",
            "plan -o p.json --overwrite --segment-frames 5 a.y4m --format mp4", "probe --require vp8@64x48p30",
        ]
    )
    func result(command: String) throws {
        try folder.succeed("\(source) --format y4m -o a.y4m; sluice a.y4m --scalability-mode L1T2 -o a.h264")
        let word = "writing to standard output failed: No space left on device"
        try folder.fail("sluice \(command) --json > /dev/full", status: 74, saying: word)
    }

    @Test(
        "A failed write of help, a version or a completion script is 74, as that of a result",
        .mustEnd,
        arguments: [
            "--help", "--version", "help", "help encode", "encode --help", "probe --help", "batch --help",
            "--generate-completion-script bash", "--experimental-dump-help",
        ]
    )
    func words(asked: String) throws {
        let word = "writing to standard output failed: No space left on device"
        try folder.fail("sluice \(asked) > /dev/full", status: 74, saying: word)
        let whole = try folder.succeed("sluice \(asked)")
        #expect(!whole.output.isEmpty && whole.output.last == UInt8(ascii: "\n") && whole.errors == "")
    }

    @Test("An output that fails because its file system is full is 74, and no file is left", .mustEnd)
    func fileSystem() throws {
        // In a name space of its own the file system may be mounted without being root outside.
        let mount = "mkdir disk; mount -t tmpfs -o size=64k none disk"
        let run = "\(source) | \(encode) --quantizer 1 -o disk/a.h264; status=$?; ls -A disk; exit $status"
        let outcome = try folder.run("unshare -rm bash -c 'set -o pipefail; \(mount) || exit 99; \(run)'")
        if outcome.ending == .exited(99) || outcome.errors.contains("unshare") {
            // If mounting is not possible, /dev/full gives the same error.
            try folder.fail("\(source) | \(encode) --format annexb -o /dev/full", status: 74)
        } else {
            #expect(outcome.ending == .exited(74), "\(outcome.errors)")
            #expect(outcome.errors.contains("No space left on device") && outcome.text == "")
        }
    }

    @Test("An output that fails because downstream closes the pipe is 74 and reports so", .mustEnd)
    func closedPipe() throws {
        let command = "\(source) | \(encode) --quantizer 1 --format annexb -o - | head -c 100 > /dev/null"
        let outcome = try folder.run("\(command); echo ${PIPESTATUS[1]}")
        #expect(outcome.text == "74\n")
        #expect(outcome.errors.contains("standard output was closed by its reader"))
    }

    @Test("An output that fails because stdout is closed is an error", .mustEnd)
    func closedOutput() throws {
        let outcome = try folder.run("\(source) | \(encode) --format annexb -o - >&-")
        #expect([.exited(73), .exited(74)].contains(outcome.ending), "\(outcome.ending): \(outcome.errors)")
    }

    @Test("An output that exists is 73, and the file does not change", .mustEnd)
    func exists() throws {
        let old = Array("old".utf8)
        for name in ["a.h264", "a.jsonl", "a.json", "a.avcC"] {
            try folder.write(old, to: name)
            let outputs = ["a.h264", "a.jsonl", "a.json", "a.avcC"].map { $0 == name ? $0 : "new.\($0)" }
            let flags = "--format avcc -o \(outputs[0]) --chunks \(outputs[1]) --receipt \(outputs[2])"
            let command = "\(source) | \(encode) \(flags) --description \(outputs[3])"
            try folder.fail(command, status: 73, saying: "\(name) exists (--overwrite replaces it)")
            #expect(try folder.bytes(name) == old)
            #expect(folder.names == [name])
            try folder.succeed("rm \(name)")
        }
    }

    @Test("An output that exists is refused before a frame is read", .mustEnd)
    func existsEarly() throws {
        try folder.write([1], to: "a.h264")
        let wait = "mkfifo frames; exec 9<>frames;"
        for flags in ["-o a.h264", "-o b.h264 --receipt a.h264", "-o b.h264 --chunks a.h264"] {
            let outcome = try folder.run("rm -f frames; \(wait) \(encode) \(flags) frames", timeLimit: 5)
            #expect(outcome.ending == .exited(73), "\(flags)")
        }
    }

    @Test("An output that fails with --overwrite keeps the old file", .mustEnd)
    func overwriteFails() throws {
        try folder.write([1, 2, 3], to: "a.h264")
        let failures = [
            "head -c 40000 /dev/zero | \(encode) -o a.h264 --overwrite", "\(encode) -o a.h264 --overwrite < /dev/null",
            "\(source) | \(encode) -o a.h264 --overwrite --chunks /dev/full",
        ]
        for command in failures {
            #expect(try folder.run(command).ending != .exited(0))
            #expect(try folder.bytes("a.h264") == [1, 2, 3], "\(command)")
            #expect(folder.names == ["a.h264"])
        }
        try folder.succeed("\(source) | \(encode) -o a.h264 --overwrite")
        #expect(try folder.frameCount("a.h264") == 100)
        #expect(folder.names == ["a.h264"])
    }

    @Test("An output that cannot be created is 73 with the requested name", .mustEnd)
    func cannotCreate() throws {
        let missing = "nowhere/a.h264 cannot be created: No such file or directory"
        try folder.fail("\(source) | \(encode) -o nowhere/a.h264", status: 73, saying: missing)
        try folder.fail(
            "mkdir dir.h264; \(source) | \(encode) -o dir.h264",
            status: 73,
            saying: "dir.h264",
            "directory"
        )
        try folder.fail("touch file; \(source) | \(encode) -o file/a.h264", status: 73, saying: "file/a.h264")
    }

    @Test("An output without write permission is 73 with the requested name", .mustEnd)
    func notPermitted() throws {
        // Root may write anywhere: without its capabilities it may not.
        let user = getuid() == 0 ? "setpriv --bounding-set -all --inh-caps -all" : ""
        try folder.succeed("mkdir locked; chmod 555 locked")
        try folder.fail(
            "\(source) -o in.raw; \(user) \(encode) -o locked/a.h264 in.raw",
            status: 73,
            saying: "locked/a.h264 cannot be created: Permission denied"
        )
    }

    @Test("An output with a name that is too long is refused before a frame is read", .mustEnd)
    func longName() throws {
        let name = String(repeating: "x", count: 300) + ".h264"
        try folder.fail("\(source) | \(encode) -o \(name)", status: 73, saying: "File name too long")
        #expect(folder.names == [])
    }

    @Test("A failed run keeps a FIFO or a device that is its output", .mustEnd)
    func inPlace() throws {
        let copy = "mkfifo out.h264; cat out.h264 > copy.h264 &"
        try folder.succeed("\(copy) \(source) | \(encode) -o out.h264; wait; test -p out.h264")
        #expect(try folder.frameCount("copy.h264") == 100)
    }
}
