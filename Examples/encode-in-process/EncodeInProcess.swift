// Encodes ten gray frames, each brighter than the last, in process, and writes them as Annex B to standard output.

import Foundation
import Sluice

@main
struct EncodeInProcess {
    static func main() throws {
        let encoder = VideoEncoder { chunk in try FileHandle.standardOutput.write(contentsOf: chunk.data) }
        try encoder.configure(EncoderConfig(codec: "avc1.42001E", width: 320, height: 180))
        for number in 0..<10 {
            let pixels = [UInt8](repeating: UInt8(20 * number), count: 320 * 180 * 4)
            let time = Int64(number) * 40_000
            try encoder.submit(VideoFrame(format: .rgba, width: 320, height: 180, timestamp: time, bytes: pixels))
        }
        try encoder.flush()
        try encoder.close()
    }
}
