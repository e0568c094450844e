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
                for column in 0..<plane.rowBytes {
                    let wave = (column * 5 + row * 3 + number * (7 + index)) & 0xFF
                    let ramp = wave < 128 ? wave : 255 - wave
                    bytes[plane.offset + row * plane.stride + column] = UInt8(40 + ramp)
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

/// A configuration and what is done with it.
struct Recipe: Sendable {
    var config: EncoderConfig
    var format = PixelFormat.i420
    var options: [Int: EncodeOptions] = [:]
    var timestamps: [Int64] = (0..<12).map { $0 * 40000 }

    init(_ codec: CodecSelection = "avc1.64001E", width: Int = 64, height: Int = 48, frames: Int = 12) {
        config = EncoderConfig(codec: codec, width: width, height: height)
        config.framerate = FrameRate(25)
        timestamps = (0..<frames).map { Int64($0) * 40000 }
    }

    func validated() throws -> ValidatedEncoderConfig {
        try X264Backend.resolve(ValidatedEncoderConfig(config))
    }

    func frame(_ number: Int) throws -> VideoFrame {
        try Pictures.frame(
            number,
            format: format,
            width: config.codedWidth,
            height: config.codedHeight,
            timestamp: timestamps[number],
            duration: timestamps[number] % 7 + 1
        )
    }

    /// All chunks, straight from the backend.
    func encode() throws -> [EncodedVideoChunk] {
        var backend = try X264Backend(validated(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var chunks: [EncodedVideoChunk] = []
        for number in timestamps.indices {
            try backend.submit(frame(number), options: options[number] ?? EncodeOptions())
            while let chunk = try backend.nextChunk() { chunks.append(chunk) }
        }
        try backend.drain()
        while let chunk = try backend.nextChunk() { chunks.append(chunk) }
        return chunks
    }

    /// Why it cannot be done; empty if it can.
    func refusal() -> String {
        do {
            _ = try validated()
            return ""
        } catch {
            return "\(error)"
        }
    }
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

    func frameCount() throws -> Int {
        let arguments = ["-v", "error", "-xerror", "-i", "a.h264", "-fps_mode", "passthrough", "-f", "framemd5", "-"]
        let (output, errors) = try folder.run("ffmpeg", arguments)
        #expect(errors == "")
        return output.split(separator: "\n").filter { !$0.hasPrefix("#") }.count
    }

    func stream(_ entry: String) throws -> String {
        let arguments = ["-v", "error", "-show_entries", "stream=\(entry)", "-of", "default=nk=1:nw=1", "a.h264"]
        return try folder.run("ffprobe", arguments).output.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The syntax elements of each NAL unit, as FFmpeg's own parser reads them.
    func trace() throws -> [[String: Int]] {
        let arguments = ["-hide_banner", "-i", "a.h264", "-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"]
        var units: [[String: Int]] = []
        for line in try folder.run("ffmpeg", arguments).errors.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard line.hasPrefix("[trace_headers"), words.count >= 6, words[words.count - 2] == "=" else { continue }
            if words[4] == "forbidden_zero_bit" { units.append([:]) }
            guard !units.isEmpty, let value = Int(words[words.count - 1]) else { continue }
            units[units.count - 1][String(words[4])] = value
        }
        return units
    }

    /// The quantizer and type of each picture's first slice, in decoding order.
    func slices() throws -> [(quantizer: Int, unitType: Int)] {
        let units = try trace()
        let initial = 26 + (units.compactMap { $0["pic_init_qp_minus26"] }.first ?? 0)
        return units.filter { $0["first_mb_in_slice"] == 0 }.map {
            (initial + ($0["slice_qp_delta"] ?? 0), $0["nal_unit_type"] ?? 0)
        }
    }
}
