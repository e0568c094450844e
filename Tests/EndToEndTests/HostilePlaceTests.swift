import Foundation
import Testing

/// Another user is needed, and only root can become one.
let needsRoot = ConditionTrait.enabled(if: getuid() == 0, "skipped: only root can act as another user")

extension TemporaryFolder {
    /// Actions of another user in the folder `shared`, where every user may write, but not remove files of others.
    func asNobody(_ script: String) throws {
        try succeed("mkdir -p shared; chmod 1777 shared; chmod 755 .")
        try succeed(
            "setpriv --reuid=65534 --regid=65534 --clear-groups bash -c 'umask 022; cd shared; \(script)'"
        )
    }

    /// A file's permissions and owner, as `644 root`.
    func mode(_ name: String) throws -> String {
        try succeed("stat -c '%a %U' \(name)").text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

@Suite("A folder that others can write in", .mustEnd)
struct HostilePlaceTests {
    let folder: TemporaryFolder
    private let raw = "-s 64x48 -r 30 -p i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed(
            "umask 022; sluice testsrc -s 64x48 -p i420 --frames 6 > a.yuv; sluice a.yuv \(raw) --codec vp8 -o a.ivf"
        )
    }

    @Test(
        "A replaced file of another user gives the new file no special permissions: no set-uid root (fault M1)",
        needsRoot
    )
    func setUserID() throws {
        for mode in ["4755", "2777", "6511", "1777", "600"] {
            try folder.asNobody("echo > out.raw; chmod \(mode) out.raw")
            try folder.succeed("umask 022; sluice decode a.ivf --format raw -o shared/out.raw --overwrite")
            let most = mode == "600" ? "600 root" : mode == "6511" ? "400 root" : "644 root"
            #expect(try folder.mode("shared/out.raw") == most)
            #expect(try folder.bytes("shared/out.raw").count == 6 * 64 * 48 * 3 / 2)
            try folder.succeed("rm shared/out.raw")
        }
    }

    @Test(
        "A replaced file of the same user gives the new file at most the bits of 0777 (fault M1)",
        arguments: ["6755", "600", "640"]
    )
    func ownMode(mode: String) throws {
        try folder.succeed("echo > out.raw; chmod \(mode) out.raw")
        try folder.succeed("umask 077; sluice decode a.ivf --format raw -o out.raw --overwrite")
        #expect(try folder.mode("out.raw").hasPrefix("\(mode.suffix(3)) "))
        try folder.succeed("umask 027; sluice decode a.ivf --format raw -o new.raw")
        #expect(try folder.mode("new.raw").hasPrefix("640 "))
    }

    @Test(
        "A file in a folder that others can write is accessible only to its owner until it is complete (fault M6)",
        arguments: [true, false]
    )
    func narrow(replaces: Bool) throws {
        let old = replaces ? "echo > out.h264; chmod 644 out.h264" : "true"
        let script = """
            umask 022; \(old); mkfifo in; sluice in \(raw) --overwrite -o out.h264 & pid=$!
            exec 9>in; head -c 4608 a.yuv >&9; mode=
            until [ -n "$mode" ] || ! kill -0 $pid; do
                mode=$(find /proc/$pid/fd \\( -lname '*/#*' -o -lname '*.sluice' \\) -exec stat -L -c %a {} + 2>/dev/null)
            done
            echo $mode; cat a.yuv >&9; exec 9>&-; wait $pid && stat -c %a out.h264
            """
        #expect(try folder.succeed(script).text == "600\n644\n")
    }

    @Test(
        "Links of another user in a folder that others can write are not followed by any output, with any setting of the kernel (fault M7)",
        needsRoot,
        arguments: [
            "a.yuv RAW -o shared/link --format annexb", "a.yuv RAW -o shared/folder/x.h264",
            "a.yuv RAW -o o.h264 --receipt shared/link", "a.yuv RAW -o o.h264 --chunks shared/link",
            "decode a.ivf --format raw -o shared/link", "decode a.ivf -o o.raw --receipt shared/link",
            "testsrc --frames 1 -o shared/link", "inspect a.ivf --html shared/link",
            "plan -o shared/link a.yuv RAW --format mp4", "probe --require vp8@64x48p30 --junit shared/link",
            "layers a.ivf --max-temporal-layer 0 --scalability-mode L1T2 -o shared/link",
            "batch m.yaml --report shared/link", "batch m.yaml --junit shared/link", "batch m.yaml --html shared/link",
        ]
    )
    func foreignLink(command: String) throws {
        try folder.succeed("mkdir kept; echo precious > victim; cp victim kept/x.h264")
        try folder.write(Array("jobs: [{input: a.ivf, output: m.mp4}]".utf8), to: "m.yaml")
        try folder.asNobody("ln -s ../victim link; ln -s ../kept folder")
        try folder.fail(
            "sluice \(command.replacing("RAW", with: raw)) --overwrite",
            status: 73,
            saying: "a link of another user"
        )
        #expect(try folder.text("victim") == "precious\n" && folder.text("kept/x.h264") == "precious\n")
        #expect(!folder.exists("o.h264") && !folder.exists("m.mp4") && !folder.exists("o.raw"))
    }

