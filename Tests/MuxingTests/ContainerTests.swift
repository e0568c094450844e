import Bitstream
import Containers
import Foundation
import Muxing
import TestSupport
import Testing
import VideoTypes

/// A format with a codec that it can carry, and whether its output is a pipe.
struct Case: CustomTestStringConvertible, Sendable {
    let format: OutputFormat
    let codec: VideoCodec
    let toPipe: Bool

    var testDescription: String { "\(codec.name) in \(format.name)\(toPipe ? " through a pipe" : "")" }

    /// Elementary streams of H.264 and HEVC are left out: they need no more than their own bytes.
    static let all = OutputFormat.allCases.filter { ![.annexB, .avcc].contains($0) }.flatMap { format in
        VideoCodec.allCases.filter(format.codecs.contains).flatMap { codec in
            [false, true].map { Case(format: format, codec: codec, toPipe: $0) }
        }
    }
}

@Suite("A container", .timeLimit(.minutes(2)))
struct ContainerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A chunk as a container holds it.
    private func content(of chunk: EncodedVideoChunk, in format: OutputFormat) throws -> [UInt8] {
        guard format.isContainer || format == .obuAnnexB, chunk.data.prefix(2) == [0x12, 0] else { return chunk.data }
        let unit = try AV1TemporalUnit(parsing: chunk.data)
        guard format == .obuAnnexB else { return unit.withoutTemporalDelimiters.bytes }
        let bytes = unit.annexB
        return Array(bytes.dropFirst(try LEB128.read(bytes[...], "").length))
    }

    @Test(
        "A container has the input's pictures as ffmpeg reads it, reports the position of each chunk, and has the right digest",
        arguments: Case.all
    )
    func roundTrip(_ example: Case) throws {
        let stream = try TestStream.make(example.codec)
        let written = try stream.write(example.format, toPipe: example.toPipe, in: folder)
        #expect(try folder.pictureDigests(of: written.file) == stream.pictures)
        let bytes = try folder.bytes(of: written.file)
        #expect(written.places.count == stream.chunks.count)
        for (chunk, place) in zip(stream.chunks, written.places) {
            #expect(try Array(bytes[place]) == content(of: chunk, in: example.format))
        }
        #expect(written.sha256.count == 64)
        #expect(try folder.run("sha256sum", [written.file]).output.hasPrefix(written.sha256))
    }

    @Test(
        "A container stores exact times and durations at 30000/1001 frames a second, with reordered frames",
        arguments: [VideoCodec.h264, .hevc, .vp9, .av1],
        [false, true]
    )
    func exactTimes(codec: VideoCodec, toPipe: Bool) throws {
        let rate = try #require(FrameRate(30000, 1001))
        let stream = try TestStream.make(codec, rate: rate)
        let written = try stream.write(.mp4, toPipe: toPipe, in: folder)
        let packets = try Probe.packets(written.file, in: folder)
        #expect(packets.map(\.presentation).sorted() == (0..<20).map { $0 * 1001 })
        // ffprobe does not read the durations in fragments without reordering.
        #expect(toPipe || packets.allSatisfy { $0.duration == 1001 })
        let members = try Probe.stream(written.file, in: folder)
        #expect(members["r_frame_rate"] == "30000/1001")
        #expect(members["time_base"] == "1/30000")
        #expect(toPipe || members["nb_frames"] == "20")
        #expect(members["duration_ts"] == "20020")
        #expect(members["start_pts"] == "0")
    }

    @Test(
        "A Matroska container stores times in milliseconds",
        arguments: [OutputFormat.mkv, .webm],
        [VideoCodec.vp9, .av1]
    )
    func milliseconds(format: OutputFormat, codec: VideoCodec) throws {
        let stream = try TestStream.make(codec)
        let packets = try Probe.packets(try stream.write(format, in: folder).file, in: folder)
        #expect(packets.map(\.presentation) == stream.chunks.map { Int(($0.timestamp + 500) / 1000) })
    }

    @Test("A Matroska container stores times in milliseconds with reordered frames, the first at 0")
    func reorderedMatroska() throws {
        let stream = try TestStream.make(.h264)
        let packets = try Probe.packets(try stream.write(.mkv, in: folder).file, in: folder)
        #expect(packets.map(\.presentation) == stream.chunks.map { Int(($0.timestamp + 500) / 1000) })
    }

    @Test(
        "A container keeps times to the microsecond in MP4 where the frame times are variable",
        arguments: [false, true]
    )
    func variableRate(toPipe: Bool) throws {
        var stream = try TestStream.make(.vp9)
        stream.description.framerate = nil
        var time: Int64 = 0
        for index in stream.chunks.indices {
            let duration = Int64(1 + index * 7919)
            (stream.chunks[index].timestamp, stream.chunks[index].duration) = (time, duration)
            time += duration
        }
        let written = try stream.write(.mp4, toPipe: toPipe, in: folder)
        let packets = try Probe.packets(written.file, in: folder)
        #expect(packets.map { Int64($0.presentation) } == stream.chunks.map(\.timestamp))
        #expect(try Probe.stream(written.file, in: folder)["duration_ts"] == "\(time)")
    }

    @Test(
        "A container has the same bytes for the same chunks",
        arguments: [OutputFormat.mp4, .mkv, .webm],
        [false, true]
    )
    func sameBytes(format: OutputFormat, toPipe: Bool) throws {
        let stream = try TestStream.make(.vp9)
        let first = try stream.write(format, toPipe: toPipe, in: folder)
        let second = try stream.write(format, toPipe: toPipe, in: folder)
        #expect(try folder.bytes(of: first.file) == folder.bytes(of: second.file))
    }

    @Test("A container is complete also with a suffix to its name", arguments: [OutputFormat.mp4, .mkv, .ivf])
    func partial(format: OutputFormat) throws {
        var stream = try TestStream.make(.av1)
        stream.chunks.removeLast(5)
        let written = try stream.write(format, as: "out.\(format.rawValue)", suffix: ".partial", in: folder)
        #expect(folder.names.contains("out.\(format.rawValue).partial"))
        #expect(!folder.names.contains("out.\(format.rawValue)"))
        #expect(try folder.pictureDigests(of: written.file) == Array(stream.pictures.dropLast(5)))
    }

    @Test("A container is written in fragments to a file on request")
    func fragments() throws {
        var stream = try TestStream.make(.h264, frames: 70)
        stream.description.fragment = true
        let written = try stream.write(.mp4, in: folder)
        #expect(try folder.pictureDigests(of: written.file) == stream.pictures)
        let bytes = Data(try folder.bytes(of: written.file))
        #expect(try #require(bytes.range(of: Data("moov".utf8))).lowerBound < 100)
        var fragments = 0
        var rest = bytes[...]
        while let place = rest.range(of: Data("moof".utf8)) {
            fragments += 1
            rest = rest[place.upperBound...]
        }
        // A key frame every 12 frames.
        #expect(fragments == 6)
    }
}
