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

    /// A time in microseconds where frames come evenly, and where they do not.
    private static func time(_ number: Int, _ framesPerSecond: Int, isEven: Bool) -> Int64 {
        let eighths = isEven ? 8 * number : 8 * number + [0, 3, 1, 4, -1, 2][number % 6]
        return Int64(max(0, eighths)) * 1_000_000 / Int64(8 * framesPerSecond)
    }

    private func bits(
        _ config: EncoderConfig,
        framesPerSecond: Int,
        seconds: Int,
        isEven: Bool = true
    ) throws -> Int {
        let chunks = Chunks()
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(config)
        let film = try Self.film(config)
        for number in 0..<(framesPerSecond * seconds) {
            let time = Self.time(number, framesPerSecond, isEven: isEven)
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

    /// libvpx's VP9, libaom and libx265 spend too much in the first second, with a frame rate as well: five seconds are too
    /// short to judge them, so they are compared with their own rate with a frame rate.
    private static let quickToSettle = Subject.all.filter { [.h264, .vp8].contains($0.codec) }

    @Test(
        "The bit rate without a frame rate is that of the timestamps in realtime, without durations (faults E6 and E7)",
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
            let bits = try bits(config, framesPerSecond: framesPerSecond, seconds: 5)
            let ratio = Double(bits) / 5 / Double(Self.bitrate)
            #expect((0.9...1.1).contains(ratio), "\(mode) \(layers) at \(framesPerSecond) fps: \(ratio) of the rate")
        }
    }

    /// Encoders that get the rate only from timestamps.
    private static let followers = Subject.all.filter { !["libsvtav1", "librav1e"].contains($0.encoder.name) }

    @Test(
        "The bit rate without a frame rate is within 6 % of that with one, and within 10 % of the target, also for uneven times (faults E6 and E7)",
        .timeLimit(.minutes(2)),
        arguments: followers,
        [30, 60]
    )
    func unevenly(subject: Subject, framesPerSecond: Int) throws {
        var config = subject.config(160, 96)
        (config.framerate, config.bitrate, config.latencyMode) = (nil, Self.bitrate, .realtime)
        try expectRate(of: config, framesPerSecond, "\(subject) in realtime")
        guard framesPerSecond == 60 else { return }
        // Lookahead plans by the rate that it is told.
        (config.latencyMode, config.averageFramerate) = (.quality, FrameRate(framesPerSecond))
        try expectRate(of: config, framesPerSecond, "\(subject) in quality")
    }

    private func expectRate(of config: EncoderConfig, _ framesPerSecond: Int, _ what: String) throws {
        var told = config
        (told.framerate, told.averageFramerate) = (FrameRate(framesPerSecond), nil)
        let seconds = 10
        let usual = try bits(told, framesPerSecond: framesPerSecond, seconds: seconds)
        let own = try bits(config, framesPerSecond: framesPerSecond, seconds: seconds, isEven: false)
        let (ratio, change) = (Double(own) / Double(seconds * Self.bitrate), Double(own) / Double(usual))
        #expect((0.9...1.1).contains(ratio), "\(what) at \(framesPerSecond) fps: \(ratio) of the rate")
        #expect(
            (0.94...1.06).contains(change),
            "\(what) at \(framesPerSecond) fps: \(change) of what a frame rate makes"
        )
    }
}
