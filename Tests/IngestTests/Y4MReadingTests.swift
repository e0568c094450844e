import Foundation
import Ingest
import SystemPackage
import TestSupport
import Testing

@Suite("Frames of a Y4M stream")
struct Y4MReadingTests {
    private let header = Array("YUV4MPEG2 W6 H4 F30:1 C420jpeg\n".utf8)

    private func reading() throws -> Reading {
        var reading = try Reading()
        reading.isY4M = true
        return reading
    }

    private func stream(_ lines: [String], _ reading: Reading) -> [UInt8] {
        header + zip(lines, reading.frames(lines.count)).flatMap { Array("\($0)\n".utf8) + $1 }
    }

    private func result(_ bytes: [UInt8], _ reading: Reading) throws -> Reading.Result {
        let pipe = try Pipe()
        let feeding = pipe.feed(bytes, seed: 3)
        defer { _ = try? feeding.value() }
        return try reading.read(pipe.origin)
    }

    private func failure(_ bytes: [UInt8], _ reading: Reading) throws -> String {
        let pipe = try Pipe()
        let feeding = pipe.feed(bytes, seed: 3)
        defer { _ = try? feeding.value() }
        return reading.failure(pipe.origin)
    }

    @Test("Frames of a Y4M stream have a line before each, with or without parameters", .timeLimit(.minutes(1)))
    func lines() throws {
        let reading = try reading()
        let bytes = stream(["FRAME", "FRAME Ixyz", "FRAME"], reading)
        let result = try result(bytes, reading)
        #expect(result.frames == reading.frames(3))
        #expect(result.byteCount == bytes.count)
    }

    @Test(
        "Frames of a Y4M stream come from a file as well",
        .timeLimit(.minutes(1)),
        arguments: [FileAccess.read, .map]
    )
    func file(access: FileAccess) throws {
        var reading = try reading()
        reading.access = access
        let folder = try TemporaryFolder()
        try Data(stream(["FRAME", "FRAME"], reading)).write(to: folder.url.appending(path: "a.y4m"))
        #expect(try reading.read(.path(folder.path("a.y4m"))).frames == reading.frames(2))
        reading.selection.skip = 1
        #expect(try reading.read(.path(folder.path("a.y4m"))).frames == Array(reading.frames(2).dropFirst()))
    }

    @Test(
        "Frames of a Y4M stream are refused after any other line",
        .timeLimit(.minutes(1)),
        arguments: ["FRAM", "frame", "", "FRAMES", "XFRAME"]
    )
    func damaged(line: String) throws {
        let reading = try reading()
        #expect(try failure(stream(["FRAME", line], reading), reading).contains("frame 1: "))
    }

    @Test("Frames of a Y4M stream must be whole, and so must their lines", .timeLimit(.minutes(1)))
    func partial() throws {
        let reading = try reading()
        let bytes = stream(["FRAME", "FRAME"], reading)
        #expect(try failure(bytes.dropLast(), reading).hasPrefix("frame 1 is partial: 35 of 36 bytes"))
        #expect(try failure(bytes.dropLast(36), reading).hasPrefix("frame 1 is partial: 0 of 36 bytes"))
        #expect(try failure(bytes.dropLast(38), reading).hasPrefix("frame 1 is partial"))
        #expect(try failure(header, reading).hasSuffix("is empty (a frame has 36 bytes)"))
    }

    @Test(
        "Frames of a Y4M stream that are incomplete, or whose lines are, are dropped if that is accepted",
        .timeLimit(.minutes(1))
    )
    func acceptPartial() throws {
        var reading = try reading()
        reading.selection.acceptPartial = true
        let bytes = stream(["FRAME", "FRAME"], reading)
        for cut in [1, 35, 36, 38] {
            #expect(try failure(bytes.dropLast(cut), reading) == "", "without the last \(cut) bytes")
        }
    }

    @Test("Frames of a Y4M stream have lines of a bounded length", .timeLimit(.minutes(1)))
    func longLine() throws {
        let reading = try reading()
        let line = "FRAME X" + String(repeating: "x", count: 5000)
        #expect(try failure(stream([line], reading), reading).contains("more than 1024 bytes"))
    }
}
