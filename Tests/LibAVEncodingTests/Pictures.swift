import EncoderCore
import EncoderSettings
import Foundation
import LibAV
import Logging
import TestSupport
import Testing
import VideoTypes

/// Moving gradients: cheap to make, and with something to predict.
enum Pictures {
    static func frame(
        _ number: Int,
        format: PixelFormat,
        size: PictureSize,
        timestamp: Int64,
        duration: Int64?
    ) throws -> VideoFrame {
        let layout = try #require(PictureLayout(format: format, size: size))
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        for (index, plane) in layout.planes.enumerated() {
            for row in 0..<plane.rows {
                for column in 0..<plane.rowBytes / format.bytesPerSample {
                    let wave = (column * 5 + row * 3 + number * (7 + index)) & 0xFF
                    let sample = (40 + (wave < 128 ? wave : 255 - wave)) << (format.bitDepth - 8)
                    let place = plane.offset + row * plane.stride + column * format.bytesPerSample
                    bytes[place] = UInt8(truncatingIfNeeded: sample)
                    if format.bytesPerSample == 2 { bytes[place + 1] = UInt8(sample >> 8) }
                }
            }
        }
        return try VideoFrame(
            format: format,
            width: size.width,
            height: size.height,
            timestamp: timestamp,
            duration: duration,
            bytes: bytes
        )
    }
}

/// A configuration and what is done with it.
struct Recipe: Sendable {
    var config: EncoderConfig
    var encoder: String
    var options: [Int: EncodeOptions] = [:]
    var timestamps: [Int64]

    init(_ codec: CodecSelection, by encoder: String = "libx265", width: Int = 96, height: Int = 64, frames: Int = 12) {
        config = EncoderConfig(codec: codec, width: width, height: height)
        config.framerate = FrameRate(25)
        if encoder == "libx265" { config.preset = "veryfast" }
        if encoder == "libsvtav1" { config.preset = "12" }
        self.encoder = encoder
        timestamps = (0..<frames).map { Int64($0) * 40000 }
    }

    func description() throws -> LibAVEncoderDescription { try #require(LibAVEncoderDescription.named(encoder)) }

    func validated() throws -> ValidatedEncoderConfig {
        try LibAVEncoder.resolve(ValidatedEncoderConfig(config), encoder: description())
    }

    /// All chunks, straight from the backend.
    func encode() throws -> [EncodedVideoChunk] {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var backend = try LibAVEncoder(validated(), encoder: description(), logger: logger)
        return try backend.chunks(ofFrames: timestamps.count, options: options) { number in
            try Pictures.frame(
                number,
                format: .planar(config.chroma, bitDepth: config.bitDepth),
                size: PictureSize(width: config.codedWidth, height: config.codedHeight),
                timestamp: timestamps[number],
                duration: timestamps[number] % 7 + 1
            )
        }
    }

    /// Why it cannot be done; empty if it can.
    func refusal() -> String { TestSupport.refusal(of: validated) }
}

extension [EncodedVideoChunk] {
    var stream: [UInt8] { flatMap(\.data) }
}

/// What FFmpeg makes of a stream.
struct Oracle {
    let folder: TemporaryFolder
    let name: String

    init(_ stream: [UInt8], _ name: String = "a.hevc") throws {
        folder = try TemporaryFolder()
        self.name = name
        try folder.write(stream, to: name)
    }

    /// Digests of the decoded pictures, in order. Anything that ffmpeg complains about is a failure.
    func pictures() throws -> [String] { try folder.pictureDigests(of: name) }

    func probe(_ entry: String) throws -> String { try folder.probe(entry, of: name) }
}
