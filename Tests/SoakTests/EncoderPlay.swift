import EncoderCore
import Foundation
import Sluice
import TestSupport
import Threading
import VideoTypes

/// One encoder and what happens to it: frames with options, flushes, other configurations, resets, an output that fails.
struct EncoderPlay {
    private(set) var config: EncoderConfig
    /// libx265 3.5 forgets some kilobytes with each encoder that it closes.
    private(set) var usesX265: Bool
    private let chunks = Monitor<[EncodedVideoChunk]>([])
    private let failsAt: Int?
    private var expected: [Int64] = []
    private var time: Int64 = 0

    private struct Failing: Error {}

    /// What is wrong with what came out.
    struct Wrong: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    init(_ chance: inout SeededGenerator) {
        config = Self.config(&chance)
        usesX265 = config.codec == .lowest(.hevc)
        failsAt = Int.random(in: 0..<8, using: &chance) == 0 ? Int.random(in: 0..<20, using: &chance) : nil
    }

    /// Plays until the end, and checks what came out.
    ///
    /// - Returns: Frames that were encoded.
    mutating func run(_ chance: inout SeededGenerator) throws -> Int {
        let (chunks, failsAt) = (chunks, failsAt)
        let encoder = VideoEncoder { chunk in
            let count = chunks.withLock { all in
                all.append(chunk)
                return all.count
            }
            if count - 1 == failsAt { throw Failing() }
        }
        defer { try? encoder.close() }
        do {
            try encoder.configure(config)
            for _ in 0..<Int.random(in: 1...4, using: &chance) { try act(on: encoder, &chance) }
            try encoder.flush()
        } catch EncoderError.config {
            return 0
        } catch EncoderError.output(let error) where error is Failing {
            // The failure closes the encoder, for good.
            guard encoder.state == .closed else { throw Wrong("it goes on after its output has failed") }
            return chunks.withLock { $0.count }
        }
        if let failsAt, chunks.withLock({ $0.count > failsAt }) { throw Wrong("a failing output went unnoticed") }
        try check()
        return expected.count
    }

    private mutating func act(on encoder: VideoEncoder, _ chance: inout SeededGenerator) throws {
        for _ in 0..<Int.random(in: 0...12, using: &chance) { try submit(to: encoder, &chance) }
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: try encoder.flush()
        case 1:
            // What is queued is still encoded as it was meant.
            let next = Self.config(&chance)
            try encoder.flush()
            try encoder.configure(next)
            config = next
            usesX265 = usesX265 || config.codec == .lowest(.hevc)
        case 2:
            try encoder.flush()
            for _ in 0..<3 { try submit(to: encoder, &chance) }
            expected.removeLast(3)
            try encoder.reset()
            // Those that were out before the reset are there; none comes after it.
            let lastKept = expected.last ?? -1
            chunks.withLock { all in all.removeAll { $0.timestamp > lastKept } }
            try encoder.configure(config)
        default: break
        }
    }

    private mutating func submit(to encoder: VideoEncoder, _ chance: inout SeededGenerator) throws {
        let size = PictureSize(width: config.codedWidth, height: config.codedHeight)
        let format = PixelFormat.planar(config.chroma, bitDepth: config.bitDepth)
        guard let layout = PictureLayout(format: format, size: size) else { throw Wrong("no layout for \(size)") }
        var buffer = PlaneBuffer(byteCount: layout.byteCount)
        let value = Int32.random(in: 0...1, using: &chance)
        buffer.withMutableBytes { bytes in
            bytes.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                memset(start, value, bytes.count)
            }
        }
        let isKey = Int.random(in: 0..<10, using: &chance) == 0
        let frame = VideoFrame(layout: layout, buffer: buffer, timestamp: time, duration: 33_333)
        try encoder.submit(frame, options: EncodeOptions(keyFrame: isKey))
        expected.append(time)
        time += 33_333
    }

    /// Every frame has come out once, at its time, and the first is a key chunk.
    private func check() throws {
        let all = chunks.withLock { $0 }
        guard all.map(\.timestamp).sorted() == expected else {
            throw Wrong("chunks of \(all.map(\.timestamp).sorted()), and frames of \(expected)")
        }
        guard all.first?.type ?? .key == .key else { throw Wrong("the first chunk is no key chunk") }
        guard !all.contains(where: { $0.data.isEmpty }) else { throw Wrong("an empty chunk") }
    }

    private static func config(_ chance: inout SeededGenerator) -> EncoderConfig {
        let codec = VideoCodec.allCases.randomElement(using: &chance) ?? .h264
        func side(_ chance: inout SeededGenerator) -> Int { 2 * Int.random(in: 8...100, using: &chance) }
        var config = EncoderConfig(codec: .lowest(codec), width: side(&chance), height: side(&chance))
        config.framerate = .thirty
        config.chroma = [.yuv420, .yuv420, .yuv420, .yuv444].randomElement(using: &chance) ?? .yuv420
        config.bitDepth = [8, 8, 8, 10].randomElement(using: &chance) ?? 8
        config.latencyMode = [.realtime, .quality].randomElement(using: &chance) ?? .realtime
        config.bitrateMode = [.variable, .constant, .quantizer].randomElement(using: &chance) ?? .variable
        if config.bitrateMode == .quantizer { config.quantizer = Int.random(in: 0...51, using: &chance) }
        if config.bitrateMode == .constant { config.bitrate = Int.random(in: 50_000...2_000_000, using: &chance) }
        config.scalabilityMode = [.l1t1, .l1t1, .l1t2, .l1t3].randomElement(using: &chance) ?? .l1t1
        config.threads = [nil, 1, 2].randomElement(using: &chance) ?? nil
        config.preset = [.h264: "ultrafast", .hevc: "ultrafast", .av1: "9"][codec]
        return config
    }
}
