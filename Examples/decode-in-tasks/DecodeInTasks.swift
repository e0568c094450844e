// Decodes what it encodes before, ten gray frames of VP8, in tasks, and writes the time and the first luma sample of each.

import Foundation
import Sluice

@main
struct DecodeInTasks {
    static func main() async throws {
        let chunks = try await encoded()
        let decoder = AsyncVideoDecoder()
        guard let config = chunks.first?.decoderConfig else { throw DecoderError.unsupported("there is no chunk") }
        try await decoder.configure(config)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // A frame is given to the first who takes it; its memory goes back to the decoder when it is dropped.
                for try await frame in decoder.frames { if let frame = frame.take() { show(frame) } }
            }
            group.addTask {
                for chunk in chunks { try await decoder.decode(chunk) }
                try await decoder.flush()
                await decoder.close()
            }
            try await group.waitForAll()
        }
    }

    private static func show(_ decoded: consuming DecodedFrame) {
        let frame = decoded.takeFrame()
        let sample = frame.withBytes { bytes in bytes.withUnsafeBytes { $0[0] } }
        print("\(frame.timestamp) µs: \(frame.size) \(frame.format.rawValue), luma \(sample)")
    }

    private static func encoded() async throws -> [EncodedVideoChunk] {
        let encoder = AsyncVideoEncoder()
        var config = EncoderConfig(codec: "vp8", width: 320, height: 180)
        config.framerate = 25
        try await encoder.configure(config)
        let chunks = encoder.chunks
        let collected = Task {
            var all: [EncodedVideoChunk] = []
            for try await chunk in chunks { all.append(chunk) }
            return all
        }
        for number in 0..<10 {
            let pixels = Data(repeating: UInt8(20 * number), count: 320 * 180 * 4)
            let time = Int64(number) * 40_000
            try await encoder.encode(VideoFrame(format: .rgba, width: 320, height: 180, timestamp: time, bytes: pixels))
        }
        try await encoder.flush()
        await encoder.close()
        return try await collected.value
    }
}
