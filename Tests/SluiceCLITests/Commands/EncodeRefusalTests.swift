import Testing

@testable import SluiceCLI

@Suite("The flags of encode are refused")
struct EncodeRefusalTests {
    @Test("The flags of encode are refused without an output, or with one without a known format")
    func output() throws {
        #expect(try #require(encodeRefusal("in.y4m")).contains("--output"))
        #expect(try #require(encodeRefusal("-o out")).contains("--format"))
        #expect(try #require(encodeRefusal("-o -")).contains("--format"))
        #expect(try #require(encodeRefusal("-o a.xyz")).contains("a.xyz"))
    }

    @Test(
        "The flags of encode are refused where they contradict each other",
        arguments: [
            ("--quantizer 20 --qindex 100", "--qindex"), ("--frames 3 --expect-frames 4", "--expect-frames 4"),
            ("--segment-frames 120", "--parallel"), ("--description a.bin", "--format avcc"),
        ]
    )
    func contradictions(flags: String, named: String) throws {
        #expect(try #require(encodeRefusal("-o a.mp4 \(flags)")).contains(named))
    }

    @Test(
        "The flags of encode are refused where a value is out of its range, and the message names the flag",
        arguments: [
            "--skip=-1", "--frames 0", "--expect-frames 0", "--stride 0", "--queue-depth 0", "--queue-depth 4097",
            "--parallel 1 --segment-frames 0", "--parallel 129", "--min-psnr 201", "--size 0", "--framerate x",
            "--bitrate 5X", "--max-memory 0", "--input-timeout 0", "--background red", "--scalability-mode L9",
            "--max-cll 5", "--mastering-display x", "--progress-fd 0", "--rotation 45", "--chroma 411",
        ]
    )
    func ranges(flags: String) throws {
        let flag = try #require(flags.split(whereSeparator: { " =".contains($0) }).last { $0.hasPrefix("--") })
        #expect(try #require(encodeRefusal("-o a.mp4 \(flags)")).contains(flag))
    }

    @Test("The flags of encode are refused where a name is empty")
    func emptyNames() {
        for flags in [["--output", ""], ["-o", "a.mp4", "--chunks", ""], ["-o", "a.mp4", "--receipt="]] {
            #expect(throws: (any Error).self) { try EncodeCommand.parse(flags).makeJob() }
        }
    }

    @Test("The flags of encode are refused where they are unknown, and a near one is named")
    func unknown() throws {
        #expect(try #require(encodeRefusal("-o a.mp4 --bitrat 5M")).contains("--bitrate"))
    }
}
