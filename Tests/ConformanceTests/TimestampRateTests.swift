import Sluice
import Testing
import VideoTypes

@Suite("The bit rate without a frame rate")
struct TimestampRateTests {
    private static let bitrate = 300_000

    /// Frames with a little noise, so that there is always something to spend bits on.
    private static func film(_ config: EncoderConfig) throws -> [[UInt8]] {
        var state: UInt64 = 42
        return try (0..<24).map { number in
            try Film.bytes(number, config).map { sample in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(clamping: Int(sample) + Int(state >> 60) - 8)
            }
        }
    }

    private func bits(_ subject: Subject, _ config: EncoderConfig, framesPerSecond: Int, seconds: Int) throws -> Int {
        let chunks = Chunks()
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(config)
        let film = try Self.film(config)
        for number in 0..<(framesPerSecond * seconds) {
            let time = Int64(number) * 1_000_000 / Int64(framesPerSecond)
            // There and back again, so that no scene is cut.
            let place = number % (2 * film.count - 2)
            let bytes = film[place < film.count ? place : 2 * film.count - 2 - place]
            let (width, height) = (config.codedWidth, config.codedHeight)
            try encoder.submit(VideoFrame(format: .i420, width: width, height: height, timestamp: time, bytes: bytes))
        }
        try encoder.flush()
        try encoder.close()
        return chunks.values.reduce(0) { $0 + $1.data.count * 8 }
    }

    /// libvpx's VP9, libaom and libx265 spend too much in the first second, with a frame rate as well: five seconds say little of
    /// them.
    private static let quickToSettle = Subject.all.filter { [.h264, .vp8].contains($0.codec) }

    @Test(
        "is that of the timestamps in realtime, without durations (faults E6 and E7)",
        .timeLimit(.minutes(2)),
        arguments: quickToSettle,
        [15, 30, 60, 120]
    )
    func realtime(subject: Subject, framesPerSecond: Int) throws {
        for (mode, layers) in [(BitrateMode.constant, ScalabilityMode.l1t1), (.variable, .l1t1), (.constant, .l1t2)] {
            var config = subject.config(160, 96)
            (config.framerate, config.bitrate, config.latencyMode) = (nil, Self.bitrate, .realtime)
            (config.bitrateMode, config.scalabilityMode) = (mode, layers)
            // What does not follow timestamps is refused.
            guard try subject.supported(config) != nil else { continue }
            let bits = try bits(subject, config, framesPerSecond: framesPerSecond, seconds: 5)
            let ratio = Double(bits) / 5 / Double(Self.bitrate)
            #expect((0.9...1.1).contains(ratio), "\(mode) \(layers) at \(framesPerSecond) fps: \(ratio) of the rate")
        }
    }
}
