import Foundation
import Testing

@Suite("Nothing grows without limit", .serialized)
struct BoundedTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A consumer that stops reading stops the producer, and memory stays constant", .mustEnd)
    func backpressure() throws {
        let noise = try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=320x240,noise=alls=60:allf=t -frames:v 8 -f rawvideo -pix_fmt rgba -"
        ).output
        let flags = "-s 320x240 -r 30 -p rgba --preset ultrafast --quantizer 10 --format annexb -o - --quiet"
        let running = try Running(flags, in: folder)
        // Without a reader, the pipe's buffer, the queues and the encoder fill up, and then no more input is read.
        var (taken, round) = (0, 0)
        while round < 200 {
            let count = running.input.write(Array(noise), patience: 2)
            taken += count
            if count < noise.count { break }
            round += 1
        }
        #expect(round < 200, "\(taken) bytes were taken, and nobody had read anything")
        let before = try #require(running.child.memory("VmRSS"))
        let more = running.input.write(Array(noise), patience: 5)
        #expect(more == 0, "nothing is taken for five seconds")
        let after = try #require(running.child.memory("VmRSS"))
        #expect(after - before < 1 << 20)
        #expect(running.child.isRunning)
        // Reading starts everything again, and nothing is lost. The write that stopped ended within a frame.
        let rest = Array(noise.suffix(noise.count - taken % noise.count))
        let output = running.output
        let reader = Reader(output)
        #expect(running.input.write(rest, patience: 20) == rest.count)
        running.input.closeWriteEnd()
        try folder.write(reader.finish(), to: "out.h264")
        #expect(running.child.wait(atMost: 20) == .exited(0))
        #expect(try folder.frameCount("out.h264") == (taken + rest.count) / (320 * 240 * 4))
    }

    @Test("10,000 frames through a pipe need no more memory than 200", .mustEnd)
    func memory() throws {
        let (bytes, frames) = (640 * 480 * 4, 10_000)
        let source = "sluice testsrc -s 640x480 --frames 25"
        let loop = Array(try folder.succeed(source).output)
        let running = try Running("-s 640x480 -r 60 -p rgba --preset ultrafast --quiet -o out.h264", in: folder)
        var baseline = 0
        var peak = 0
        for frame in stride(from: 0, to: frames, by: 25) {
            try #require(running.input.write(loop) == loop.count, "\(frame)")
            let now = try #require(running.child.memory("VmRSS"))
            if frame + 25 <= 200 { baseline = max(baseline, now) } else { peak = max(peak, now) }
        }
        #expect(loop.count == 25 * bytes)
        running.input.closeWriteEnd()
        #expect(running.child.wait(atMost: 60) == .exited(0))
        #expect(peak - baseline < 8 << 20, "\(baseline) bytes after 200 frames, \(peak) later")
        #expect(AnnexB(try folder.bytes("out.h264")).sliceTypes.count == frames)
    }

    @Test("--max-memory bounds what is in flight, and is refused where it is too little", .mustEnd)
    func maxMemory() throws {
        let source = "sluice testsrc -s 640x360 -p i420 --frames 30"
        let encode = "sluice -s 640x360 -r 30 -p i420 --preset ultrafast"
        try folder.succeed("\(source) | \(encode) --max-memory 4M -o out.h264")
        #expect(try folder.frameCount("out.h264") == 30)
        let outcome = try folder.run("\(source) | \(encode) --max-memory 10k -o small.h264")
        #expect([.exited(64), .exited(69)].contains(outcome.ending))
        #expect(outcome.errors.contains("memory"), "\(outcome.errors)")
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Reader: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var bytes: [UInt8] = []

    init(_ pipe: Pipe) {
        let descriptor = dup(pipe.readEnd)
        Thread.detachNewThread { [self] in
            bytes = Array(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readDataToEndOfFile())
            done.signal()
        }
    }

    func finish() -> [UInt8] {
        _ = done.wait(timeout: .now() + 30)
        return bytes
    }
}
