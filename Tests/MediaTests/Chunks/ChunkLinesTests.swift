import Containers
import TestSupport
import Testing
import VideoTypes

@testable import Media

@Suite("Chunk lines")
struct ChunkLinesTests {
    @Test("Chunk lines that wait for a container are bounded in number, and more are refused")
    func bound() throws {
        let folder = try TemporaryFolder()
        let temporaries = TemporaryFiles()
        defer { temporaries.removeAll() }
        var sink = try ByteSink(opening: .path(folder.path("lines")), overwrite: false, temporaries: temporaries)
        var lines = ChunkLines()
        let chunk = EncodedVideoChunk(type: .key, timestamp: 0, duration: nil, data: [0])
        for index in 0..<ChunkLines.limit { try lines.append(ChunkLine(chunk, index: index), of: "lines") }
        #expect(throws: SinkError.self) { try lines.append(ChunkLine(chunk, index: ChunkLines.limit), of: "lines") }
        try lines.write([0..<1, 1..<2], to: &sink)
        try lines.append(ChunkLine(chunk, index: ChunkLines.limit), of: "lines")
        #expect(throws: SinkError.self) { try lines.write((0...ChunkLines.limit).map { $0..<$0 + 1 }, to: &sink) }
    }
}
