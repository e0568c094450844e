import Sluice
import Testing

@testable import SluiceCLI

@Suite("The flags of testsrc and probe")
struct MachineCommandTests {
    @Test("The flags of testsrc make raw RGBA frames for standard output, unless they ask for others")
    func testSource() throws {
        let plain = try TestSourceCommand.words("").makeJob()
        #expect(plain.size == PictureSize(width: 640, height: 360) && plain.pixels == .rgba && plain.frames == 300)
        #expect(plain.header == nil && plain.destination == .standardOutput && !plain.overwrite)
        let given = try TestSourceCommand.words("-s 64x48 -p i422 --frames 3 --overwrite -o a.yuv").makeJob()
        #expect(given.size == PictureSize(width: 64, height: 48) && given.pixels == .i422 && given.frames == 3)
        #expect(given.header == nil && given.destination == .path("a.yuv") && given.overwrite)
    }

    @Test("The flags of testsrc make Y4M where the name of the file or --format asks for it")
    func y4m() throws {
        for line in ["-s 64x48 -r 25 -o a.y4m", "-s 64x48 -r 25 --format y4m"] {
            let job = try TestSourceCommand.words(line).makeJob()
            let header = try #require(job.header)
            #expect(job.pixels == .i420 && String(decoding: header, as: UTF8.self).contains("W64 H48 F25:1"))
        }
        #expect(try TestSourceCommand.words("-o a.y4m --format raw").makeJob().header == nil)
        #expect(try #require(refusal("--format y4m -p rgba", testSource)).contains("rgba"))
        #expect(try #require(refusal("--frames 0", testSource)).contains("--frames 0"))
    }

    private func testSource(_ command: TestSourceCommand) { _ = command.makeJob() }

    @Test("The flags of probe name what is tested: the requirements, or everything of a codec or an encoder")
    func probe() throws {
        let requirements = ["avc1.640028@1920x1080p30", "av01.0.08M.10@64x48p30,scalabilityMode=L1T3"]
        let command = try ProbeCommand.parse(requirements.flatMap { ["--require", $0] })
        guard case .requirements(let read) = try command.makeJob() else { throw Unexpected() }
        #expect(read.map(\.text) == requirements && read.last?.config.scalabilityMode == .l1t3)
        guard case .everything(let cases) = try ProbeCommand.words("--codec av1 --encoder libaom").makeJob() else {
            throw Unexpected()
        }
        #expect(!cases.isEmpty && cases.allSatisfy { $0.codec == .av1 && $0.encoder == "libaom" })
    }

    @Test(
        "The flags of probe are refused where a requirement cannot be read, or they contradict each other",
        arguments: [
            ("--require x", #"invalid requirement "x""#),
            ("--json --markdown", "--markdown"), ("--encoder none", "none"),
            ("--codec vp8 --encoder libx264", "libx264"), ("--codec av1 --require av1@64x48p30", "--require"),
        ]
    )
    func probeRefusal(flags: String, named: String) throws {
        let words = refusal(flags) { (command: ProbeCommand) in _ = try command.makeJob() }
        #expect(try #require(words).contains(named))
    }

    private struct Unexpected: Error {}
}
