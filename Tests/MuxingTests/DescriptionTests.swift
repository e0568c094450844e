import Bitstream
import Containers
import Foundation
import TestSupport
import Testing
import VideoTypes

@Suite("What a container says of its stream", .timeLimit(.minutes(2)))
struct DescriptionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let containers: [OutputFormat] = [.mp4, .mkv, .webm]

    @Test(
        "What a container says of its stream is the color, the place of chroma and the shape of samples",
        arguments: containers,
        [false, true]
    )
    func color(format: OutputFormat, toPipe: Bool) throws {
        // ffprobe prefers the bitstream's values: this one of H.264 has none, VP9's has the matrix and the range.
        var stream = try TestStream.make(format == .webm ? .vp9 : .h264)
        let color = VideoColorSpace(primaries: .bt2020, transfer: .pq, matrix: .bt2020NCL, fullRange: true)
        stream.description.colorSpace = color
        stream.description.chromaLocation = .topLeft
        stream.description.pixelAspectRatio = PixelAspectRatio(width: 3, height: 2)
        let members = try Probe.stream(try stream.write(format, toPipe: toPipe, in: folder).file, in: folder)
        #expect(members["color_primaries"] == "bt2020")
        #expect(members["color_transfer"] == "smpte2084")
        #expect(format == .webm || members["color_space"] == "bt2020nc")
        #expect(format == .webm || members["color_range"] == "pc")
        #expect(members["sample_aspect_ratio"] == "3:2")
        // MP4 has no box for it, and H.264's own default is left.
        #expect(format != .webm || members["chroma_location"] == "topleft")
    }

    @Test("What a container says of its stream is the mastering display and the light level", arguments: containers)
    func highDynamicRange(format: OutputFormat) throws {
        var stream = try TestStream.make(.av1)
        stream.description.masteringDisplay = MasteringDisplay(
            "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
        )
        stream.description.contentLightLevel = ContentLightLevel(maxCLL: 1000, maxFALL: 400)
        let members = try Probe.stream(try stream.write(format, in: folder).file, in: folder)
        func value(_ name: String) -> Double? {
            let parts = (members[name] ?? "").split(separator: "/").compactMap { Double($0) }
            return parts.count == 2 ? parts[0] / parts[1] : nil
        }
        let expected = [
            "red_x": 0.68, "red_y": 0.32, "green_x": 0.265, "green_y": 0.69, "blue_x": 0.15, "blue_y": 0.06,
            "white_point_x": 0.3127, "white_point_y": 0.329, "max_luminance": 1000, "min_luminance": 0.0001,
        ]
        for (name, wanted) in expected {
            let actual = try #require(value(name), "\(name)")
            #expect(abs(actual - wanted) <= wanted * 1e-4, "\(name)")
        }
        #expect(members["max_content"] == "1000")
        #expect(members["max_average"] == "400")
    }

    @Test(
        "What a container says of its stream is how the picture is turned, as ffmpeg turns it",
        arguments: containers,
        [false, true]
    )
    func orientation(format: OutputFormat, toPipe: Bool) throws {
        var stream = try TestStream.make(.vp9)
        let filters: [Orientation.Rotation: String] = [
            .none: "null", .right: "transpose=clock", .half: "hflip,vflip", .left: "transpose=cclock",
        ]
        let plain = try stream.write(format, toPipe: toPipe, in: folder)
        for rotation in Orientation.Rotation.allCases {
            for flip in [false, true] {
                stream.description.orientation = Orientation(rotation: rotation, flip: flip)
                let turned = try stream.write(format, toPipe: toPipe, in: folder)
                let filter = try #require(filters[rotation]) + (flip ? ",hflip" : "")
                let expected = try folder.pictureDigests(of: plain.file, filters: ["-vf", filter])
                #expect(try folder.pictureDigests(of: turned.file) == expected, "\(rotation) \(flip)")
            }
        }
    }

    @Test(
        "What a container says of its stream is a rectangular projection in Matroska, mirrored and then rolled",
        arguments: [OutputFormat.mkv, .webm],
        [false, true]
    )
    func projection(format: OutputFormat, toPipe: Bool) throws {
        var stream = try TestStream.make(.vp9)
        func projection() throws -> [UInt32: [UInt8]] {
            let file = try stream.write(format, toPipe: toPipe, in: folder).file
            return try Elements.projection(in: folder.bytes(of: file))
        }
        #expect(try projection() == [:])
        for (rotation, flip, roll) in [
            (.right, false, -90), (.half, false, 180), (.left, false, 90), (.none, true, nil), (.right, true, 90),
            (.half, true, 180), (.left, true, -90),
        ] as [(Orientation.Rotation, Bool, Double?)] {
            stream.description.orientation = Orientation(rotation: rotation, flip: flip)
            let found = try projection()
            func degrees(_ id: UInt32) -> Double? {
                found[id].map { Double(bitPattern: $0.reduce(0) { $0 << 8 | UInt64($1) }) }
            }
            #expect(found[Elements.projectionType] == [0])
            #expect(found[Elements.projectionPrivate] == nil)
            #expect(degrees(Elements.poseYaw) == (flip ? 180 : nil))
            #expect(degrees(Elements.poseRoll) == roll, "\(rotation) \(flip)")
        }
    }

    @Test(
        "What a container says of its stream is its transparency, which ffmpeg finds",
        arguments: [OutputFormat.webm, .mkv],
        [VideoCodec.vp8, .vp9]
    )
    func alpha(format: OutputFormat, codec: VideoCodec) throws {
        var stream = try TestStream.make(codec)
        let other = try TestStream.make(codec, source: "smptebars")
        stream.description.hasAlpha = true
        for index in stream.chunks.indices { stream.chunks[index].alphaData = other.chunks[index].data }
        let written = try stream.write(format, in: folder)
        let alpha = try folder.pictureDigests(
            of: written.file,
            decoder: ["-c:v", codec == .vp8 ? "libvpx" : "libvpx-vp9"],
            filters: ["-vf", "extractplanes=a"]
        )
        let plain = try other.write(.ivf, in: folder)
        let luma = try folder.pictureDigests(of: plain.file, filters: ["-vf", "extractplanes=y"])
        #expect(alpha == luma)
        // The picture itself is at the reported position.
        let bytes = try folder.bytes(of: written.file)
        for (chunk, place) in zip(stream.chunks, written.places) { #expect(Array(bytes[place]) == chunk.data) }
    }

    @Test("What a container says of its stream is the codec's record: vpcC")
    func vp9Record() throws {
        var stream = try TestStream.make(.vp9)
        stream.description.colorSpace = .bt709
        stream.description.chromaLocation = .left
        let bytes = try folder.bytes(of: try stream.write(.mp4, in: folder).file)
        // Version 1, profile 0, level 1.1, 8 bits, 4:2:0 sited left, limited range, BT.709 three times, nothing else.
        #expect(Boxes.content(of: "vpcC", in: bytes) == [1, 0, 0, 0, 0, 11, 0x80, 1, 1, 1, 0, 0])
    }

    @Test("What a container says of its stream is the codec's record: av1C, and samples have no temporal delimiters")
    func av1Record() throws {
        let stream = try TestStream.make(.av1)
        let unit = try AV1TemporalUnit(parsing: stream.chunks[0].data)
        let record = try AV1CodecConfigurationRecord(try #require(unit.sequenceHeader)).bytes
        let written = try stream.write(.mp4, in: folder)
        let bytes = try folder.bytes(of: written.file)
        #expect(Boxes.content(of: "av1C", in: bytes) == record)
        for place in written.places {
            let types = try AV1TemporalUnit(parsing: Array(bytes[place])).obus.map(\.type)
            #expect(!types.contains(.temporalDelimiter))
            #expect(!types.isEmpty)
        }
    }

    @Test(
        "What a container says of its stream is the record that the encoder has made, and the sample entry of the codec string"
    )
    func records() throws {
        for (codec, entries, box) in [(VideoCodec.h264, ["avc1", "avc3"], "avcC"), (.hevc, ["hvc1", "hev1"], "hvcC")] {
            var stream = try TestStream.make(codec)
            let record = try #require(stream.chunks[0].decoderConfig?.description)
            for entry in entries {
                stream.chunks[0].decoderConfig?.codec = entry + ".64000b"
                let file = try stream.write(.mp4, in: folder).file
                #expect(Boxes.content(of: box, in: try folder.bytes(of: file)) == record)
                #expect(try Probe.stream(file, in: folder)["codec_tag_string"] == entry)
            }
        }
    }
}
