import Foundation
import Testing

@Suite("A wrong input")
struct InputFailureTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        // 3 frames and 1000 bytes of 64x48 I420.
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 4 | head -c \(3 * 4608 + 1000) > in.raw")
    }

    static let ways = ["in.raw", "- < in.raw", "<(cat in.raw)"]
    private let encode = "sluice -s 64x48 -r 30 -p i420 -o out.h264"

    @Test(
        "that ends within a frame is named with frame and bytes, and nothing is published",
        .timeLimit(.minutes(10)),
        arguments: ways
    )
    func partial(way: String) throws {
        let words = "frame 3 is partial: 1000 of 4608 bytes"
        try folder.fail("\(encode) --chunks c --receipt r \(way)", status: 65, saying: words, "--accept-partial")
        #expect(folder.names == ["in.raw"])
    }

    @Test(
        "that ends within a frame keeps its whole frames with --accept-partial",
        .timeLimit(.minutes(10)),
        arguments: ways
    )
    func acceptPartial(way: String) throws {
        try folder.succeed("\(encode) --accept-partial --receipt receipt.json \(way)")
        #expect(try folder.frameCount("out.h264") == 3)
        let receipt = try folder.receipt("receipt.json")
        #expect(receipt.input.frames == 3 && receipt.input.droppedBytes == 1000)
    }

    @Test("that ends within its first frame has no frame to keep", .timeLimit(.minutes(10)), arguments: ways)
    func nothingToKeep(way: String) throws {
        try folder.succeed("head -c 1000 in.raw > short; mv short in.raw")
        try folder.fail("\(encode) \(way)", status: 65, saying: "frame 0 is partial: 1000 of 4608 bytes")
        try folder.fail("\(encode) --accept-partial \(way)", status: 65)
        #expect(folder.names == ["in.raw"])
    }

    @Test("that is empty is an error", .timeLimit(.minutes(10)), arguments: ways + ["/dev/null"])
    func empty(way: String) throws {
        try folder.write([], to: "in.raw")
        try folder.fail("\(encode) \(way)", status: 65, saying: "is empty")
        try folder.fail("sluice -o out.h264 \(way)", status: 65, saying: "is empty")
        #expect(folder.names == ["in.raw"])
    }

    @Test(
        "of fewer or more frames than expected is an error with both numbers",
        .timeLimit(.minutes(10)),
        arguments: ways
    )
    func count(way: String) throws {
        try folder.succeed("head -c \(3 * 4608) in.raw > short; mv short in.raw")
        try folder.fail("\(encode) --expect-frames 4 \(way)", status: 65, saying: "3 frames", "4")
        try folder.fail("\(encode) --expect-frames 2 \(way)", status: 65, saying: "frames", "2 expected")
        try folder.fail("\(encode) --frames 4 \(way)", status: 65, saying: "3 frames", "4")
        #expect(folder.names == ["in.raw"])
    }

    @Test("that cannot be opened is 66", .timeLimit(.minutes(10)))
    func missing() throws {
        try folder.fail("\(encode) missing.raw", status: 66, saying: "missing.raw", "No such file")
        try folder.fail("\(encode) .", status: 66, saying: ". is a folder")
        try folder.fail("\(encode) < .", status: 66, saying: "folder")
        #expect(folder.names == ["in.raw"])
    }

    @Test("that is closed is an error", .timeLimit(.minutes(10)))
    func closed() throws {
        let outcome = try folder.run("\(encode) <&-", timeLimit: 10)
        #expect(outcome.ending == .exited(74), "\(outcome)")
    }

    @Test("that is an output as well is refused, and stays as it is", .timeLimit(.minutes(10)))
    func sameFile() throws {
        let before = try folder.bytes("in.raw")
        let settings = "sluice -s 64x48 -r 30 -p i420 --accept-partial --format annexb --overwrite"
        for command in [
            "\(settings) -o in.raw in.raw", "\(settings) -o ./in.raw - < in.raw",
            "ln in.raw b; \(settings) -o b in.raw",
            "\(settings) -o out.h264 --chunks in.raw in.raw", "\(settings) -o out.h264 --receipt in.raw in.raw",
        ] {
            try folder.fail(command, status: 64, saying: "is the input")
        }
        #expect(try folder.bytes("in.raw") == before)
        #expect(!folder.exists("out.h264"))
    }
}
