import LibAV
import Sluice
import Testing
import Threading
import VideoTypes

/// An encoder of this build, and a codec that it encodes.
struct Subject: Sendable, CustomTestStringConvertible {
    let encoder: BackendDescriptor
    let codec: VideoCodec

    var testDescription: String { "\(codec.name) by \(encoder.name)" }

    /// Every encoder in software that this machine's libraries have.
    static let all: [Subject] = BackendRegistry.all.filter { !$0.isHardware }.flatMap { encoder in
        encoder.codecs.sorted { $0.rawValue < $1.rawValue }.map { Subject(encoder: encoder, codec: $0) }
    }

    /// Encoders declare themselves whether they code 4:2:2 and 4:4:4, or more than 8 bits.
    func config(
        _ width: Int = 96,
        _ height: Int = 64,
        chroma: ChromaSubsampling = .yuv420,
        bitDepth: Int = 8
    ) -> EncoderConfig {
        var config = EncoderConfig(codec: .lowest(codec), width: width, height: height)
        config.encoder = encoder.name
        (config.chroma, config.bitDepth) = (chroma, bitDepth)
        config.framerate = FrameRate(25)
        config.preset = Self.quick[encoder.name]
        config.threads = 2
        return config
    }

    private static let quick = [
        "libvpx": "5", "libaom": "9", "libsvtav1": "12", "librav1e": "10", "libx264": "veryfast",
        "libx265": "ultrafast",
    ]
}

/// Bars and a number that move: something to predict, and something that tells frames apart.
enum Film {
    static func bytes(_ number: Int, _ config: EncoderConfig) throws -> [UInt8] {
        let size = PictureSize(width: config.codedWidth, height: config.codedHeight)
        return try TestPattern(size: size).frame(number, format: .planar(config.chroma, bitDepth: config.bitDepth))
    }

    static func frame(_ number: Int, _ config: EncoderConfig, timestamp: Int64? = nil) throws -> VideoFrame {
        try VideoFrame(
            format: .planar(config.chroma, bitDepth: config.bitDepth),
            width: config.codedWidth,
            height: config.codedHeight,
            timestamp: timestamp ?? Int64(number) * 40_000,
            duration: 40_000 + Int64(number % 3),
            bytes: bytes(number, config)
        )
    }
}

/// Chunks as they come, from any thread.
final class Chunks: Sendable {
    private let all = Monitor<[EncodedVideoChunk]>([])

    func append(_ chunk: EncodedVideoChunk) { all.withLock { $0.append(chunk) } }

    var values: [EncodedVideoChunk] { all.withLock { $0 } }
}

extension Subject {
    /// Encodes frames with the library's own door.
    func encode(
        _ config: EncoderConfig,
        frames: Int = 12,
        options: [Int: EncodeOptions] = [:]
    ) throws -> [EncodedVideoChunk] {
        let chunks = Chunks()
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(config)
        for number in 0..<frames {
            try encoder.submit(Film.frame(number, config), options: options[number] ?? EncodeOptions())
        }
        try encoder.flush()
        try encoder.close()
        return chunks.values
    }

    /// The configuration, if this encoder can do it; `nil`, and the reason is one that a user could read, if not.
    func supported(_ config: EncoderConfig) throws -> EncoderConfig? {
        let encoder = VideoEncoder { _ in }
        do throws(EncoderError) {
            try encoder.configure(config)
            try encoder.close()
            return config
        } catch {
            guard case .config(let reason) = error, reason.isUnsupported else { throw error }
            #expect("\(reason)".count > 20, "\(reason)")
            return nil
        }
    }
}

/// FFmpeg's decoders, which have no part in encoding but for HEVC's and SVT-AV1's, and there only the wrapper.
enum Oracle {
    struct Picture {
        let timestamp: Int64
        let size: PictureSize
        let psnr: Double
    }

    /// Decodes strictly, and compares each picture with the one of its time.
    static func pictures(
        _ chunks: [EncodedVideoChunk],
        _ config: EncoderConfig,
        number: (Int64) -> Int = { Int($0 / 40_000) }
    ) throws -> [Picture] {
        let first = try #require(chunks.first?.decoderConfig)
        var decoder = try LibAVDecoder(first)
        var pictures: [Picture] = []
        for chunk in chunks {
            try decoder.submit(chunk)
            while let frame = try decoder.nextFrame()?.takeFrame() {
                pictures.append(try picture(frame, config, number))
            }
        }
        try decoder.drain()
        while let frame = try decoder.nextFrame()?.takeFrame() { pictures.append(try picture(frame, config, number)) }
        return pictures
    }

    /// The color that the decoder reads in the first picture.
    static func colorSpace(_ chunks: [EncodedVideoChunk]) throws -> VideoColorSpace {
        let first = try #require(chunks.first)
        var decoder = try LibAVDecoder(#require(first.decoderConfig))
        try decoder.submit(first)
        try decoder.drain()
        _ = try decoder.nextFrame()
        let color = decoder.colorSpace
        return try #require(color)
    }

    private static func picture(
        _ frame: borrowing VideoFrame,
        _ config: EncoderConfig,
        _ number: (Int64) -> Int
    ) throws -> Picture {
        let source = try Film.frame(number(frame.timestamp), config)
        let comparison = PlanePSNR(frame, source)
        let (size, format) = (frame.size, frame.format.rawValue)
        let psnr = try #require(comparison, "the decoder gives \(size) \(format)")
        return Picture(timestamp: frame.timestamp, size: size, psnr: psnr.decibelsByPlane[0])
    }
}
