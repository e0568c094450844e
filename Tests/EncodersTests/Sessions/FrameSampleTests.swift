import Sluice
import Testing

@Suite("A frame of the library's user")
struct FrameSampleTests {
    @Test(
        "A frame of the library's user with a sample out of range is refused by the encoder, which stays usable (faults C1 and C2)"
    )
    func excess() throws {
        for codec in ["avc1.6E000A", "vp09.02.10.10.01.01.01.01.00", "av01.0.00M.10"] {
            let encoder = VideoEncoder { _ in }
            try encoder.configure(EncoderConfig(codec: .exact(codec), width: 64, height: 64))
            let good = [UInt8](repeating: 1, count: 64 * 64 * 3)
            var bad = good
            bad[64 * 64 * 2 + 1] = 4
            #expect(throws: EncoderError.self) { try encoder.submit(try Self.frame(bad, at: 0)) }
            try encoder.submit(try Self.frame(good, at: 0))
            try encoder.flush()
            try encoder.close()
        }
    }

    private static func frame(_ bytes: [UInt8], at time: Int64) throws -> VideoFrame {
        try VideoFrame(format: .i420p10, width: 64, height: 64, timestamp: time, bytes: bytes)
    }
}
