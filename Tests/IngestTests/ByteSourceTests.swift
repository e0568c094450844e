import EncoderCore
import Foundation
import Ingest
import SystemPackage
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A byte source")
struct ByteSourceTests {
    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 11) } }

    private func read(_ count: Int, from source: inout ByteSource) throws -> [UInt8] {
        var buffer = PlaneBuffer(byteCount: count)
        let read = try buffer.withMutableBytes { try source.read(into: &$0, 0..<count) }
        return buffer.withBytes { span in span.withUnsafeBytes { Array($0.prefix(read)) } }
    }

    @Test("A byte source looks ahead without giving anything out", .timeLimit(.minutes(1)))
    func peek() throws {
        let (pipe, bytes) = (try Pipe(), bytes(300))
        let feeding = pipe.feed(bytes, seed: 5, largest: 7)
        var source = try Reading().source(pipe.origin)
        #expect(try source.peek(10) == Array(bytes.prefix(10)))
        #expect(try source.peek(4) == Array(bytes.prefix(4)))
        #expect(try source.peek(20) == Array(bytes.prefix(20)))
        #expect(source.position == 0)
        #expect(try read(5, from: &source) == Array(bytes.prefix(5)))
        #expect(try source.peek(3) == Array(bytes[5..<8]))
        #expect(try read(100, from: &source) == Array(bytes[5..<105]))
        #expect(source.position == 105)
        #expect(try source.peek(1000) == Array(bytes[105...]))
        #expect(try read(1000, from: &source) == Array(bytes[105...]))
        #expect(try read(10, from: &source) == [])
        #expect(source.position == 300)
        try feeding.value()
    }

    @Test(
        "A byte source shows its observer every byte, once, in order",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func observer(isPipe: Bool) throws {
        let seen = Monitor([UInt8]())
        let (folder, pipe) = (try TemporaryFolder(), try Pipe())
        var reading = try Reading()
        reading.access = .map
        reading.observe = { span in
            let bytes = span.withUnsafeBytes { Array($0) }
            seen.withLock { $0 += bytes }
        }
        let bytes = reading.frames(6).flatMap { $0 }
        reading.selection.skip = 2
        if isPipe {
            let feeding = pipe.feed(bytes, seed: 9)
            #expect(try reading.read(pipe.origin).frames.count == 4)
            try feeding.value()
        } else {
            try Data(bytes).write(to: folder.url.appending(path: "in"))
            #expect(try reading.read(.path(folder.path("in"))).frames.count == 4)
        }
        #expect(seen.withLock { $0 } == bytes)
    }

    @Test("A byte source stops waiting on an idle pipe when it is interrupted", .timeLimit(.minutes(1)))
    func interrupt() throws {
        let (pipe, reading) = (try Pipe(), try Reading())
        try pipe.write(reading.frames(2).flatMap { $0 } + [1, 2, 3])
        let waiting = Background { try reading.read(pipe.origin) }
        #expect(!eventually({ waiting.isDone }, atMost: .milliseconds(30)))
        let start = ContinuousClock.now
        reading.interrupt.trigger()
        let result = try waiting.value()
        #expect(start.duration(to: .now) < .seconds(15))
        #expect(result.frames == reading.frames(2))
        #expect(reading.interrupt.isTriggered)
    }

    @Test("A byte source fails if a pipe gives no byte for too long, with the frame", .timeLimit(.minutes(1)))
    func timeout() throws {
        var reading = try Reading()
        reading.timeout = .milliseconds(200)
        let pipe = try Pipe()
        try pipe.write(reading.frames(2).flatMap { $0 } + [1, 2, 3])
        let error = #expect(throws: IngestError.self) { try reading.read(pipe.origin) }
        #expect(error == .timedOut(name: pipe.origin.name, frame: 2, after: .milliseconds(200)))
        #expect(
            "\(try #require(error))".contains("delivered nothing for 0.2 s (timeout), in or before frame 2")
        )
    }

    @Test("A byte source gives nothing once it is interrupted", .timeLimit(.minutes(1)))
    func interruptedBefore() throws {
        let (pipe, reading) = (try Pipe(), try Reading())
        reading.interrupt.trigger()
        reading.interrupt.trigger()
        #expect(try Background { try reading.read(pipe.origin) }.value().frames == [])
    }

    @Test("A byte source stops waiting for a writer to open a FIFO when it is interrupted", .timeLimit(.minutes(1)))
    func unopenedFIFO() throws {
        let (folder, reading) = (try TemporaryFolder(), try Reading())
        let path = folder.path("fifo")
        #expect(mkfifo(path.string, 0o600) == 0)
        let waiting = Background { try reading.read(.path(path)).frames.count }
        #expect(!eventually({ waiting.isDone }, atMost: .milliseconds(30)))
        reading.interrupt.trigger()
        let isDone = eventually({ waiting.isDone })
        #expect(isDone, "it waits in open(2), which only a writer ends")
        // Releases a waiting call.
        if !isDone { try FileDescriptor.open(path, .writeOnly).close() }
    }

    @Test("A byte source reports why it cannot be opened")
    func cannotOpen() throws {
        let folder = try TemporaryFolder()
        let reading = try Reading()
        let missing = folder.path("missing")
        #expect(reading.failure(.path(missing)) == "\(missing) cannot be opened: No such file or directory")
        #expect(reading.failure(.path(folder.path(""))).contains("is a folder, not a file of frames"))
    }

    @Test("A byte source knows a file by its identity, whatever it is called")
    func identity() throws {
        let folder = try TemporaryFolder()
        try folder.write("abc", to: "a")
        try folder.write("abc", to: "b")
        try FileManager.default.createSymbolicLink(atPath: folder.path("c").string, withDestinationPath: "a")
        let source = try Reading().source(.path(folder.path("a")))
        let found = source.identity
        let identity = try #require(found)
        #expect(FileIdentity(of: folder.path("c")) == identity)
        #expect(FileIdentity(of: folder.path("b")) != identity)
        #expect(FileIdentity(of: folder.path("")) != identity)
        #expect(FileIdentity(of: "/dev/null") == nil, "many may write to a device")
        let pipe = try Pipe()
        let other = try Reading().source(pipe.origin).identity
        #expect(other != nil)
        #expect(other != identity)
    }

    @Test("A byte source reads lines, of a bounded length", .timeLimit(.minutes(1)))
    func lines() throws {
        let pipe = try Pipe()
        let feeding = pipe.feed(Array("one\n\nthree\nfour".utf8), seed: 2, largest: 3)
        var source = try Reading().source(pipe.origin)
        #expect(try source.readLine(limit: 3) == .complete(Array("one".utf8)))
        #expect(try source.readLine(limit: 3) == .complete([]))
        #expect(throws: IngestError.self) { try source.readLine(limit: 4) }
        #expect(try source.readLine(limit: 3) == .complete([]), "the line feed of the line that was too long")
        #expect(try source.readLine(limit: 10) == .end(bytes: 4))
        #expect(try source.readLine(limit: 10) == .end(bytes: 0))
        try feeding.value()
    }
}
