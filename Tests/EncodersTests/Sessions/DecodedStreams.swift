import Foundation
import Sluice
import TestSupport
import Testing
import Threading

/// A stream that the ffmpeg command made, and what it makes of it again.
struct DecodedStream: Sendable, CustomTestStringConvertible {
    let name: String
    let file: String
    let size: PictureSize
    let format: PixelFormat
    let arguments: [String]

    init(_ name: String, _ file: String, _ format: PixelFormat, _ arguments: String, size: PictureSize = .small) {
        (self.name, self.file, self.format, self.size) = (name, file, format, size)
        self.arguments = arguments.split(separator: " ").map(String.init)
    }

    var testDescription: String { name }

    static let all: [DecodedStream] = [
        DecodedStream("H.264 with B-frames", "a.h264", .i420, "libx264 -bf 2 -x264-params b-adapt=0:slices=2"),
        DecodedStream("H.264 in MP4", "a.mp4", .i420, "libx264 -bf 2 -x264-params b-adapt=0"),
        DecodedStream("H.264 4:4:4", "b.h264", .i444, "libx264 -preset ultrafast"),
        DecodedStream("H.264 4:2:2 10 bit", "c.h264", .i422p10, "libx264 -preset ultrafast"),
        DecodedStream("HEVC with B-frames", "a.hevc", .i420, "libx265 -x265-params log-level=0:bframes=3:b-adapt=0"),
        DecodedStream("HEVC 10 bit in MP4", "b.mp4", .i420p10, "libx265 -tag:v hvc1 -x265-params log-level=0"),
        DecodedStream("VP8 with hidden frames", "a.ivf", .i420, "libvpx -auto-alt-ref 1 -lag-in-frames 6 -cpu-used 8"),
        DecodedStream("VP9", "b.ivf", .i420, "libvpx-vp9 -lag-in-frames 6 -cpu-used 8"),
        DecodedStream("VP9 4:4:4", "c.ivf", .i444, "libvpx-vp9 -cpu-used 8"),
        DecodedStream("AV1", "d.ivf", .i420, "libaom-av1 -cpu-used 8 -lag-in-frames 6"),
        DecodedStream("AV1 10 bit", "e.ivf", .i420p10, "libaom-av1 -cpu-used 8 -usage realtime"),
    ]

    /// The command that makes it, of 30 frames.
    func make(in folder: TemporaryFolder, color: [String] = ["-colorspace", "bt709"]) throws {
        let source = "testsrc=s=\(size):r=25:d=1.2"
        try folder.run(
            "ffmpeg",
            ["-v", "error", "-y", "-f", "lavfi", "-i", source, "-pix_fmt", format.ffmpeg, "-threads", "1"]
                + color + ["-c:v"] + arguments + [file]
        )
    }

    /// Its chunks and how to decode them.
    func chunks(in folder: TemporaryFolder) throws -> (config: DecoderConfig, chunks: [EncodedVideoChunk]) {
        var reader = try MediaReader(opening: .path(FilePath(folder.file(file).path)))
        var chunks: [EncodedVideoChunk] = []
        while let chunk = try reader.next() { chunks.append(chunk) }
        return (reader.decoderConfig, chunks)
    }

    /// The frames that ffmpeg decodes.
    func raw(in folder: TemporaryFolder, as format: PixelFormat? = nil, filter: [String] = []) throws -> [UInt8] {
        let output = ["-f", "rawvideo", "-pix_fmt", (format ?? self.format).ffmpeg, "-fps_mode", "passthrough", "raw"]
        try folder.run("ffmpeg", ["-v", "error", "-y", "-i", file] + filter + output)
        return try folder.bytes(of: "raw")
    }
}

extension PictureSize {
    static let small = PictureSize(width: 98, height: 68)
}

extension PixelFormat {
    /// What `ffmpeg -pix_fmt` calls it.
    var ffmpeg: String {
        switch self {
        case .i420: "yuv420p"
        case .i422: "yuv422p"
        case .i444: "yuv444p"
        case .i420p10: "yuv420p10le"
        case .i422p10: "yuv422p10le"
        case .i444p10: "yuv444p10le"
        case .p010: "p010le"
        case .gray8: "gray"
        default: rawValue
        }
    }
}

/// What a decoder delivered.
final class DecodedFrames: Sendable {
    struct State {
        var bytes: [UInt8] = []
        var timestamps: [Int64] = []
        var formats: Set<PixelFormat> = []
        var colors: Set<VideoColorSpace> = []
        var displays: Set<PictureSize> = []
    }

    private let state = Monitor(State())

    func take(_ frame: consuming DecodedFrame) {
        let bytes = frame.frame.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
        let (time, format) = (frame.frame.timestamp, frame.frame.format)
        let (color, display) = (frame.colorSpace, frame.displaySize)
        state.withLock { state in
            state.bytes += bytes
            state.timestamps.append(time)
            state.formats.insert(format)
            state.colors.insert(color)
            state.displays.insert(display)
        }
    }

    var all: State { state.withLock { $0 } }
}

/// Decodes chunks to the end.
func decode(
    _ stream: (config: DecoderConfig, chunks: [EncodedVideoChunk]),
    as format: PixelFormat? = nil,
    threads: Int? = nil
) throws -> DecodedFrames.State {
    let frames = DecodedFrames()
    let decoder = VideoDecoder(frames: 2, output: { frames.take($0) })
    try decoder.configure(stream.config, options: DecoderOptions(outputFormat: format, threads: threads))
    for chunk in stream.chunks { try decoder.submit(chunk) }
    try decoder.flush()
    try decoder.close()
    return frames.all
}
