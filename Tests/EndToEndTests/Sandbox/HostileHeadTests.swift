import Foundation
import Testing

@Suite("A hostile media file", .mustEnd)
struct HostileHeadTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -pix_fmt yuv420p -c:v libx264 -f mpegts secret.ts"
        )
    }

    @Test(
        "A hostile media file that names another file is refused, by name and from standard input (faults A1, A2, A3)",
        arguments: HostileHeads.all
    )
    func refused(head: HostileHeads.Head) throws {
        try folder.write(head.bytes, to: "x.mp4")
        try folder.fail("sluice decode x.mp4 -o o.yuv", status: head.status, saying: "x.mp4", head.words)
        let pipe = "cat x.mp4 | sluice encode - --input-format media -o o.mp4"
        try folder.fail(pipe, status: head.status, saying: "standard input", head.words)
        #expect(folder.names == ["secret.ts", "x.mp4"])
    }

    @Test(
        "A hostile media file that is a list is reported as one by every command, also without an input type (fault A1)"
    )
    func everyCommand() throws {
        try folder.write(HostileHeads.all[0].bytes, to: "x.mp4")
        let commands = [
            "x.mp4 -o o.mp4", "inspect x.mp4", "compare x.mp4 secret.ts", "compare secret.ts x.mp4",
            "secret.ts -o - --format annexb | sluice inspect x.mp4",
        ]
        for command in commands {
            try folder.fail("sluice \(command)", status: 65, saying: "x.mp4 is a list of other files (ffconcat)")
        }
    }

    @Test(
        "A hostile media file opens no other file and no socket, and starts no program, as strace sees it (faults A1, A2, A3)",
        .enabled(if: Strace.isAllowed, "\(Strace.reason)")
    )
    func traced() throws {
        for (number, head) in HostileHeads.all.enumerated() { try folder.write(head.bytes, to: "\(number).mp4") }
        let loop = """
            for f in *.mp4; do \(Strace.command(into: "$f.trace")) sluice decode $f --format raw -o /dev/null; done; true
            """
        try folder.succeed(loop, timeLimit: 240)
        for (number, head) in HostileHeads.all.enumerated() {
            let trace = Strace(try folder.text("\(number).mp4.trace"))
            #expect(trace.files == ["\(number).mp4"], "\(head)")
            #expect(trace.network == [], "\(head)")
            #expect(trace.programs.count == 1, "\(head)")
        }
    }

    @Test(
        "A hostile QuickTime file with its samples in another file does not cause that file to be opened, as strace sees it (fault A1)",
        .enabled(if: Strace.isAllowed, "\(Strace.reason)")
    )
    func externalReference() throws {
        try folder.succeed("ffmpeg -v error -i secret.ts -c copy -f mov secret.mov; python3 -c '\(Self.alias)'")
        let trace = Strace.command(into: "trace")
        _ = try folder.run("\(trace) sluice decode x.mp4 --format raw -o /dev/null")
        let found = Strace(try folder.text("trace"))
        #expect(found.files == ["x.mp4"] && found.network == [])
        // The oracle: with its references allowed, ffmpeg opens the other file.
        _ = try folder.run("\(trace) ffmpeg -v error -enable_drefs 1 -use_absolute_path 1 -i x.mp4 -f null -")
        #expect(Strace(try folder.text("trace")).files.contains { $0.hasSuffix("secret.mov") })
    }

    /// Turns the data reference of a movie into an alias of `secret.mov`.
    private static let alias = """
        import os, struct
        b = bytearray(open("secret.mov", "rb").read())
        path = os.path.abspath("secret.mov").encode()
        head = bytes(10) + b"\\x01v" + bytes(26) + bytes(12) + bytes([10]) + b"secret.mov" + bytes(53) + bytes(16)
        record = head + struct.pack(">HH", 1, 1) + bytes(16) + struct.pack(">HH", 2, len(path)) + path
        record += bytes(len(path) & 1) + struct.pack(">HH", 0xFFFF, 0)
        at = b.index(b"dref", b.index(b"vmhd"))
        entry = at + 12
        old, = struct.unpack(">I", b[entry:entry + 4])
        new = struct.pack(">I", 12 + len(record)) + b"alis" + bytes(4) + record
        grown = len(new) - old
        for name in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
            place = b.rindex(name, 0, at + 4) - 4
            b[place:place + 4] = struct.pack(">I", struct.unpack(">I", b[place:place + 4])[0] + grown)
        b[entry:entry + old] = new
        open("x.mp4", "wb").write(b)
        """
}
