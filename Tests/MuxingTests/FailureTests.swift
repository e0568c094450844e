import Containers
import Foundation
import Muxing
import SystemPackage
import TestSupport
import Testing
import VideoTypes

@Suite("A container that cannot be written", .timeLimit(.minutes(2)))
struct FailureTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        signal(SIGPIPE, SIG_IGN)
    }

    /// Writes everything to a path, and returns the error.
    private func failure(_ stream: TestStream, _ format: OutputFormat, to path: FilePath) throws -> SinkError? {
        var sink = try ByteSink(opening: .path(path), overwrite: false, temporaries: TemporaryFiles())
        do throws(SinkError) {
            let writer = try ContainerWriter(for: sink, format: format, description: stream.description)
            for chunk in stream.chunks { _ = try writer.write(chunk, to: &sink) }
            _ = try writer.end(to: &sink)
            try sink.publish()
            return nil
        } catch {
            return error
        }
    }

    #if os(Linux)
        @Test(
            "A container that cannot be written fails with the device's own error",
            arguments: [OutputFormat.mp4, .mkv, .webm]
        )
        func full(format: OutputFormat) throws {
            let error = try failure(TestStream.make(.vp9), format, to: "/dev/full")
            #expect(error == .failed(operation: "writing", name: "/dev/full", .noSpace))
        }
    #endif

    @Test(
        "A container that cannot be written fails whenever its reader goes",
        arguments: [OutputFormat.mp4, .mkv, .webm]
    )
    func closedPipe(format: OutputFormat) throws {
        var stream = try TestStream.make(.vp9)
        // More than a pipe's buffer, so that the writer cannot finish before its reader closes the pipe.
        stream.chunks = try Self.repeated(stream, atLeast: 400_000)
        var random = SeededGenerator(for: "closedPipe \(format)")
        for _ in 0..<8 {
            let count = Int.random(in: 0...250_000, using: &random)
            let path = FilePath(folder.file("\(UUID().uuidString).fifo").path)
            #expect(mkfifo(path.string, 0o600) == 0)
            let reader = Background { try Self.read(count, of: path) }
            let error = try failure(stream, format, to: path)
            try reader.value()
            #expect(error == .closedPipe(name: path.string), "after \(count) bytes")
        }
    }

    private static func repeated(_ stream: TestStream, atLeast bytes: Int) throws -> [EncodedVideoChunk] {
        var chunks: [EncodedVideoChunk] = []
        var count = 0
        while count < bytes {
            var chunk = stream.chunks[chunks.count % stream.chunks.count]
            chunk.timestamp = try #require(FrameRate.thirty.timestamp(ofFrame: chunks.count))
            count += chunk.data.count
            chunks.append(chunk)
        }
        return chunks
    }

    private static func read(_ count: Int, of path: FilePath) throws {
        let descriptor = try FileDescriptor.open(path, .readOnly)
        try descriptor.closeAfter {
            var (rest, buffer) = (count, [UInt8](repeating: 0, count: 4096))
            while rest > 0 {
                let some = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                rest = some == 0 ? 0 : rest - some
            }
        }
    }

    @Test(
        "A container that cannot be written leaves no file when it is dropped, whenever that is",
        arguments: [OutputFormat.mp4, .mkv]
    )
    func dropped(format: OutputFormat) throws {
        let stream = try TestStream.make(.vp9)
        for count in [0, 1, stream.chunks.count] {
            let path = ByteSink.Destination.path(FilePath(folder.file("out").path))
            var sink = try ByteSink(opening: path, overwrite: false, temporaries: TemporaryFiles())
            let writer = try ContainerWriter(for: sink, format: format, description: stream.description)
            for chunk in stream.chunks.prefix(count) { _ = try writer.write(chunk, to: &sink) }
        }
        #expect(folder.names == [])
    }

    @Test("A container that cannot be written refuses a decoder configuration that changes on the way")
    func changedRecord() throws {
        var stream = try TestStream.make(.h264)
        stream.chunks[12].decoderConfig = stream.chunks[0].decoderConfig
        let path = FilePath(folder.file("same").path)
        #expect(try failure(stream, .mp4, to: path) == nil)
        stream.chunks[12].decoderConfig?.description?[3] ^= 1
        let error = try failure(stream, .mp4, to: FilePath(folder.file("other").path))
        guard case .refused? = error else {
            Issue.record("\(error.map { "\($0)" } ?? "nothing")")
            return
        }
    }

    @Test("A container that cannot be written refuses times that do not grow, and chunks without a configuration")
    func misuse() throws {
        var stream = try TestStream.make(.h264)
        stream.chunks[5].decodeTimestamp = stream.chunks[4].decodeTimestamp
        let times = try failure(stream, .mp4, to: FilePath(folder.file("times").path))
        #expect(times?.description.contains("av_write_frame") == true)
        stream.chunks[0].decoderConfig = nil
        let configuration = try failure(stream, .mkv, to: FilePath(folder.file("configuration").path))
        #expect(configuration?.description.hasSuffix("the first chunk has no decoder configuration") == true)
        stream.chunks = []
        let empty = try failure(stream, .mkv, to: FilePath(folder.file("empty").path))
        #expect(empty?.description.hasSuffix("a container needs at least one chunk") == true)
    }
}
