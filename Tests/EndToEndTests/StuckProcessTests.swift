import Foundation
import Testing

/// Apart from the other tests of signals, since it sleeps for twenty seconds.
@Suite("A process that hangs")
struct StuckProcessTests {
    @Test(
        "A process that hangs ends by the first signal after twenty seconds without progress, and leaves no files (fault O1)",
        .mustEnd
    )
    func firstSignal() throws {
        let folder = try TemporaryFolder()
        // The FIFO for the chunk lines is full and not read, as if a library did not return.
        try folder.succeed("mkfifo stuck.jsonl")
        let reader = open(folder.file("stuck.jsonl").path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        defer { close(reader) }
        let filler = [UInt8](repeating: 10, count: 4096)
        let flags = "-s 128x72 -r 30 -p rgba --input-format raw --latency-mode realtime"
        let running = try Running("\(flags) -o out.h264 --chunks stuck.jsonl", in: folder)
        try #require(running.wait(until: { running.hasUnnamedOutput }))
        while filler.withUnsafeBytes({ write(reader, $0.baseAddress, 4096) }) > 0 {}
        running.input.write([UInt8](repeating: 128, count: 128 * 72 * 4))
        try #require(running.wait(until: { running.unread == 0 }))
        running.child.send(SIGTERM)
        sleep(15)
        #expect(running.child.isRunning, "a slow disk has its time")
        #expect(running.child.wait(atMost: 30) == .signaled(SIGTERM))
        #expect(folder.names == ["stuck.jsonl"])
    }
}
