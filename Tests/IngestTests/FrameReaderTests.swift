import Foundation
import Ingest
import SystemPackage
import TestSupport
import Testing
import Threading

/// How the bytes get to the reader.
enum Route: CaseIterable {
    case file, mappedFile, pipe
}

@Suite("A frame reader")
struct FrameReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func with<Result>(
        _ route: Route,
        _ bytes: [UInt8],
        _ reading: inout Reading,
        _ body: (Reading, ByteSource.Origin) throws -> Result
    ) throws -> Result {
        if route == .pipe {
            let pipe = try Pipe()
            let feeding = pipe.feed(bytes, seed: 1, largest: 4096)
            defer { _ = try? feeding.value() }
            return try body(reading, pipe.origin)
        }
        reading.access = route == .mappedFile ? .map : .read
        try Data(bytes).write(to: folder.url.appending(path: "in"))
        return try body(reading, .path(folder.path("in")))
    }

    private func read(_ route: Route, _ bytes: [UInt8], _ reading: Reading) throws -> Reading.Result {
        var reading = reading
        return try with(route, bytes, &reading) { try $0.read($1) }
    }

    private func failure(_ route: Route, _ bytes: [UInt8], _ reading: Reading) throws -> String {
        var reading = reading
        return try with(route, bytes, &reading) { $0.failure($1) }
    }

    @Test("A frame reader returns exactly the frames of the input", .timeLimit(.minutes(1)), arguments: Route.allCases)
    func exact(route: Route) throws {
        let reading = try Reading()
        for count in [1, 2, 7] {
            let frames = reading.frames(count)
            let result = try read(route, frames.flatMap { $0 }, reading)
            #expect(result.frames == frames)
            #expect(result.timestamps == (0..<count).map { Int64((Double($0) * 1e6 / 30).rounded()) })
            #expect(result.byteCount == count * 36)
        }
    }

    @Test("A frame reader gives the same frames however the bytes arrive", .timeLimit(.minutes(1)))
    func pieces() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of FrameReaderTests.pieces: \(seed)")
        let reading = try Reading(.rgb24, width: 31, height: 17)
        let frames = reading.frames(5)
        for round in 0..<5 as Range<UInt64> {
            let pipe = try Pipe()
            let feeding = pipe.feed(frames.flatMap { $0 }, seed: seed &+ round)
            #expect(try reading.read(pipe.origin).frames == frames, "seed \(seed)")
            try feeding.value()
        }
    }

    @Test(
        "A frame reader reports the number of bytes of a partial frame",
        .timeLimit(.minutes(1)),
        arguments: Route.allCases
    )
    func partial(route: Route) throws {
        var reading = try Reading()
        let bytes: [UInt8] = reading.frames(3).flatMap { $0 }
        let text =
            "frame 2 is partial: 35 of 36 bytes, after 2 complete frames (acceptPartial keeps the complete ones)"
        #expect(try failure(route, bytes.dropLast(), reading) == text)
        #expect(try failure(route, Array(bytes.prefix(5)), reading).hasPrefix("frame 0 is partial: 5 of 36 bytes"))
        reading.selection.acceptPartial = true
        let result = try read(route, bytes.dropLast(), reading)
        #expect(result.frames == Array(reading.frames(2)))
        if route == .pipe { #expect(result.droppedBytes == 35) }
    }

    @Test(
        "A frame reader reports only an input without any byte as empty",
        .timeLimit(.minutes(1)),
        arguments: Route.allCases
    )
    func empty(route: Route) throws {
        var reading = try Reading()
        #expect(try failure(route, [], reading).hasSuffix("is empty (a frame has 36 bytes)"))
        reading.selection.acceptPartial = true
        let text = try failure(route, [1, 2, 3], reading)
        #expect(!text.isEmpty && !text.contains("is empty"), "\(text)")
        #expect(!text.contains("so that 0 cannot be skipped"), "\(text)")
    }

    @Test("A frame reader skips frames", .timeLimit(.minutes(1)), arguments: Route.allCases)
    func skip(route: Route) throws {
        var reading = try Reading()
        let frames = reading.frames(5)
        let bytes: [UInt8] = frames.flatMap { $0 }
        reading.selection.skip = 2
        let result = try read(route, bytes, reading)
        #expect(result.frames == Array(frames.dropFirst(2)))
        #expect(result.timestamps.first == 0)
        for skip in [5, 9] {
            reading.selection.skip = skip
            let text = "the input has 5 frames, so skipping \(skip) leaves none"
            #expect(try failure(route, bytes, reading) == text)
        }
    }

    @Test(
        "A frame reader stops after the requested number of frames",
        .timeLimit(.minutes(1)),
        arguments: Route.allCases
    )
    func count(route: Route) throws {
        var reading = try Reading()
        let bytes: [UInt8] = reading.frames(5).flatMap { $0 } + [1, 2, 3]
        (reading.selection.skip, reading.selection.count) = (1, 3)
        #expect(try read(route, bytes, reading).frames == Array(reading.frames(4).dropFirst()))
        reading.selection.count = 0
        #expect(try read(route, bytes, reading).frames == [])
        (reading.selection.skip, reading.selection.count) = (0, 6)
        let text = try failure(route, Array(bytes.dropLast(3)), reading)
        #expect(text == "the input has 5 frames, fewer than the 6 requested")
    }

    @Test(
        "A frame reader checks the expected number of frames",
        .timeLimit(.minutes(1)),
        arguments: Route.allCases
    )
    func expected(route: Route) throws {
        var reading = try Reading()
        let bytes: [UInt8] = reading.frames(5).flatMap { $0 }
        reading.selection.expected = 5
        #expect(try read(route, bytes, reading).frames.count == 5)
        reading.selection.expected = 6
        #expect(try failure(route, bytes, reading) == "the input has 5 frames, fewer than the 6 requested")
        reading.selection.expected = 4
        let text = try failure(route, bytes, reading)
        #expect(
            text == "the input has "
                + (route == .pipe ? "more than the expected 4 frames" : "5 frames, more than the 4 expected")
        )
        (reading.selection.skip, reading.selection.expected) = (2, 3)
        #expect(try read(route, bytes, reading).frames.count == 3)
    }

    @Test("A frame reader does not trap on extreme numbers", .timeLimit(.minutes(1)), arguments: Route.allCases)
    func absurd(route: Route) throws {
        var reading = try Reading()
        reading.selection.skip = .max - 1
        reading.selection.count = 1
        let bytes: [UInt8] = reading.frames(2).flatMap { $0 }
        #expect(try failure(route, bytes, reading).contains("leaves none"))
    }

    @Test(
        "A frame reader finds a partial frame by reading as well, without checking the length",
        .timeLimit(.minutes(1))
    )
    func unchecked() throws {
        var reading = try Reading()
        reading.checksLength = false
        let bytes: [UInt8] = reading.frames(2).flatMap { $0 } + [1]
        #expect(try failure(.file, bytes, reading).hasPrefix("frame 2 is partial: 1 of 36 bytes"))
    }

    @Test("A frame reader does not trap on a sum that overflows", .timeLimit(.minutes(1)))
    func overflow() async {
        await #expect(processExitsWith: .success) {
            var reading = try Reading()
            (reading.selection.skip, reading.selection.count) = (.max, 1)
            let folder = try TemporaryFolder()
            try folder.write(String(repeating: "x", count: 72), to: "in")
            _ = reading.failure(.path(folder.path("in")))
        }
    }
}
