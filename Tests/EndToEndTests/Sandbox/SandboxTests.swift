import Foundation
import Testing

@Suite("The sandbox", .mustEnd)
struct SandboxTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed(
            """
            ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -pix_fmt yuv420p -c:v libx264 a.mp4
            ffmpeg -v error -i a.mp4 -c copy a.h264; ffmpeg -v error -i a.mp4 a.y4m
            """
        )
    }

    /// What a receipt has of the sandbox.
    private struct Confined: Decodable {
        struct State: Decodable {
            let held: Bool
            let seccomp: Bool
            let landlock: Int?
            let reason: String?
        }
        let sandbox: State
    }

    private func state(_ command: String) throws -> Confined.State {
        try JSONDecoder().decode(Confined.self, from: try folder.succeed("sluice \(command)").output).sandbox
    }

    /// Whether the kernel has what the sandbox needs, by the list of its security modules and without our own code.
    static let isPossible: Bool = {
        let modules = try? String(contentsOfFile: "/sys/kernel/security/lsm", encoding: .utf8)
        if let modules { return modules.contains("landlock") }
        guard let folder = try? TemporaryFolder(), Strace.isAllowed else { return false }
        let probe =
            "strace -o t -e trace=landlock_create_ruleset sluice decode none --format raw -o o.raw; grep -q '= [0-9]' t"
        return (try? folder.run(probe))?.ending == .exited(0)
    }()

    static let reason = "the kernel has no Landlock"

    @Test(
        "The sandbox lets a process reach the named files, and no other file, socket or program",
        .enabled(if: SandboxTests.isPossible, "\(SandboxTests.reason)")
    )
    func escapes() throws {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: bundle).deletingLastPathComponent().appending(path: "confinement-escape").path
        try folder.succeed(
            "mkdir in out else; echo named > in/named; echo precious > else/secret; chmod 640 else/secret"
        )
        let lines = try folder.succeed("\(program) in/named out/o else/secret").lines
        let allowed = lines.filter { $0.hasSuffix(" allowed") }.map { $0.dropLast(8) }
        let refused = lines.filter { $0.hasSuffix(" refused") }.map { $0.dropLast(8) }
        #expect(
            allowed
                == ["read-named", "read-library", "write-nothing", "write-output", "rename-output", "remove-output"]
        )
        #expect(refused.count == 18, "\(lines)")
        #expect(try folder.text("else/secret") == "precious\n" && folder.text("in/named") == "named\n")
        let left = try folder.succeed("stat -c %a else/secret; ls in out else")
        #expect(left.lines == ["640", "else:", "secret", "in:", "named", "out:"], "\(left.text)")
    }

    @Test(
        "The sandbox is active for encode and decode of media, and the receipt records it",
        .enabled(if: SandboxTests.isPossible, "\(SandboxTests.reason)")
    )
    func receipts() throws {
        for command in [
            "a.mp4 -o o.mp4", "decode a.mp4 -o o.yuv", "a.y4m -o y.mp4", "a.y4m --input-format y4m -o v.mp4 --verify",
        ] {
            let state = try state("\(command) --json")
            #expect(state.held && state.seccomp && state.landlock ?? 0 > 0 && state.reason == nil, "\(command)")
        }
        #expect(try folder.succeed("sluice a.mp4 -o l.mp4 --log-level info").errors.contains("confined by Landlock"))
    }

    @Test(
        "The sandbox is not used for frames that only our own code reads, and with --no-sandbox, and the receipt records it"
    )
    func absent() throws {
        let frames = try state("a.y4m --input-format y4m -o o.mp4 --json")
        #expect(!frames.held && frames.reason == "nothing but raw frames or Y4M is read")
        for command in ["a.mp4 -o p.mp4", "decode a.mp4 -o o.yuv"] {
            let state = try state("\(command) --json --no-sandbox")
            #expect(!state.held && state.landlock == nil && state.reason == "--no-sandbox")
        }
    }

    @Test(
        "The sandbox is entered by every command that reads media before it starts a thread or opens its input, as strace sees it",
        .enabled(if: SandboxTests.isPossible && Strace.isAllowed, "\(SandboxTests.reason), or \(Strace.reason)"),
        arguments: [
            "a.mp4 -o o.mp4", "decode a.mp4 -o o.yuv", "inspect a.mp4 --html o.html", "compare a.mp4 a.y4m",
            "layers a.h264 --scalability-mode L1T2 --max-temporal-layer 1 -o o.h264",
        ]
    )
    func order(command: String) throws {
        let trace = "strace -f -qq -o t -e trace=clone,clone3,openat,landlock_restrict_self,seccomp"
        // Whether it is a stream of layers is of no account here.
        _ = try folder.run("\(trace) sluice \(command)")
        let calls = try folder.text("t").split(separator: "\n")
        func first(_ words: String) -> Int { calls.firstIndex { $0.contains(words) && $0.hasSuffix("= 0") } ?? .max }
        let entered = max(first("landlock_restrict_self("), first("SECCOMP_SET_MODE_FILTER"))
        let used = calls.firstIndex { call in
            // To name a file to the sandbox, it is opened without being readable.
            call.contains("clone") || (call.contains("\"a.") && !call.contains("O_PATH"))
        }
        let isFirst = try entered < #require(used)
        #expect(isFirst)
    }

    @Test(
        "The sandbox allows outputs through links, to FIFOs, devices and other folders, and replacing them"
    )
    func outputs() throws {
        try folder.succeed(
            """
            mkdir -p x y z deep/er; ln -s ../z/real.mp4 y/link.mp4; sluice a.mp4 -o z/real.mp4 --quiet
            sluice a.mp4 -o y/link.mp4 --chunks x/c.jsonl --receipt deep/er/r.json --overwrite --verify
            sluice a.mp4 --format avcc -o ./x/../x/a.avcc --description deep/d.avcC
            cd deep && sluice ../a.mp4 -o er/o.webm --codec vp9 --receipt ../y/r.json && sluice decode ../a.mp4 -o ../x/o.y4m
            """
        )
        try folder.succeed("test -L y/link.mp4 && test -s z/real.mp4 && test -s x/c.jsonl && test -s deep/er/r.json")
        #expect(try folder.frameCount("z/real.mp4") == 10 && folder.frameCount("deep/er/o.webm") == 10)
        let piped = "mkfifo f; cat f > got & sluice a.mp4 --format ivf --codec vp8 -o f --receipt /dev/null; wait"
        try folder.succeed(piped)
        #expect(try folder.frameCount("got") == 10)
        let named = "mkfifo g; cat g > h & sluice decode <(cat a.h264) --format framehash -o g; wait"
        try folder.succeed(named)
        let direct = try folder.succeed("sluice decode a.h264 --format framehash -o -").text
        #expect(try folder.text("h") == direct && !direct.isEmpty)
    }

    @Test("The sandbox is active in the jobs of a batch, and their commands still start")
    func batch() throws {
        let jobs = """
            jobs:
              - {input: a.mp4, output: out/a.webm, codec: vp9}
              - {command: [cat, a.y4m], input-format: y4m, output: out/b.mp4}
              - {command: [sh, -c, "cat a.h264"], input-format: media, framerate: 25, output: out/c.mp4}
            """
        try folder.write(Array(jobs.utf8), to: "m.yaml")
        try folder.succeed("sluice batch m.yaml --quiet --html page.html")
        let first = try receiptState("out/a.webm.receipt.json")
        #expect(first.held == Self.isPossible)
        #expect(try folder.text("page.html").components(separatedBy: "data:image/jpeg").count == 4)
        try folder.succeed("sluice batch m.yaml --quiet --no-sandbox --output-directory other")
        #expect(try receiptState("other/out/a.webm.receipt.json").reason == "--no-sandbox")
    }

    private func receiptState(_ name: String) throws -> Confined.State {
        try JSONDecoder().decode(Confined.self, from: Data(try folder.bytes(name))).sandbox
    }

    @Test("The sandbox is active for a join that verifies its output")
    func join() throws {
        try folder.succeed("sluice plan --segment-frames 5 -o p.json a.y4m --format mp4; sluice shard p.json --index 0")
        try folder.succeed("sluice shard p.json --index 1; sluice join p.json -o o.mp4 --verify --receipt r.json")
        #expect(try receiptState("p.shards/000000.json").reason == "nothing but raw frames or Y4M is read")
        #expect(try receiptState("r.json").held == Self.isPossible && folder.frameCount("o.mp4") == 10)
    }
}
