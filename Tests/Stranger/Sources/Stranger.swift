import Foundation
import Sluice

/// Uses all parts of the library that other programs use, and prints the results, one line each.
@main
struct Stranger {
    static func main() async throws {
        try literals()
        let chunks = try await encode()
        try await decode(chunks)
        try await failingConsumer()
        try returnedFrame()
    }

    /// What a program reads from a file or a flag is a `String`; numbers are literals.
    private static func configuration(_ codec: String = ["v", "p8"].joined()) -> EncoderConfig {
        var config = EncoderConfig(codec: codec, width: 64, height: 48)
        config.framerate = 30
        (config.displayWidth, config.displayHeight) = (128, 48)
        config.contentHint = .text
        return config
    }

    private static func literals() throws {
        var config = configuration()
        config.framerate = 29.97
        guard case .supported(let resolved) = VideoEncoder.isConfigSupported(config) else { throw Wrong("vp8") }
        let low = EncoderConfig(codec: .lowest(.h264), width: 64, height: 48)
        guard case .supported(let lowest) = VideoEncoder.isConfigSupported(low) else { throw Wrong("lowest") }
        let shape = resolved.pixelAspectRatio.map { "\($0.width):\($0.height)" } ?? "square"
        print("literals: \(resolved.framerate?.description ?? "none") \(shape) \(lowest.codec)")
    }

    /// One frame each of an array, a slice, `Data` and a span.
    private static func frame(_ number: Int) throws -> VideoFrame {
        let size = 64 * 48 * 3 / 2
        let (time, bytes) = (Int64(number) * 33_333, [UInt8](repeating: UInt8(40 + 20 * number), count: size + 8))
        func frame(_ bytes: some Collection<UInt8>) throws -> VideoFrame {
            try VideoFrame(format: .i420, width: 64, height: 48, timestamp: time, bytes: bytes)
        }
        switch number % 4 {
        case 0: return try frame(Array(bytes[..<size]))
        case 1: return try frame(bytes[8...])
        case 2: return try frame(Data(bytes)[4..<4 + size])
        default:
            let part = Array(bytes[..<size])
            return try VideoFrame(format: .i420, width: 64, height: 48, timestamp: time, bytes: part.span.bytes)
        }
    }

    private static func encode() async throws -> [EncodedVideoChunk] {
        let encoder = AsyncVideoEncoder()
        try await encoder.configure(configuration())
        let chunks = encoder.chunks
        let collected = Task {
            var all: [EncodedVideoChunk] = []
            for try await chunk in chunks { all.append(chunk) }
            return all
        }
        for number in 0..<8 { try await encoder.encode(frame(number)) }
        try await encoder.flush()
        await encoder.close()
        let all = try await collected.value
        print("encoded: \(all.count), shown at \(all.first?.decoderConfig?.displaySize.description ?? "none")")
        return all
    }

    private static func decode(_ chunks: [EncodedVideoChunk]) async throws {
        let decoder = AsyncVideoDecoder()
        guard let config = chunks.first?.decoderConfig else { throw Wrong("no decoder configuration") }
        try await decoder.configure(config)
        let frames = decoder.frames
        let means = Task {
            var samples: [Int] = []
            for try await frame in frames {
                guard let frame = frame.take()?.takeFrame() else { continue }
                samples.append(frame.withBytes { bytes in bytes.withUnsafeBytes { Int($0[0]) } })
            }
            return samples
        }
        for chunk in chunks { try await decoder.decode(chunk) }
        try await decoder.flush()
        await decoder.close()
        let samples = try await means.value
        let isNear = zip(samples, 0..<8).allSatisfy { abs($0 - (40 + 20 * $1)) <= 3 }
        print("decoded: \(samples.count), \(isNear ? "as they were" : "\(samples)")")
    }

    /// The group ends though its producer would encode for ever.
    private static func failingConsumer() async throws {
        let encoder = AsyncVideoEncoder()
        try await encoder.configure(configuration())
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var time = Int64(0)
                    while true {
                        try await encoder.encode(
                            VideoFrame(
                                format: .gray8,
                                width: 64,
                                height: 48,
                                timestamp: time,
                                bytes: Data(count: 64 * 48)
                            )
                        )
                        time += 33_333
                    }
                }
                group.addTask { for try await _ in encoder.chunks { throw Wrong("the consumer") } }
                try await group.waitForAll()
            }
        } catch {
            print("group: ended")
        }
    }

    /// The error of `encode` has a type, whose cases need no other name.
    private static func isFull(_ encoder: VideoEncoder, for frame: consuming VideoFrame) -> Bool {
        do {
            try encoder.encode(frame)
            return false
        } catch .quotaExceeded {
            return true
        } catch {
            return false
        }
    }

    private static func returnedFrame() throws {
        let encoder = VideoEncoder(queue: QueueLimits(soft: 1, hard: 1)) { _ in Thread.sleep(forTimeInterval: 0.01) }
        try encoder.configure(configuration())
        var (refused, quota) = (false, false)
        for number in 0..<40 where !(refused && quota) {
            let frame = try frame(number % 8)
            if try isFull(encoder, for: frame.clone()) { quota = true }
            switch try encoder.offer(frame) {
            case .accepted: continue
            case .refused(let returned):
                refused = returned.size == PictureSize(width: 64, height: 48)
                try encoder.submit(returned)
            }
        }
        try encoder.close()
        print("refused: \(refused) \(quota)")
    }
}

struct Wrong: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
