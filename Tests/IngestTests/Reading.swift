import EncoderCore
import Foundation
import Ingest
import SystemPackage
import TestSupport
import Testing
import Threading
import VideoTypes

/// One way to read an input.
struct Reading: Sendable {
    var layout: PictureLayout
    var isY4M = false
    var access = FileAccess.read
    var selection = FrameReader.Selection()
    var interrupt = Interrupt()
    var timeout: Duration?
    var observe: (@Sendable (RawSpan) -> Void)?
    var pictures = 2
    var checksLength = true

    init(_ format: PixelFormat = .i420, width: Int = 6, height: Int = 4) throws {
        layout = try #require(PictureLayout(format: format, size: PictureSize(width: width, height: height)))
    }

    /// The results and the state of the reader.
    struct Result: Sendable {
        var frames: [[UInt8]] = []
        var timestamps: [Int64] = []
        var byteCount = 0
        var droppedBytes = 0
    }

    func source(_ origin: ByteSource.Origin) throws -> ByteSource {
        try ByteSource(
            opening: origin,
            access: access,
            interrupt: interrupt,
            clock: StageClock(),
            timeout: timeout,
            observe: observe
        )
    }

    func read(_ origin: ByteSource.Origin) throws -> Result {
        var source = try source(origin)
        if isY4M { _ = try source.readLine(limit: 1000) }
        var reader = FrameReader(
            input: source,
            source: layout,
            isY4M: isY4M,
            conversion: .none,
            selection: selection,
            framerate: .thirty,
            pool: PicturePool(layout: layout, capacity: pictures),
            clock: StageClock()
        )
        if checksLength { try reader.checkLength() }
        try reader.skipFrames()
        var result = Result()
        while let frame = try reader.next() {
            result.frames.append(frame.withBytes { span in span.withUnsafeBytes { Array($0) } })
            result.timestamps.append(frame.timestamp)
        }
        (result.byteCount, result.droppedBytes) = (reader.byteCount, reader.droppedBytes)
        return result
    }

    /// Why it fails; empty if it does not.
    func failure(_ origin: ByteSource.Origin) -> String {
        do {
            _ = try read(origin)
            return ""
        } catch {
            return "\(error)"
        }
    }

    func frames(_ count: Int) -> [[UInt8]] {
        (0..<count).map { frame in (0..<layout.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 3 &+ frame &* 37) } }
    }
}

/// The two ends of a pipe; the readable one is opened by its path.
final class Pipe: Sendable {
    let origin: ByteSource.Origin
    private let ends: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
    private let isClosed = Monitor(false)

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        ends = try FileDescriptor.pipe()
        origin = .path(FilePath("/dev/fd/\(ends.readEnd.rawValue)"))
    }

    deinit {
        close()
        try? ends.readEnd.close()
    }

    func write(_ bytes: some Sequence<UInt8>) throws { try ends.writeEnd.writeAll(bytes) }

    func close() {
        let wasClosed = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return isClosed
        }
        if !wasClosed { try? ends.writeEnd.close() }
    }

    /// Writes everything on a thread of its own, in pieces of random sizes, and closes the pipe.
    func feed(_ bytes: [UInt8], seed: UInt64, largest: Int = 50) -> Background<Void> {
        Background { [self] in
            defer { close() }
            var (rest, random) = (bytes[...], SeededGenerator(seed: seed))
            while !rest.isEmpty {
                let count = Int.random(in: 1...largest, using: &random)
                try write(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
        }
    }
}
