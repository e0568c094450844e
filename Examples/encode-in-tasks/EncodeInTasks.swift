// Encodes ten gray frames, each brighter than the last, in tasks, and writes them as Annex B to standard output.

import Foundation
import Sluice

@main
struct EncodeInTasks {
    static func main() async throws {
        let encoder = AsyncVideoEncoder()
        try await encoder.configure(EncoderConfig(codec: "avc1.42001E", width: 320, height: 180))
        try await withThrowingTaskGroup(of: Void.self) { group in
            // If writing fails, the group cancels the other task, whose waits end then.
            group.addTask {
                for try await chunk in encoder.chunks { try FileHandle.standardOutput.write(contentsOf: chunk.data) }
            }
            group.addTask {
                for number in 0..<10 { try await encoder.encode(frame(number)) }
                try await encoder.flush()
                await encoder.close()
            }
            try await group.waitForAll()
        }
    }

    private static func frame(_ number: Int) throws -> VideoFrame {
        let pixels = Data(repeating: UInt8(20 * number), count: 320 * 180 * 4)
        return try VideoFrame(format: .rgba, width: 320, height: 180, timestamp: Int64(number) * 40_000, bytes: pixels)
    }
}
