import EncoderCore
import Foundation
import Sluice
import Testing
import VideoTypes

/// An encode in process that is long enough for a leak of a few bytes a frame to show.
@Suite("A long encode in process", .serialized)
struct MemoryTests {
    /// As many frames as each codec does in some ten seconds.
    static let lengths: [(VideoCodec, Int)] = [
        (.h264, 10_000), (.vp8, 4000), (.vp9, 2000), (.av1, 1500), (.hevc, 1000),
    ]

    @Test(
        "A long encode in process grows by less than 8 MB from its first fifth to its end",
        .timeLimit(.minutes(10)),
        arguments: lengths
    )
    func growth(codec: VideoCodec, frames: Int) throws {
        var config = EncoderConfig(codec: .lowest(codec), width: 640, height: 480)
        (config.latencyMode, config.bitrate, config.framerate) = (.realtime, 1_000_000, .thirty)
        config.preset = [.h264: "ultrafast", .hevc: "ultrafast", .av1: "10"][codec]
        let count = Counter()
        let encoder = VideoEncoder { _ in count.add() }
        try encoder.configure(config)
        let layout = try #require(PictureLayout(format: .i420, size: PictureSize(width: 640, height: 480)))
        let pool = PicturePool(layout: layout, capacity: 20)
        var before = 0
        for number in 0..<frames {
            if number == frames / 5 { before = residentBytes() }
            var frame = try pool.makeFrame(timestamp: Int64(number) * 33_333, duration: 33_333)
            draw(number, into: &frame)
            try encoder.submit(frame)
        }
        try encoder.flush()
        let growth = residentBytes() - before
        try encoder.close()
        #expect(count.value == frames)
        #expect(growth < 8 << 20, "\(codec.name) grew by \(growth) bytes over \(frames - frames / 5) frames")
    }

    /// A bar that moves over gray.
    private func draw(_ number: Int, into frame: inout VideoFrame) {
        frame.withMutableBytes { bytes in
            bytes.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                memset(start, 128, bytes.count)
                for row in 0..<480 { memset(start + row * 640 + number * 4 % 600, 40 + Int32(number % 160), 40) }
            }
        }
    }
}
