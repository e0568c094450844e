import EncoderCore
import Foundation
import Logging
import TestSupport
import Testing
import VideoTypes
import X264Backend

/// Moving gradients: cheap to make, and with something to predict.
enum Pictures {
    static func frame(
        _ number: Int,
        format: PixelFormat = .i420,
        width: Int,
        height: Int,
        timestamp: Int64? = nil,
        duration: Int64? = nil
    ) throws -> VideoFrame {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: width, height: height)))
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        for (index, plane) in layout.planes.enumerated() {
            for row in 0..<plane.rows {
                for column in 0..<plane.rowBytes / format.bytesPerSample {
                    let wave = (column * 5 + row * 3 + number * (7 + index)) & 0xFF
                    let sample = 40 + (wave < 128 ? wave : 255 - wave)
                    let start = plane.offset + row * plane.stride + column * format.bytesPerSample
                    if format.bitDepth == 8 {
                        bytes[start] = UInt8(sample)
                    } else {
                        // All ten bits mean something.
                        let deep = sample << 2 | (row + column) & 3
                        (bytes[start], bytes[start + 1]) = (UInt8(deep & 0xFF), UInt8(deep >> 8))
                    }
                }
            }
        }
        return try VideoFrame(
            format: format,
            width: width,
            height: height,
            timestamp: timestamp ?? Int64(number) * 40000,
            duration: duration ?? 40000,
            bytes: bytes
        )
    }
}

/// A noisy texture that the camera moves over by random steps, so that each frame is like those before it, the nearer
/// the more, and each reference makes another picture.
struct Motion: Sendable {
    private let texture: [UInt8]
    private let steps: [(x: Int, y: Int)]
    private let side = 320

    /// - Parameters:
    ///   - frames: Their number.
    ///   - speed: Samples that the camera moves at most from frame to frame.
    ///   - roughness: How little of a sample is in the next one, `1...4`; 4 is noise.
    init(frames: Int, speed: Int = 4, roughness: Int = 1, using random: inout SeededGenerator) {
        var smooth = 128
        texture = (0..<side * side).map { _ in
            smooth = (smooth * (4 - roughness) + .random(in: 0...255, using: &random) * roughness) / 4
            return UInt8(smooth)
        }
        var place = (x: 30, y: 30)
        steps = (0..<frames).map { _ in
            place.x = max(0, min(60, place.x + .random(in: -speed...speed + 1, using: &random)))
            place.y = max(0, min(60, place.y + .random(in: -speed...speed + 1, using: &random)))
            return place
        }
    }

    func frame(_ number: Int, config: EncoderConfig, timestamp: Int64) throws -> VideoFrame {
        let size = PictureSize(width: config.codedWidth, height: config.codedHeight)
        let layout = try #require(PictureLayout(format: .i420, size: size))
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        for plane in layout.planes {
            for row in 0..<plane.rows {
                let (from, to) = ((steps[number].y + row) * side + steps[number].x, plane.offset + row * plane.stride)
                bytes.replaceSubrange(to..<to + plane.rowBytes, with: texture[from..<from + plane.rowBytes])
            }
            // Something that moves on its own, and a sample that is in no other frame.
            bytes[plane.offset + number % plane.rowBytes] = UInt8(truncatingIfNeeded: number * 37)
        }
        return try VideoFrame(
            format: .i420,
            width: size.width,
            height: size.height,
            timestamp: timestamp,
            duration: nil,
            bytes: bytes
        )
    }
}

/// A configuration and what is done with it.
struct Recipe: Sendable {
    var config: EncoderConfig
    var format = PixelFormat.i420
    var options: [Int: EncodeOptions] = [:]
    var timestamps: [Int64] = (0..<12).map { $0 * 40000 }
    /// The content of the frames; gradients by default.
    var motion: Motion?

    init(_ codec: CodecSelection = "avc1.64001E", width: Int = 64, height: Int = 48, frames: Int = 12) {
        config = EncoderConfig(codec: codec, width: width, height: height)
        config.framerate = FrameRate(25)
        timestamps = (0..<frames).map { Int64($0) * 40000 }
    }

    func validated() throws -> ValidatedEncoderConfig {
        try X264Backend.resolve(ValidatedEncoderConfig(config))
    }

    func frame(_ number: Int) throws -> VideoFrame {
        if let motion { return try motion.frame(number, config: config, timestamp: timestamps[number]) }
        return try Pictures.frame(
            number,
            format: format,
            width: config.codedWidth,
            height: config.codedHeight,
            timestamp: timestamps[number],
            duration: timestamps[number] % 7 + 1
        )
    }

    /// All chunks, straight from the backend.
    func encode(
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws -> [EncodedVideoChunk] {
        var backend = try X264Backend(validated(), logger: logger)
        return try backend.chunks(ofFrames: timestamps.count, options: options, frame)
    }

    /// Why it cannot be done; empty if it can.
    func refusal() -> String { TestSupport.refusal(of: validated) }
}

extension [EncodedVideoChunk] {
    var stream: [UInt8] { flatMap(\.data) }
    var keys: [Int] { indices.filter { self[$0].type == .key } }
}

/// What FFmpeg makes of a stream.
struct Oracle {
    let folder: TemporaryFolder

    init(_ stream: [UInt8]) throws {
        folder = try TemporaryFolder()
        try folder.write(stream, to: "a.h264")
    }

    /// The sizes of the decoded frames, in order. Anything that ffmpeg complains about is a failure.
    func decodedSizes() throws -> [String] {
        let entries = ["-show_entries", "frame=width,height", "-of", "csv=p=0:s=x"]
        let (output, errors) = try folder.run("ffprobe", ["-v", "error"] + entries + ["a.h264"])
        #expect(errors == "")
        return output.split(separator: "\n").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "x")) }
    }

    func frameCount() throws -> Int { try hashes().count }

    /// Digests of the decoded frames, in output order.
    func hashes(strict: Bool = true) throws -> [String] {
        try folder.pictureDigests(of: "a.h264", isStrict: strict)
    }

    /// The samples of all decoded frames.
    func samples(_ pixelFormat: String) throws -> [UInt8] {
        let input = ["-v", "error", "-xerror", "-i", "a.h264", "-fps_mode", "passthrough"]
        try folder.run("ffmpeg", input + ["-f", "rawvideo", "-pix_fmt", pixelFormat, "a.yuv"])
        return try folder.bytes(of: "a.yuv")
    }

    func stream(_ entry: String) throws -> String { try folder.probe(entry, of: "a.h264") }

    func trace() throws -> [[String: Int]] { try folder.syntaxElements(of: "a.h264") }

    /// The quantizer and type of each picture's first slice, in decoding order.
    func slices() throws -> [(quantizer: Int, unitType: Int)] {
        let units = try trace()
        let initial = 26 + (units.compactMap { $0["pic_init_qp_minus26"] }.first ?? 0)
        return units.filter { $0["first_mb_in_slice"] == 0 }.map {
            (initial + ($0["slice_qp_delta"] ?? 0), $0["nal_unit_type"] ?? 0)
        }
    }
}
