import EncoderCore
import Foundation
import Logging
import Synchronization
import TestSupport
import Testing
import VPXBackend
import VideoTypes

/// Moving gradients: cheap to make, and with something to predict.
enum Pictures {
    static func frame(
        _ number: Int,
        format: PixelFormat,
        size: PictureSize,
        timestamp: Int64,
        duration: Int64? = nil,
        noise: Int = 0
    ) throws -> VideoFrame {
        let layout = try #require(PictureLayout(format: format, size: size))
        let samples = Samples.shared(noise: noise, shift: format.bitDepth - 8)
        var random = SeededGenerator(seed: UInt64(number))
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        for (index, plane) in layout.planes.enumerated() {
            for row in 0..<plane.rows {
                let phase = row * 3 + number * (7 + index)
                let piece = samples.row(phase, count: plane.rowBytes, bytes: format.bytesPerSample, random.next())
                let start = plane.offset + row * plane.stride
                bytes.replaceSubrange(start..<start + plane.rowBytes, with: piece)
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

/// Rows of a triangle wave, with noise, ready to be copied.
private struct Samples {
    private static let period = 256
    private static let variants = 8
    private let bytes: [UInt8]

    static func shared(noise: Int, shift: Int) -> Samples {
        cache.withLock { cache in
            let key = noise << 8 | shift
            if let known = cache[key] { return known }
            let made = Samples(noise: noise, shift: shift)
            cache[key] = made
            return made
        }
    }

    private static let cache = Mutex<[Int: Samples]>([:])

    private init(noise: Int, shift: Int) {
        var random = SeededGenerator(seed: 1)
        bytes = (0..<Self.period * Self.variants + 8192).flatMap { place in
            let wave = place * 5 & 0xFF
            var sample = 40 + (wave < 128 ? wave : 255 - wave)
            if noise > 0 { sample = min(255, sample + Int(random.next() % UInt64(noise))) }
            let value = sample << shift
            return shift > 0 ? [UInt8(value & 0xFF), UInt8(value >> 8)] : [UInt8(value)]
        }
    }

    /// A row whose wave begins at `phase`, with one of several noises.
    func row(_ phase: Int, count: Int, bytes size: Int, _ variant: UInt64) -> ArraySlice<UInt8> {
        // 205 is the inverse of 5, the wave's step, modulo its period.
        let place = (phase * 205 & 0xFF) + Self.period * Int(variant % UInt64(Self.variants))
        return bytes[(place * size)...].prefix(count)
    }
}

/// A configuration and what is done with it.
struct Recipe: Sendable {
    var config: EncoderConfig
    /// `nil` means the planar format of the configuration.
    var format: PixelFormat?
    var options: [Int: EncodeOptions] = [:]
    var timestamps: [Int64]
    var noise = 0

    init(_ codec: CodecSelection, width: Int = 64, height: Int = 48, frames: Int = 12) {
        config = EncoderConfig(codec: codec, width: width, height: height)
        config.framerate = FrameRate(25)
        config.preset = "5"
        if codec == .exact("vp8") || codec == .lowest(.vp8) { config.colorSpace = .bt601 }
        timestamps = (0..<frames).map { Int64($0) * 40000 }
    }

    init(_ codec: VideoCodec, width: Int = 64, height: Int = 48, frames: Int = 12) {
        self.init(.lowest(codec), width: width, height: height, frames: frames)
    }

    func validated() throws -> ValidatedEncoderConfig {
        try VPXBackend.resolve(ValidatedEncoderConfig(config))
    }

    func frame(_ number: Int) throws -> VideoFrame {
        try Pictures.frame(
            number,
            format: format ?? .planar(config.chroma, bitDepth: config.bitDepth),
            size: PictureSize(width: config.codedWidth, height: config.codedHeight),
            timestamp: timestamps[number],
            duration: timestamps[number] % 7 + 39000,
            noise: noise
        )
    }

    /// All chunks, straight from the backend.
    func encode() throws -> [EncodedVideoChunk] {
        var backend = try VPXBackend(validated(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try backend.chunks(ofFrames: timestamps.count, options: options, frame)
    }

    /// Why it cannot be done; empty if it can.
    func refusal() -> String { TestSupport.refusal(of: validated) }
}

extension [EncodedVideoChunk] {
    var keys: [Int] { indices.filter { self[$0].type == .key } }
    var byteCount: Int { reduce(0) { $0 + $1.data.count } }
}

/// What FFmpeg's own decoders make of chunks.
struct Oracle {
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - frames: The chunks' data, in decoding order.
    ///   - codec: VP8 or VP9.
    init(_ frames: [[UInt8]], _ codec: VideoCodec) throws {
        folder = try TemporaryFolder()
        let fourCC = codec == .vp8 ? "VP80" : "VP90"
        try folder.write(IVF.file(frames, fourCC: fourCC, width: 64, height: 48), to: "a.ivf")
    }

    /// A digest of each decoded frame. Anything that ffmpeg complains about is a failure.
    func hashes() throws -> [String] { try folder.pictureDigests(of: "a.ivf") }

    /// The decoded planes of all frames, one after the other.
    func planes(_ format: String) throws -> [UInt8] {
        try folder.run("ffmpeg", ["-v", "error", "-i", "a.ivf", "-pix_fmt", format, "-f", "rawvideo", "out.yuv"])
        return try folder.bytes(of: "out.yuv")
    }

    func stream(_ entry: String) throws -> String { try folder.probe(entry, of: "a.ivf") }
}
