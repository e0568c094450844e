import Bitstream
import Foundation
import TestSupport
import Testing
import VideoTypes

@Suite("A stream splitter")
struct SplitterTests {
    @Test("A stream splitter finds the packets that ffprobe finds", arguments: TestStream.all)
    func packets(stream: TestStream) throws {
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let show = ["-v", "error", "-show_entries", "packet=size", "-of", "csv=p=0", stream.file]
        let sizes = try folder.run("ffprobe", show).output.split(whereSeparator: \.isNewline)
            .compactMap { Int($0.prefix { $0.isNumber }) }
        let units = try stream.units()
        try #require(units.count == sizes.count && units.count >= 10)
        // libavcodec's parser of HEVC leaves the zero of a four-byte start code to the packet before.
        let slack = stream.codec == .hevc ? 1 : 0
        var (end, expected) = (0, 0)
        for (unit, size) in zip(units, sizes).dropLast() {
            (end, expected) = (end + unit.bytes.count, expected + size)
            #expect((expected - slack...expected).contains(end))
        }
        #expect(units.reduce(0) { $0 + $1.bytes.count } == sizes.reduce(0, +))
    }

    @Test("A stream splitter gives the same units for all sizes of input pieces", arguments: TestStream.all)
    func pieces(stream: TestStream) throws {
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let bytes = try folder.bytes(of: stream.file)
        let units = try stream.units()
        for lengths in [[1], [2, 3, 5], [bytes.count]] {
            #expect(try split(bytes, with: stream.splitter(), pieces: lengths) == units)
        }
        for unit in units { #expect(Array(bytes[unit.offset..<unit.offset + unit.bytes.count]) == unit.bytes) }
        let framing = stream.isIVF ? 32 + 12 * units.count : 0
        #expect(units.reduce(framing) { $0 + $1.bytes.count } == bytes.count)
    }

    @Test(
        "A stream splitter finds the same access units after lengths as after start codes",
        arguments: ["a.h264", "b.h264", "a.hevc"]
    )
    func lengths(file: String) throws {
        let stream = TestStream.named(file)
        for lengthSize in [2, 4] {
            let units = try stream.units().map { unit in
                AnnexB.split(unit.bytes).flatMap { nalUnit -> [UInt8] in
                    let length = withUnsafeBytes(of: UInt32(nalUnit.count).bigEndian, Array.init)
                    return length.suffix(lengthSize) + nalUnit
                }
            }
            let splitter = LengthPrefixedSplitter(isHEVC: stream.codec == .hevc, lengthSize: lengthSize)
            #expect(try split(units.flatMap { $0 }, with: splitter, pieces: [7]).map(\.bytes) == units)
        }
    }

    @Test("A stream splitter reads what ffmpeg writes into an IVF header and its timestamps")
    func ivf() throws {
        let folder = try TemporaryFolder()
        try TestStream.named("c.ivf").make(in: folder)
        var reader = IVFReader()
        reader.append(try folder.bytes(of: "c.ivf")[...])
        var timestamps: [Int64?] = []
        while let unit = try reader.next() { timestamps.append(unit.timestamp) }
        let header = try #require(reader.header)
        #expect(header.fourCC == "VP90")
        #expect((header.width, header.height) == (67, 35))
        #expect((header.timeBaseDenominator, header.timeBaseNumerator) == (25, 1))
        #expect(timestamps == (0..<10).map { $0 })
    }

    @Test("A stream splitter refuses a stream that is cut off", arguments: ["a.ivf", "a.obu"])
    func truncated(file: String) throws {
        let stream = TestStream.named(file)
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let bytes = try folder.bytes(of: file)
        for count in [1, 5, 31, 40, bytes.count - 1] where !(file == "a.obu" && count == 5) {
            let error = #expect(throws: BitstreamError.self, "\(count) bytes") {
                _ = try split(Array(bytes.prefix(count)), with: stream.splitter())
            }
            #expect(error?.reason == .truncated)
        }
    }

    @Test("A stream splitter refuses a unit over its limit before it has come")
    func limit() throws {
        let ivf =
            Array("DKIF".utf8) + [0, 0, 32, 0] + [UInt8](repeating: 0, count: 24) + [1, 4, 0, 0] + [
                0, 0, 0, 0, 0, 0, 0, 0,
            ]
        let obu: [UInt8] = [0x12, 0, 0x32, 0x81, 0x08]
        let nal: [UInt8] = [0, 0, 4, 1, 0x65]
        #expect(throws: BitstreamError.self) { _ = try split(ivf, with: IVFReader(limit: 1024)) }
        #expect(throws: BitstreamError.self) { _ = try split(obu, with: TemporalUnitSplitter(limit: 1024)) }
        #expect(throws: BitstreamError.self) {
            _ = try split(nal, with: LengthPrefixedSplitter(isHEVC: false, limit: 1024))
        }
        let long = [0, 0, 1, 0x65, 0x80] + [UInt8](repeating: 7, count: 1020)
        let error = #expect(throws: BitstreamError.self) {
            _ = try split(long, with: AnnexBSplitter(isHEVC: false, limit: 1024))
        }
        #expect(error?.description == "a unit of 1025 bytes or more at byte 0 (expected at most 1024)")
    }

    @Test("A stream splitter refuses bytes that do not begin like its format")
    func garbage() throws {
        let text = Array("hello, this is no stream of video at all".utf8)
        let splitters: [any StreamSplitter] = [
            AnnexBSplitter(isHEVC: false), AnnexBSplitter(isHEVC: true), IVFReader(), TemporalUnitSplitter(),
            LengthPrefixedSplitter(isHEVC: false),
        ]
        for splitter in splitters { #expect(throws: BitstreamError.self) { _ = try split(text, with: splitter) } }
    }

    @Test("A stream splitter of random and damaged bytes throws or gives back what came in")
    func robustness() throws {
        var generator = SeededGenerator(for: "robustness of splitters")
        for stream in TestStream.all {
            let folder = try TemporaryFolder()
            try stream.make(in: folder)
            let whole = Array(try folder.bytes(of: stream.file).prefix(4000))
            for _ in 0..<100 {
                var bytes = whole
                for _ in 0..<Int.random(in: 0...20, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                        [0, 1, 255, 9].randomElement(using: &generator) ?? 0
                }
                bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
                for splitter in [stream.splitter(), LengthPrefixedSplitter(isHEVC: true, lengthSize: 1)]
                    as [any StreamSplitter]
                {
                    guard let units = try? split(bytes, with: splitter, pieces: [13, 400]) else { continue }
                    let isWhole = splitter is IVFReader || units.flatMap(\.bytes) == bytes
                    #expect(isWhole)
                }
            }
        }
    }
}
