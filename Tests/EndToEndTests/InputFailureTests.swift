import Foundation
import Testing

@Suite("A wrong input")
struct InputFailureTests {
    /// Times of IVF frames, in units of so many a second, that no clock has: beyond 63 bits, back and forth, all the same.
    private static let impossibleTimes: [(Int, [Int64])] = [
        (30, [0, 1, 2, .max]), (1_000_000, [.min + 1, 0, 1, .max]), (1_000_000, [0, 1, 2, 1 << 53 + 1]),
        (0xFFFF_FFFF, [-.max, 0, 1, .max]), (1000, [0, 0, 0, 0]), (1000, [3, 2, 1, 0]),
    ]

    @Test("A wrong input that stalls is a failure for the frame options as well", .mustEnd)
    func stalledFrameOptions() throws {
        let source = "sluice testsrc -s 64x48 -p i420 --frames 3 > in.yuv; mkfifo f; sleep 20 > f & trap 'kill %1' EXIT"
        try folder.fail(
            "\(source); sluice in.yuv -s 64x48 -r 30 -p i420 --frame-options f --input-timeout 0.3 -o o.h264",
            status: 74,
            saying: "f delivered nothing for 0.3 s (--input-timeout)"
        )
    }

    @Test(
        "An impossible time is an error of the input, and never a crash",
        .mustEnd,
        arguments: impossibleTimes
    )
    func times(_ unit: Int, _ times: [Int64]) throws {
        let source = try folder.source(frames: 4)
        try folder.succeed("sluice -s 64x48 -r 30 -p i420 \(Quick.flags("vp9")) -o in.ivf \(source)")
        var bytes = Array(try folder.bytes("in.ivf"))
        func put(_ value: Int64, at place: Int, count: Int) {
            for index in 0..<count { bytes[place + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
        }
        put(Int64(unit), at: 16, count: 4)
        var place = 32
        for time in times {
            put(time, at: place + 4, count: 8)
            place += 12 + (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }
        try folder.write(bytes, to: "in.ivf")
        for codec in ["h264 -o out.mp4", "vp8 -o out.webm --variable-rate", "hevc -o out.mkv --variable-rate"] {
            let outcome = try folder.run("sluice encode in.ivf --codec \(codec)")
            #expect([.exited(0), .exited(65), .exited(69)].contains(outcome.ending), "\(codec): \(outcome.errors)")
            // Times that are merely far apart are kept, if the container can.
            if outcome.ending == .exited(0) { try expectGrowingTimes(String(codec.split(separator: " ")[2])) }
            #expect(!outcome.errors.contains("a defect"), "\(outcome.errors)")
        }
        for command in [
            "inspect in.ivf", "inspect in.ivf --html out.html --overwrite", "decode in.ivf -o out.y4m --overwrite",
        ] {
            let outcome = try folder.run("sluice \(command)")
            #expect([.exited(0), .exited(65), .exited(69)].contains(outcome.ending), "\(command): \(outcome.errors)")
        }
    }

    private func expectGrowingTimes(_ name: String) throws {
        let times = try folder.packets(name, "v:0").map(\.time).sorted()
        #expect(times.count == 4 && zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(times)")
        try folder.succeed("rm \(name)")
    }

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        // 3 frames and 1000 bytes of 64x48 I420.
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 4 | head -c \(3 * 4608 + 1000) > in.raw")
    }

    static let ways = ["in.raw", "- < in.raw", "<(cat in.raw)"]
    private let encode = "sluice -s 64x48 -r 30 -p i420 -o out.h264"

    @Test(
        "A wrong input that ends within a frame is reported with frame and bytes, and gives no output",
        .mustEnd,
        arguments: ways
    )
    func partial(way: String) throws {
        let words = "frame 3 is partial: 1000 of 4608 bytes"
        try folder.fail("\(encode) --chunks c --receipt r \(way)", status: 65, saying: words, "--accept-partial")
        #expect(folder.names == ["in.raw"])
    }

    @Test(
        "A wrong input that ends within a frame keeps its complete frames with --accept-partial",
        .mustEnd,
        arguments: ways
    )
    func acceptPartial(way: String) throws {
        try folder.succeed("\(encode) --accept-partial --receipt receipt.json \(way)")
        #expect(try folder.frameCount("out.h264") == 3)
        let receipt = try folder.receipt("receipt.json")
        #expect(receipt.input.frames == 3 && receipt.input.droppedBytes == 1000)
        let text = try folder.text("receipt.json")
        #expect(text.contains("\"status\":\"partial\"") && text.contains("the last frame has 1000 of "))
    }

    @Test("A wrong input that ends within its first frame has no frame to keep", .mustEnd, arguments: ways)
    func nothingToKeep(way: String) throws {
        try folder.succeed("head -c 1000 in.raw > short; mv short in.raw")
        try folder.fail("\(encode) \(way)", status: 65, saying: "frame 0 is partial: 1000 of 4608 bytes")
        try folder.fail("\(encode) --accept-partial \(way)", status: 65)
        #expect(folder.names == ["in.raw"])
    }

    @Test("A wrong input that is empty is an error", .mustEnd, arguments: ways + ["/dev/null"])
    func empty(way: String) throws {
        try folder.write([], to: "in.raw")
        try folder.fail("\(encode) \(way)", status: 65, saying: "is empty")
        try folder.fail("sluice -o out.h264 \(way)", status: 65, saying: "is empty")
        #expect(folder.names == ["in.raw"])
    }

    @Test(
        "A wrong input of fewer or more frames than expected is an error with both numbers",
        .mustEnd,
        arguments: ways
    )
    func count(way: String) throws {
        try folder.succeed("head -c \(3 * 4608) in.raw > short; mv short in.raw")
        try folder.fail("\(encode) --expect-frames 4 \(way)", status: 65, saying: "3 frames", "4")
        try folder.fail("\(encode) --expect-frames 2 \(way)", status: 65, saying: "frames", "2")
        try folder.fail("\(encode) --frames 4 \(way)", status: 65, saying: "3 frames", "4")
        #expect(folder.names == ["in.raw"])
    }

    @Test("A wrong input that cannot be opened is 66", .mustEnd)
    func missing() throws {
        try folder.fail("\(encode) missing.raw", status: 66, saying: "missing.raw", "No such file")
        try folder.fail("\(encode) .", status: 66, saying: ". is a folder")
        try folder.fail("\(encode) < .", status: 66, saying: "folder")
        #expect(folder.names == ["in.raw"])
    }

    @Test("A wrong input that is closed is an error", .mustEnd)
    func closed() throws {
        let outcome = try folder.run("\(encode) <&-", timeLimit: 10)
        #expect(outcome.ending == .exited(74), "\(outcome)")
    }

    @Test("A wrong input that is an output as well is refused, and stays as it is", .mustEnd)
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

    @Test("A wrong input that is written to while it is read is 65, also if its length stays the same")
    func writtenTo() throws {
        try folder.succeed(
            "head -c 5760000 /dev/urandom > in.yuv && sluice in.yuv -s 320x240 -r 25 -p i420 --preset ultrafast -o in.mp4"
        )
        // The output is a pipe that is read only after the input was changed: the run cannot end before, because the output is
        // larger than a pipe's buffer.
        let late =
            "mkfifo p; (sleep 1; printf X | dd of=$f bs=1 conv=notrunc status=none; cat > /dev/null) < p & $run; s=$?; wait; rm p; exit $s"
        for (file, run) in [
            ("in.yuv", "sluice in.yuv -s 320x240 -r 25 -p i420 --quantizer 10 --preset ultrafast --format annexb -o p"),
            ("in.mp4", "sluice decode in.mp4 --format raw -o p"),
        ] {
            let script = "f=\(file); run='\(run)'; \(late)"
            try folder.fail(script, status: 65, saying: "\(file) changed while it was read")
        }
    }
}
