import Foundation
import Testing

@Suite("A signal", .serialized)
struct SignalTests {
    let folder: TemporaryFolder
    private let frame: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        frame = Array(try folder.succeed("sluice testsrc -s 128x72 --frames 1").output)
    }

    private func start(_ flags: String = "-o out.h264") throws -> Running {
        try Running("-s 128x72 -r 30 -p rgba \(flags)", in: folder)
    }

    /// Feeds whole frames and waits until they have been taken.
    private func feed(_ running: Running, _ frames: Int) throws {
        for _ in 0..<frames { try #require(running.input.write(frame) == frame.count) }
        try #require(running.wait(until: { running.unread == 0 }))
    }

    @Test(
        "A signal ends the input: every frame so far is in a playable OUT.partial, and the program dies by the signal",
        .mustEnd,
        arguments: [SIGINT, SIGTERM]
    )
    func finishes(signal: Int32) throws {
        let running = try start("-o out.h264 --chunks out.jsonl --receipt out.json")
        try feed(running, 40)
        running.child.send(signal)
        #expect(running.child.wait(atMost: 15) == .signaled(signal))
        #expect(!folder.exists("out.h264") && !folder.exists("out.json"))
        #expect(try folder.frameCount("out.h264.partial") == 40)
        #expect(folder.names == ["out.h264.partial", "out.jsonl.partial"])
        let words = String(decoding: running.errors.read(patience: 1), as: UTF8.self)
        #expect(words.contains("interrupted") && words.contains("40 frames") && words.contains("out.h264.partial"))
    }

    @Test("A signal while frames are filtered keeps those that came out of the graph", .mustEnd)
    func withinGraph() throws {
        let running = try start("--filter fps=60,tmix -o out.h264")
        try feed(running, 40)
        running.child.send(SIGINT)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGINT))
        #expect((60...80).contains(try folder.frameCount("out.h264.partial") ?? 0))
        #expect(folder.names == ["out.h264.partial"])
    }

    @Test("A signal in the middle of a frame keeps the whole frames", .mustEnd)
    func withinFrame() throws {
        let running = try start()
        try feed(running, 5)
        running.input.write(Array(frame.prefix(1000)))
        try #require(running.wait(until: { running.unread == 0 }))
        running.child.send(SIGINT)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGINT))
        #expect(try folder.frameCount("out.h264.partial") == 5)
    }

    @Test("A signal before the first frame leaves nothing", .mustEnd)
    func beforeFirst() throws {
        // The input's type is known without reading it: an open output shows that the run has begun.
        let running = try start("--input-format raw -o out.h264")
        try #require(running.wait(until: { running.hasUnnamedOutput }))
        running.child.send(SIGTERM)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGTERM))
        #expect(folder.names == [])
    }

    @Test("A signal leaves the old file as it was, with --overwrite too", .mustEnd)
    func oldFile() throws {
        try folder.write([1, 2, 3], to: "out.h264")
        let running = try start("-o out.h264 --overwrite")
        try feed(running, 5)
        running.child.send(SIGINT)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGINT))
        #expect(try folder.bytes("out.h264") == [1, 2, 3])
        #expect(try folder.frameCount("out.h264.partial") == 5)
    }

    @Test("A signal ends a stream on stdout after its last frame", .mustEnd)
    func standardOutput() throws {
        let running = try start("--format annexb -o -")
        try feed(running, 12)
        running.child.send(SIGTERM)
        try folder.write(running.output.read(patience: 10), to: "out.h264")
        #expect(running.child.wait(atMost: 15) == .signaled(SIGTERM))
        #expect(try folder.frameCount("out.h264") == 12)
    }

    @Test("A signal that comes twice aborts at once and leaves no files", .mustEnd)
    func twice() throws {
        // The FIFO for the chunk lines is full and not read, so that the first signal cannot finish.
        try folder.succeed("mkfifo stuck.jsonl")
        let reader = open(folder.file("stuck.jsonl").path, O_RDWR | O_CLOEXEC)
        defer { close(reader) }
        let filler = [UInt8](repeating: 10, count: 4096)
        let running = try start("--input-format raw -o out.h264 --latency-mode realtime --chunks stuck.jsonl")
        try #require(running.wait(until: { running.hasUnnamedOutput }))
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        while filler.withUnsafeBytes({ write(reader, $0.baseAddress, 4096) }) > 0 {}
        running.input.write(frame)
        try #require(running.wait(until: { running.unread == 0 }))
        running.child.send(SIGINT)
        usleep(300_000)
        #expect(running.child.isRunning, "the first signal waits for the output")
        running.child.send(SIGINT)
        #expect(running.child.wait(atMost: 5) == .signaled(SIGINT))
        #expect(folder.names == ["stuck.jsonl"])
    }

    @Test(
        "A signal that comes while an output waits for its reader ends the program at once",
        .mustEnd,
        arguments: [
            "a.y4m -o f --format annexb", "a.y4m -o o.h264 --chunks f", "decode a.h264 -o f --format raw",
            "layers a.h264 --scalability-mode L1T2 --max-temporal-layer 0 -o f",
        ]
    )
    func waitingForReader(arguments: String) throws {
        try folder.succeed(
            "sluice testsrc -s 64x48 --frames 10 -o a.y4m; sluice a.y4m --scalability-mode L1T2 -o a.h264; mkfifo f"
        )
        let before = folder.names
        let running = try Running(arguments, in: folder)
        // Most likely it waits in open(2) by then; if it does not yet, it never will.
        usleep(200_000)
        try #require(running.child.isRunning)
        running.child.send(SIGTERM)
        #expect(running.child.wait(atMost: 10) == .signaled(SIGTERM))
        #expect(folder.names == before)
    }

    @Test("A signal leaves no output of an endless testsrc", .mustEnd, arguments: [SIGINT, SIGTERM, SIGHUP])
    func testSource(signal: Int32) throws {
        let running = try Running("testsrc -s 64x48 --frames 100000000 -o t.y4m", in: folder)
        try #require(running.wait(until: { running.hasUnnamedOutput }))
        running.child.send(signal)
        #expect(running.child.wait(atMost: 10) == .signaled(signal))
        #expect(folder.names == [])
    }

    @Test(
        "SIGKILL leaves nothing at the output's name",
        .mustEnd,
        arguments: [nil, [9, 9]] as [[UInt8]?]
    )
    func kill(old: [UInt8]?) throws {
        if let old { try folder.write(old, to: "out.h264") }
        let running = try start("-o out.h264 --overwrite")
        try feed(running, 30)
        running.child.send(SIGKILL)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGKILL))
        #expect(folder.exists("out.h264") == (old != nil))
        if let old { #expect(try folder.bytes("out.h264") == old) }
    }

    @Test("SIGPIPE is reported as an error with a message", .mustEnd)
    func pipe() throws {
        let running = try start("--format annexb --latency-mode realtime -o -")
        running.output.closeReadEnd()
        try feed(running, 1)
        for _ in 0..<20 where running.child.isRunning { running.input.write(frame, patience: 0.5) }
        running.input.closeWriteEnd()
        #expect(running.child.wait(atMost: 15) == .exited(74))
        #expect(String(decoding: running.errors.read(patience: 1), as: UTF8.self).contains("closed by its reader"))
    }
}
