import Foundation
import Testing

@Suite("latencyMode realtime", .serialized)
struct RealtimeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("latencyMode realtime has no B-frames: frames come out in the order in which they are shown", .mustEnd)
    func order() throws {
        let content = "\(Content.natural(size: "160x96", seconds: 1)) -f rawvideo -pix_fmt yuv420p -"
        let flags = "--latency-mode realtime --preset slow --chunks out.jsonl"
        try folder.succeed("\(content) | sluice -s 160x96 -r 30 -p i420 \(flags) -o out.h264")
        #expect(try folder.probe("out.h264", "has_b_frames") == "0")
        let timestamps = try folder.chunks("out.jsonl").map(\.timestamp)
        #expect(timestamps.count == 30 && timestamps == timestamps.sorted())
        let types = try folder.headers("out.h264").slices.map { $0.values["slice_type"] ?? -1 }
        #expect(!types.contains(1) && !types.contains(6))
    }

    @Test(
        "latencyMode realtime outputs a frame before the next one is input",
        .mustEnd,
        arguments: ["annexb", "avcc"]
    )
    func oneInOneOut(format: String) throws {
        let frame = try folder.succeed("sluice testsrc -s 128x72 --frames 1").output
        let (input, output, errors) = (try Pipe(), try Pipe(), try Pipe())
        let command = "sluice -s 128x72 -r 30 -p rgba --latency-mode realtime --format \(format) --quiet -o -"
        let child = try ChildProcess(
            command.split(separator: " ").map(String.init),
            in: folder.url,
            input: input.readEnd,
            output: output.writeEnd,
            errors: errors.writeEnd
        )
        input.closeReadEnd()
        output.closeWriteEnd()
        errors.closeWriteEnd()
        for number in 0..<10 {
            #expect(input.write(Array(frame)) == frame.count)
            let bytes = output.read(atLeast: 1, patience: 5)
            try #require(!bytes.isEmpty, "frame \(number) did not come out")
        }
        input.closeWriteEnd()
        #expect(child.wait(atMost: 10) == .exited(0))
        #expect(output.read(patience: 1).isEmpty, "nothing was held back")
    }

    @Test(
        "latencyMode realtime refuses an option that would break it",
        .mustEnd,
        arguments: ["bframes=2", "rc-lookahead=20"]
    )
    func refused(option: String) throws {
        let command = "sluice -s 64x48 -r 30 -p rgba --latency-mode realtime --encoder-option \(option) -o out.h264"
        try folder.fail(command, status: 69, saying: option, "realtime")
    }
}