    @Test("Own links, and those of the owner, in a folder that others can write are followed", needsRoot)
    func ownLink() throws {
        try folder.asNobody("true")
        try folder.succeed("echo > target.h264; ln -s ../target.h264 shared/link")
        try folder.succeed("sluice a.yuv \(raw) -o shared/link --format annexb --overwrite && test -L shared/link")
        #expect(try folder.frameCount("target.h264") == 6)
        try folder.succeed("chown -h 65534 shared/link; chown 65534 shared")
        try folder.succeed("sluice a.yuv \(raw) -o shared/link --format annexb --overwrite")
    }

    @Test(
        "A folder that others can write is the one in which an output was opened, even if its path changes (fault M5)"
    )
    func movedFolder() throws {
        let script = """
            mkdir out other; mkfifo in; sluice in \(raw) -o out/x.h264 --receipt out/x.json & pid=$!
            exec 9>in; head -c 4608 a.yuv >&9
            until find /proc/$pid/fd -lname '*/out/*' | grep -q . || ! kill -0 $pid; do :; done
            mv out moved; ln -s other out; cat a.yuv >&9; exec 9>&-; wait $pid; ls -A other moved
            """
        #expect(try folder.run(script).text.contains("moved:\nx.h264\n"))
        #expect(!folder.exists("other/x.h264"))
    }

    @Test(
        "A killed encode leaves nothing in a folder that others can write, with or without --overwrite (fault I8)",
        arguments: [false, true]
    )
    func killed(replaces: Bool) throws {
        try folder.succeed("mkdir out; \(replaces ? "echo old > out/x.mp4" : "true")")
        for command in ["in \(raw)", "decode in --format raw"] {
            let data = command.hasPrefix("decode") ? "a.ivf" : "a.yuv"
            let script = """
                mkfifo in; sluice \(command) --overwrite -o out/x.mp4 & pid=$!
                exec 9>in; head -c 4608 \(data) >&9
                until find /proc/$pid/fd -lname '*/out/*' | grep -q . || ! kill -0 $pid; do :; done
                kill -9 $pid; wait $pid; exec 9>&-; rm in; ls -A out
                """
            #expect(try folder.run(script).text == (replaces ? "x.mp4\n" : ""))
        }
        if replaces { #expect(try folder.text("out/x.mp4") == "old\n") }
    }

    @Test(
        "Pipes of other users in a folder that others can write are not written to, by any command",
        needsRoot
    )
    func foreignPipe() throws {
        try folder.asNobody("mkfifo out.raw; (timeout 20 cat out.raw > stolen) & disown")
        for command in ["decode a.ivf --format raw", "a.yuv \(raw) --format annexb", "testsrc --frames 1"] {
            for flag in ["", "--overwrite"] {
                let run = "sluice \(command) \(flag) -o shared/out.raw"
                try folder.fail(run, status: 73, saying: "shared/out.raw is a pipe of another user")
            }
        }
        // One's own is as good as a file.
        try folder.succeed(
            "mkfifo shared/own.raw; cat shared/own.raw > got & sluice decode a.ivf --format raw -o shared/own.raw; wait"
        )
        #expect(try folder.bytes("got").count == 6 * 64 * 48 * 3 / 2)
    }

    @Test(
        "A folder that others can write, or a mount, with a file that cannot be replaced is 73 before a frame is read",
        needsRoot
    )
    func fixed() throws {
        let run = "sluice a.yuv \(raw) --overwrite -o o.h264"
        let mounted =
            "echo old > o.h264; echo x > s; mount --bind s o.h264; cd .; (\(run)); status=$?; umount o.h264; exit $status"
        let outcome = try folder.run("unshare -m bash -c '\(mounted)'")
        guard !outcome.errors.contains("unshare") else { return }
        #expect(outcome.ending == .exited(73), "\(outcome.errors)")
        #expect(outcome.errors.contains("o.h264 cannot be replaced: it is a mount point"))
    }
}
