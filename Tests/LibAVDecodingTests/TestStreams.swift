import Bitstream
import Foundation
import Synchronization
import TestSupport
import Testing
import VideoTypes

/// A stream that the ffmpeg command made, cut into chunks by our splitters.
struct TestStream: Sendable, CustomTestStringConvertible {
    let name: String
    let codec: VideoCodec
    let format: PixelFormat
    let file: String
    let arguments: [String]

    init(_ name: String, _ codec: VideoCodec, _ format: PixelFormat, _ file: String, _ arguments: String) {
        (self.name, self.codec, self.format, self.file) = (name, codec, format, file)
        self.arguments = arguments.split(separator: " ").map(String.init)
    }

    var testDescription: String { name }

    /// Ten frames each, of an odd size where the codec has those.
    static let all: [TestStream] = [
        TestStream(
            "H.264 with B-frames and slices",
            .h264,
            .i420,
            "a.h264",
            "libx264 -bf 2 -x264-params slices=3:aud=1:b-adapt=0"
        ),
        TestStream("H.264 interlaced", .h264, .i420, "b.h264", "libx264 -bf 0 -flags +ildct+ilme"),
        TestStream("H.264 4:2:2 10 bit", .h264, .i422p10, "c.h264", "libx264 -preset ultrafast"),
        TestStream(
            "HEVC with B-frames",
            .hevc,
            .i420,
            "a.hevc",
            "libx265 -x265-params log-level=0:bframes=3:b-adapt=0:hash=1"
        ),
        TestStream(
            "HEVC 4:4:4 12 bit",
            .hevc,
            .i444p12,
            "b.hevc",
            "libx265 -preset ultrafast -x265-params log-level=0:slices=2"
        ),
        TestStream(
            "VP8 with hidden frames",
            .vp8,
            .i420,
            "a.ivf",
            "libvpx -auto-alt-ref 1 -lag-in-frames 6 -cpu-used 8"
        ),
        TestStream(
            "VP9 with hidden frames",
            .vp9,
            .i420,
            "b.ivf",
            "libvpx-vp9 -auto-alt-ref 1 -lag-in-frames 6 -cpu-used 8"
        ),
        TestStream("VP9 4:2:0 10 bit", .vp9, .i420p10, "c.ivf", "libvpx-vp9 -cpu-used 8"),
        TestStream("AV1", .av1, .i420, "a.obu", "libaom-av1 -cpu-used 8 -usage realtime"),
        TestStream(
            "AV1 10 bit with hidden frames",
            .av1,
            .i420p10,
            "b.ivf.av1",
            "libaom-av1 -cpu-used 8 -lag-in-frames 6"
        ),
    ]

    static func named(_ file: String) -> TestStream {
        // swift-format-ignore: NeverForceUnwrap
        all.first { $0.file == file }!
    }

    var isIVF: Bool { file.contains(".ivf") }

    var size: PictureSize {
        codec.hasOddSizes ? PictureSize(width: 67, height: 35) : PictureSize(width: 98, height: 68)
    }

    /// Puts the file there.
    func make(in folder: TemporaryFolder) throws { try folder.write(bytes(), to: file) }

    /// The bytes of the file; each stream is made only once.
    func bytes() throws -> [UInt8] {
        try Self.cache.withLock { cache in
            if let bytes = cache[file] { return bytes }
            let folder = try TemporaryFolder()
            try encode(in: folder)
            let bytes = try folder.bytes(of: file)
            cache[file] = bytes
            return bytes
        }
    }

    private func encode(in folder: TemporaryFolder) throws {
        let source = "testsrc=s=\(size):r=25:d=0.4"
        let muxer = isIVF ? ["-f", "ivf"] : []
        let color = codec == .vp8 ? [] : ["-color_primaries", "9", "-color_trc", "14", "-colorspace", "9"]
        try folder.run(
            "ffmpeg",
            ["-v", "error", "-y", "-f", "lavfi", "-i", source, "-pix_fmt", format.ffmpegName, "-threads", "1"]
                + color + ["-c:v"] + arguments + muxer + [file]
        )
    }

    /// A splitter for the file.
    func splitter() -> any StreamSplitter {
        switch codec {
        case .h264, .hevc: AnnexBSplitter(isHEVC: codec == .hevc)
        case .vp8, .vp9: IVFReader()
        case .av1: isIVF ? IVFReader() : TemporalUnitSplitter()
        }
    }

    /// The units of the file.
    func units() throws -> [StreamUnit] { try split(bytes(), with: splitter()) }

    /// The units as chunks, whose timestamps count them.
    func chunks() throws -> [EncodedVideoChunk] {
        try units().enumerated().map { index, unit in
            EncodedVideoChunk(type: index == 0 ? .key : .delta, timestamp: Int64(index), duration: 1, data: unit.bytes)
        }
    }

    private static let cache = Mutex<[String: [UInt8]]>([:])
}

/// All units of a stream that comes in pieces of changing lengths.
func split(_ bytes: [UInt8], with splitter: any StreamSplitter, pieces: [Int] = [1000]) throws -> [StreamUnit] {
    var (splitter, units, rest, index) = (splitter, [StreamUnit](), bytes[...], 0)
    while !rest.isEmpty {
        splitter.append(rest.prefix(pieces[index % pieces.count]))
        rest = rest.dropFirst(pieces[index % pieces.count])
        index += 1
        while let unit = try splitter.next() { units.append(unit) }
    }
    while let unit = try splitter.end() { units.append(unit) }
    return units
}

extension PixelFormat {
    /// What `ffmpeg -pix_fmt` calls it.
    var ffmpegName: String {
        switch self {
        case .i420: "yuv420p"
        case .i444: "yuv444p"
        case .i420p10: "yuv420p10le"
        case .i422p10: "yuv422p10le"
        case .i444p12: "yuv444p12le"
        case .gray8: "gray"
        default: rawValue
        }
    }
}
