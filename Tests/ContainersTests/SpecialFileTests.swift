import Containers
import Foundation
import SystemPackage
import TestSupport
import Testing
import VideoTypes

@Suite("A byte sink on a device or FIFO")
struct SpecialFileTests {
    private let folder: TemporaryFolder
    private let temporaries = TemporaryFiles()

    init() throws {
        folder = try TemporaryFolder()
        signal(SIGPIPE, SIG_IGN)
    }

    private func sink(_ path: FilePath) throws -> ByteSink {
        try ByteSink(opening: .path(path), overwrite: false, temporaries: temporaries)
    }

    #if os(Linux)
        @Test("A byte sink on a device fails when the device is full")
        func full() throws {
            var sink = try sink("/dev/full")
            let error = #expect(throws: SinkError.self) { try sink.write([1, 2, 3]) }
            #expect(error == .failed(operation: "writing", name: "/dev/full", .noSpace))
            #expect(FileManager.default.fileExists(atPath: "/dev/full"))
        }
    #endif

    @Test("A byte sink on a device writes to it in place")
    func null() throws {
        var sink = try sink("/dev/null")
        try sink.write([1, 2, 3])
        try sink.publish()
        #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    }

    /// A FIFO with a reader that never blocks, and what it reads.
    private func fifo() throws -> (path: FilePath, reader: FileDescriptor) {
        let path = folder.path("fifo")
        #expect(mkfifo(path.string, 0o600) == 0)
        return (path, try FileDescriptor.open(path, .readOnly, options: [.nonBlocking]))
    }

    private func read(_ reader: FileDescriptor) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
        return Array(buffer.prefix(count))
    }

    @Test(
        "A byte sink on a FIFO writes to it in place, and its reader sees the end when it is published"
    )
    func fifoEnds() throws {
        let (path, reader) = try fifo()
        defer { try? reader.close() }
        var sink = try sink(path)
        try sink.write([1, 2, 3])
        #expect(try read(reader) == [1, 2, 3])
        try sink.publish()
        // At its end a pipe reads as 0 bytes; while somebody still has it open for writing, as EAGAIN.
        #expect(throws: Never.self) { try read(reader) }
    }

    @Test("A byte sink on a FIFO closes it when it is dropped")
    func fifoDropped() throws {
        let (path, reader) = try fifo()
        defer { try? reader.close() }
        do { _ = try sink(path) }
        #expect(throws: Never.self) { try read(reader) }
    }

    @Test("A byte sink on a FIFO reports when the reader has closed it")
    func closedPipe() throws {
        let (path, reader) = try fifo()
        var sink = try sink(path)
        try reader.close()
        let error = #expect(throws: SinkError.self) { try sink.write([1]) }
        #expect(error == .closedPipe(name: path.string))
    }
}

@Suite("A sink error")
struct SinkErrorTests {
    @Test("A sink error names the thing, what happened, and what would be right")
    func texts() {
        #expect(SinkError.exists("a.h264").description == "a.h264 exists (overwrite replaces it)")
        #expect(
            SinkError.cannotCreate("a", .permissionDenied).description == "a cannot be created: Permission denied"
        )
        #expect(
            SinkError.failed(operation: "writing", name: "a", .noSpace).description
                == "writing a failed: No space left on device"
        )
        #expect(
            SinkError.closedPipe(name: "standard output").description
                == "standard output was closed by its reader before everything was written"
        )
        #expect(SinkError.refused(name: "a.mp4", reason: "why").description == "a.mp4 cannot be written: why")
    }
}
