import Bitstream
import Containers
import Foundation
import Synchronization
import TestSupport
import Testing
import VideoTypes

/// Chunks that the ffmpeg command has encoded, and what it decodes of them.
struct TestStream: Sendable {
    var chunks: [EncodedVideoChunk]
    var description: ContainerDescription
    /// ffmpeg's digest of every picture, decoded from the file that ffmpeg itself has written.
    let pictures: [String]

    static let size = PictureSize(width: 160, height: 90)

    /// Streams that are already encoded, so that none is encoded twice.
    private static let streams = Mutex<[String: TestStream]>([:])

    /// Encodes moving pictures.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - rate: Frames a second.
    ///   - frames: How many frames.
    ///   - source: ffmpeg's source of pictures.
    static func make(
        _ codec: VideoCodec,
        rate: FrameRate = .thirty,
        frames: Int = 20,
        source: String = "testsrc2"
    ) throws -> TestStream {
        try streams.withLock { streams in
            let key = "\(codec) \(rate) \(frames) \(source)"
            let stream = try streams[key] ?? TestStream(codec, rate, frames, source, in: TemporaryFolder())
            streams[key] = stream
            return stream
        }
    }

    private init(
        _ codec: VideoCodec,
        _ rate: FrameRate,
        _ frames: Int,
        _ source: String,
        in folder: TemporaryFolder
    ) throws {
        let file = "\(UUID().uuidString).\(codec == .h264 || codec == .hevc ? "mp4" : "ivf")"
        let input = "\(source)=size=\(Self.size):rate=\(rate)"
        let encoder = try #require(Self.encoders[codec])
        try folder.run(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", input, "-frames:v", "\(frames)", "-pix_fmt", "yuv420p"]
                + encoder + ["-g", "12", "-b:v", "200k", "-bitexact", file]
        )
        description = ContainerDescription(codec: codec, size: Self.size)
        description.framerate = rate
        pictures = try folder.pictureDigests(of: file)
        let bytes = try folder.bytes(of: file)
        chunks =
            try codec == .h264 || codec == .hevc
            ? Self.mp4(bytes, file, codec, rate, in: folder) : Self.ivf(bytes, rate)
        chunks[0].decoderConfig = DecoderConfig(
            codec: try #require(Self.strings[codec]),
            codedWidth: Self.size.width,
            codedHeight: Self.size.height,
            pixelAspectRatio: .square,
            colorSpace: .unspecified,
            description: Self.record(in: bytes, codec)
        )
    }

    private static let encoders: [VideoCodec: [String]] = [
        .h264: ["-c:v", "libx264", "-bf", "2", "-preset", "veryfast", "-threads", "1"],
        .hevc: [
            "-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params",
            "log-level=none:bframes=2:b-adapt=0:pools=1",
        ],
        .vp8: ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"],
        .vp9: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
        .av1: ["-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8"],
    ]

    private static let strings: [VideoCodec: String] = [
        .h264: "avc1.64000b", .hevc: "hvc1.1.6.L30.90", .vp8: "vp8", .vp9: "vp09.00.11.08", .av1: "av01.0.00M.08",
    ]

    private static func mp4(
        _ bytes: [UInt8],
        _ file: String,
        _ codec: VideoCodec,
        _ rate: FrameRate,
        in folder: TemporaryFolder
    ) throws -> [EncodedVideoChunk] {
        let base = try #require(try Probe.stream(file, in: folder)["time_base"]).split(separator: "/").compactMap {
            Int($0)
        }
        // ffmpeg's times in frames.
        func frame(_ ticks: Int) -> Int { ticks * base[0] * rate.numerator / (base[1] * rate.denominator) }
        func time(_ frame: Int) throws -> Int64 {
            frame < 0 ? -(try #require(rate.timestamp(ofFrame: -frame))) : try #require(rate.timestamp(ofFrame: frame))
        }
        return try Probe.packets(file, in: folder).map { packet in
            var chunk = EncodedVideoChunk(
                type: packet.isKey ? .key : .delta,
                timestamp: try time(frame(packet.presentation)),
                duration: rate.duration(ofFrame: frame(packet.presentation)),
                data: Array(bytes[packet.position..<packet.position + packet.size])
            )
            chunk.decodeTimestamp = try time(frame(packet.decoding))
            return chunk
        }
    }

    private static func ivf(_ bytes: [UInt8], _ rate: FrameRate) throws -> [EncodedVideoChunk] {
        var rest = bytes[IVFHeader.length...]
        var chunks: [EncodedVideoChunk] = []
        while !rest.isEmpty {
            let header = try IVFFrameHeader(parsing: rest)
            rest = rest.dropFirst(IVFFrameHeader.length)
            let frame = Int(header.timestamp)
            chunks.append(
                EncodedVideoChunk(
                    type: chunks.count % 12 == 0 ? .key : .delta,
                    timestamp: try #require(rate.timestamp(ofFrame: frame)),
                    duration: rate.duration(ofFrame: frame),
                    data: Array(rest.prefix(header.size))
                )
            )
            rest = rest.dropFirst(header.size)
        }
        return chunks
    }

    /// The content of `avcC` or `hvcC` in a small MP4 file.
    private static func record(in bytes: [UInt8], _ codec: VideoCodec) -> [UInt8]? {
        Boxes.content(of: codec == .h264 ? "avcC" : "hvcC", in: bytes)
    }
}

/// Boxes of MP4, found by their names.
enum Boxes {
    /// The first box of that name, without its header.
    static func content(of name: String, in bytes: [UInt8]) -> [UInt8]? {
        let data = Data(bytes)
        guard let place = data.range(of: Data(name.utf8)), place.lowerBound >= 4 else { return nil }
        let size = data[place.lowerBound - 4..<place.lowerBound].reduce(0) { $0 << 8 | Int($1) }
        return Array(data[place.upperBound..<place.lowerBound - 4 + size])
    }
}
