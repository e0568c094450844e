import Bitstream
import Containers
import SystemPackage
import TestSupport
import Testing
import VideoTypes

@Suite("A stream writer")
struct StreamWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sink(_ name: String) throws -> ByteSink {
        let destination = ByteSink.Destination.path(folder.path(name))
        return try ByteSink(opening: destination, overwrite: false, temporaries: TemporaryFiles())
    }

    private func chunk(_ data: [UInt8], at timestamp: Int64 = 0) -> EncodedVideoChunk {
        EncodedVideoChunk(type: .key, timestamp: timestamp, duration: nil, data: data)
    }

    @Test("A stream writer writes chunks one after the other, and reports the position of each")
    func ranges() throws {
        var sink = try sink("a.h264")
        var writer = StreamWriter(ElementaryFraming())
        var ranges: [Range<Int>] = []
        for data in [[1, 2, 3], [], [4, 5]] as [[UInt8]] { ranges += try writer.write(chunk(data), to: &sink) }
        ranges += try writer.end(to: &sink)
        #expect(ranges == [0..<3, 3..<3, 3..<5])
        let (count, isRewritten) = (sink.byteCount, sink.isRewritten)
        #expect(count == 5)
        #expect(!isRewritten)
        try sink.publish()
        #expect(folder.contents(of: "a.h264") == [1, 2, 3, 4, 5])
    }

    @Test("A stream writer counts IVF's frames, in time and in number")
    func ivf() throws {
        let rate = try #require(FrameRate(30000, 1001))
        var description = ContainerDescription(codec: .vp9, size: PictureSize(width: 3, height: 500))
        description.framerate = rate
        var sink = try sink("a.ivf")
        var writer = StreamWriter(IVFFraming(description))
        for frame in [0, 1, 1_000_000] {
            _ = try writer.write(chunk([9], at: try #require(rate.timestamp(ofFrame: frame))), to: &sink)
        }
        _ = try writer.end(to: &sink)
        try sink.publish()
        let bytes = try #require(folder.contents(of: "a.ivf"))
        let header = try IVFHeader(parsing: bytes[...])
        #expect(header.fourCC == "VP90")
        #expect(header.size == description.size)
        #expect(header.timeBase == (1001, 30000))
        #expect(header.frameCount == 3)
        let frames = try stride(from: 32, to: bytes.count, by: 13).map { try IVFFrameHeader(parsing: bytes[$0...]) }
        #expect(frames.map(\.timestamp) == [0, 1, 1_000_000])
        #expect(frames.map(\.size) == [1, 1, 1])
    }

    @Test("A stream writer puts a temporal delimiter before temporal units of AV1 that have none")
    func delimiters() throws {
        var sink = try sink("a.obu")
        var writer = StreamWriter(LowOverheadFraming())
        let (delimiter, padding) = ([0x12, 0] as [UInt8], [0x7A, 1, 0x80] as [UInt8])
        #expect(try writer.write(chunk(delimiter + padding), to: &sink) == [0..<5])
        #expect(try writer.write(chunk(padding), to: &sink) == [7..<10])
        try sink.publish()
        #expect(folder.contents(of: "a.obu") == delimiter + padding + delimiter + padding)
    }

    @Test("A stream writer refuses chunks of AV1 that are not OBUs")
    func damaged() throws {
        var sink = try sink("a.obu")
        var writer = StreamWriter(LengthDelimitedFraming())
        let error = #expect(throws: SinkError.self) { _ = try writer.write(chunk([0x12, 9]), to: &sink) }
        guard case .refused? = error else {
            Issue.record("\(error.map { "\($0)" } ?? "nothing")")
            return
        }
    }
}

@Suite("A container's clock")
struct ContainerClockTests {
    @Test(
        "A container's clock finds the number of every frame at every rate",
        arguments: [(30000, 1001), (24, 1), (10000, 1), (1, 7)]
    )
    func frames(numerator: Int, denominator: Int) throws {
        let rate = try #require(FrameRate(numerator, denominator))
        let clock = ContainerClock(rate)
        for frame in [0, 1, 2, 3, 1001, 123_457, 1_000_000_007] {
            let time = try #require(rate.timestamp(ofFrame: frame))
            #expect(clock.ticks(time) == Int64(frame))
            #expect(clock.ticks(-time) == -Int64(frame))
        }
    }

    @Test("A container's clock has microseconds without a rate, and does not trap on any time")
    func microseconds() {
        #expect(ContainerClock(nil).ticks(-12345) == -12345)
        for time in [Int64.min, .max] {
            #expect(ContainerClock(nil).ticks(time) == time)
            _ = ContainerClock(FrameRate(10000)).ticks(time)
        }
    }
}

@Suite("An IVF header")
struct IVFHeaderTests {
    @Test("An IVF header is read as it was written")
    func roundTrip() throws {
        var header = IVFHeader(
            fourCC: "AV01",
            size: PictureSize(width: 16384, height: 1),
            timeBase: (1001, 30000)
        )
        header.frameCount = 70_000
        let read = try IVFHeader(parsing: header.bytes[...])
        #expect(header.bytes.count == IVFHeader.length)
        #expect(read.bytes == header.bytes)
        #expect(read.frameCount == 70_000)
        let frame = IVFFrameHeader(size: 1 << 31, timestamp: -5)
        #expect(try IVFFrameHeader(parsing: frame.bytes[...]) == frame)
    }

    @Test("An IVF header is refused where it is damaged, and nothing traps")
    func damaged() {
        var random = SeededGenerator(for: "IVF header")
        let good = IVFHeader(fourCC: "VP80", size: PictureSize(width: 2, height: 2), timeBase: (1, 30)).bytes
        for place in [0, 4, 8] {
            var bytes = good
            bytes[place] ^= 0x80
            #expect(throws: BitstreamError.self) { _ = try IVFHeader(parsing: bytes[...]) }
        }
        for _ in 0..<1000 {
            let bytes = good.map { Bool.random(using: &random) ? $0 : UInt8.random(in: 0...255, using: &random) }
            let count = Int.random(in: 0...bytes.count, using: &random)
            _ = try? IVFHeader(parsing: bytes.prefix(count)).bytes
            _ = try? IVFFrameHeader(parsing: bytes.prefix(count))
        }
    }
}
