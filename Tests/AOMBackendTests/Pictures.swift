import AOMBackend
import EncoderCore
import Foundation
import Logging
import TestSupport
import Testing
import VideoTypes

/// Moving gradients: cheap to make, and with something to predict.
enum Pictures {
    static func bytes(_ number: Int, _ layout: PictureLayout) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        let (size, shift) = (layout.format.bytesPerSample, layout.format.bitDepth - 8)
        for (index, plane) in layout.planes.enumerated() {
            for row in 0..<plane.rows {
                for column in 0..<plane.rowBytes / size {
                    let wave = (column * 5 + row * 3 + number * (7 + index)) & 0xFF
                    let sample = (40 + (wave < 128 ? wave : 255 - wave)) << shift
                    let place = plane.offset + row * plane.stride + column * size
                    bytes[place] = UInt8(sample & 0xFF)
                    if size == 2 { bytes[place + 1] = UInt8(sample >> 8) }
                }
            }
        }
        return bytes
    }
}

extension Pictures {
    /// Blocks of 8 by 8 samples, each of another brightness.
    static func blocks(_ scene: Int, _ layout: PictureLayout) -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(scene))
        var bytes = [UInt8](repeating: 128, count: layout.byteCount)
        let luma = layout.planes[0]
        for top in stride(from: 0, to: luma.rows, by: 8) {
            for left in stride(from: 0, to: luma.rowBytes, by: 8) {
                let sample = UInt8(truncatingIfNeeded: random.next())
                for row in top..<min(top + 8, luma.rows) {
                    for column in left..<min(left + 8, luma.rowBytes) {
                        bytes[luma.offset + row * luma.stride + column] = sample
                    }
                }
            }
        }
        return bytes
    }

    static func noise(_ number: Int, _ layout: PictureLayout) -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(number))
        return (0..<layout.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}

/// A configuration and what is done with it.
struct Recipe: Sendable {
    var config: EncoderConfig
    var options: [Int: EncodeOptions] = [:]
    var timestamps: [Int64]
    /// Whether the pictures are noise, which costs many bits.
    var isNoise = false
    /// The scene that each frame shows, made of still blocks; empty if the pictures move.
    var scenes: [Int] = []

    init(_ codec: CodecSelection = "av01.0.00M.08", width: Int = 64, height: Int = 48, frames: Int = 8) {
        config = EncoderConfig(codec: codec, width: width, height: height)
        config.framerate = FrameRate(25)
        config.preset = "8"
        timestamps = (0..<frames).map { Int64($0) * 40000 }
    }

    var layout: PictureLayout {
        get throws {
            try #require(
                PictureLayout(
                    format: .planar(config.chroma, bitDepth: config.bitDepth),
                    size: PictureSize(width: config.codedWidth, height: config.codedHeight)
                )
            )
        }
    }

    func validated() throws -> ValidatedEncoderConfig { try AOMBackend.resolve(ValidatedEncoderConfig(config)) }

    func frame(_ number: Int) throws -> VideoFrame {
        let layout = try layout
        return try VideoFrame(
            format: layout.format,
            width: config.codedWidth,
            height: config.codedHeight,
            timestamp: timestamps[number],
            duration: timestamps[number] % 7 + 1,
            bytes: !scenes.isEmpty
                ? Pictures.blocks(scenes[number], layout)
                : isNoise ? Pictures.noise(number, layout) : Pictures.bytes(number, layout)
        )
    }

    /// All chunks, straight from the backend.
    func encode() throws -> [EncodedVideoChunk] {
        var backend = try AOMBackend(validated(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try backend.chunks(ofFrames: timestamps.count, options: options, frame)
    }

    /// The mean PSNR of the decoded pictures, over all samples, in decibels.
    func psnr(of chunks: [EncodedVideoChunk]) throws -> Double {
        let layout = try layout
        let decoded = try Oracle(chunks, layout.size).pictures(
            as: layout.format,
            isRGB: config.colorSpace.matrix == .rgb
        )
        try #require(decoded.count == layout.byteCount * timestamps.count)
        let source = timestamps.indices.flatMap { Pictures.bytes($0, layout) }
        let (size, peak) = (layout.format.bytesPerSample, Double(1 << layout.format.bitDepth - 1))
        var error = 0.0
        for place in stride(from: 0, to: source.count, by: size) {
            func sample(_ bytes: [UInt8]) -> Int { Int(bytes[place]) | (size == 2 ? Int(bytes[place + 1]) << 8 : 0) }
            let difference = Double(sample(source) - sample(decoded))
            error += difference * difference
        }
        let mean = error / Double(source.count / size)
        return mean == 0 ? .infinity : 10 * log10(peak * peak / mean)
    }

    /// Why it cannot be done; empty if it can.
    func refusal() -> String { TestSupport.refusal(of: validated) }
}

extension [EncodedVideoChunk] {
    var keys: [Int] { indices.filter { self[$0].type == .key } }
}

/// What FFmpeg and libdav1d make of a stream.
struct Oracle {
    let folder: TemporaryFolder

    init(_ chunks: [EncodedVideoChunk], _ size: PictureSize) throws {
        folder = try TemporaryFolder()
        let file = IVF.file(chunks.map(\.data), fourCC: "AV01", width: size.width, height: size.height)
        try folder.write(file, to: "a.ivf")
    }

    private static let strict = ["-v", "error", "-xerror", "-err_detect", "explode", "-c:v", "libdav1d"]

    /// The samples of all pictures. Anything that ffmpeg complains about is a failure.
    ///
    /// - Parameters:
    ///   - format: The samples' format.
    ///   - isRGB: Whether the planes are those of RGB.
    ///   - decoder: Options for libdav1d.
    func pictures(as format: PixelFormat, isRGB: Bool, decoder: [String] = []) throws -> [UInt8] {
        let name =
            switch format {
            // Whose planes FFmpeg keeps in the order of the stream: green, blue, red.
            case .i444 where isRGB: "gbrp"
            case .i420: "yuv420p"
            case .i422: "yuv422p"
            case .i444: "yuv444p"
            case .i420p10: "yuv420p10le"
            case .i422p10: "yuv422p10le"
            case .i444p10: "yuv444p10le"
            case .i420p12: "yuv420p12le"
            case .i422p12: "yuv422p12le"
            default: "yuv444p12le"
            }
        let input = Self.strict + decoder + ["-i", "a.ivf", "-fps_mode", "passthrough"]
        let (_, errors) = try folder.run("ffmpeg", input + ["-y", "-pix_fmt", name, "-f", "rawvideo", "a.yuv"])
        #expect(errors == "")
        return try folder.bytes(of: "a.yuv")
    }

    /// A digest of each picture. Anything that ffmpeg complains about is a failure.
    func hashes() throws -> [String] { try folder.pictureDigests(of: "a.ivf", decoder: ["-c:v", "libdav1d"]) }

    /// The values of the first frame from ffprobe.
    func firstFrame(_ entries: String) throws -> String {
        let arguments = ["-v", "error", "-read_intervals", "%+#1", "-show_frames", "-show_entries", entries, "a.ivf"]
        return try folder.run("ffprobe", arguments).output
    }
}
