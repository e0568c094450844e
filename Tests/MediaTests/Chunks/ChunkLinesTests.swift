import Containers
import Foundation
import SystemPackage
import Testing
import VideoTypes

@testable import Media

@Suite("Chunk lines")
struct ChunkLinesTests {
    @Test("Chunk lines that wait for a container are bounded in number, and more are refused")
    func bound() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("lines-\(UUID().uuidString)")
        let temporaries = TemporaryFiles()
        defer { temporaries.removeAll() }
        let sink = try ByteSink(opening: .path(FilePath(file.path)), overwrite: false, temporaries: temporaries)
        var lines = ChunkLines(sink)
        let chunk = EncodedVideoChunk(type: .key, timestamp: 0, duration: nil, data: [0])
        for index in 0..<ChunkLines.limit { try lines.append(ChunkLine(chunk, index: index)) }
        #expect(throws: SinkError.self) { try lines.append(ChunkLine(chunk, index: ChunkLines.limit)) }
        try lines.place([0..<1, 1..<2])
        try lines.append(ChunkLine(chunk, index: ChunkLines.limit))
        #expect(throws: SinkError.self) { try lines.place((0...ChunkLines.limit).map { $0..<$0 + 1 }) }
    }
}
