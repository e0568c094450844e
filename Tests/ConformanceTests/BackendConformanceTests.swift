import Sluice
import TestSupport
import Testing
import VideoTypes

@Suite("Every encoder")
struct BackendConformanceTests {
    @Test(
        "Every encoder delivers one chunk per frame, the first a key chunk, that decode to the frames",
        .timeLimit(.minutes(1)),
        arguments: Subject.all
    )
    func oneChunkPerFrame(subject: Subject) throws {
        let config = subject.config()
        let chunks = try subject.encode(config, frames: 20)
        #expect(chunks.count == 20)
        #expect(chunks.first?.type == .key)
        let pictures = try Oracle.pictures(chunks, config)
        #expect(pictures.map(\.timestamp) == (0..<20).map { $0 * 40_000 })
        #expect(pictures.allSatisfy { $0.psnr > 25 }, "\(pictures.map(\.psnr))")
    }

    @Test(
        "Every encoder gives each frame's timestamp and duration back, to the microsecond",
        .timeLimit(.minutes(1)),
        arguments: Subject.all
    )
    func times(subject: Subject) throws {
        let chunks = try subject.encode(subject.config(), frames: 14)
        let byTime = chunks.sorted { $0.timestamp < $1.timestamp }
        #expect(byTime.map(\.timestamp) == (0..<14).map { $0 * 40_000 })
        #expect(byTime.map(\.duration) == (0..<14).map { 40_000 + $0 % 3 })
        let decoding = chunks.map { $0.decodeTimestamp ?? $0.timestamp }
        #expect(zip(decoding, decoding.dropFirst()).allSatisfy { $0 < $1 }, "\(decoding)")
        #expect(zip(decoding, chunks).allSatisfy { $0 <= $1.timestamp })
    }

    @Test("Every encoder makes the same bytes of the same frames", .timeLimit(.minutes(1)), arguments: Subject.all)
    func sameBytes(subject: Subject) throws {
        let config = subject.config()
        #expect(try subject.encode(config).map(\.data) == subject.encode(config).map(\.data))
    }

    @Test(
        "Every encoder makes key frames on request, which decode without earlier chunks",
        .timeLimit(.minutes(1)),
        arguments: Subject.all,
        [LatencyMode.quality, .realtime]
    )
    func keyFrames(subject: Subject, latency: LatencyMode) throws {
        guard subject.encoder.frames.keyFrames else { return }
        var config = subject.config()
        config.latencyMode = latency
        guard try subject.supported(config) != nil else { return }
        let keys = [3, 4, 11]
        let options = Dictionary(uniqueKeysWithValues: keys.map { ($0, EncodeOptions(keyFrame: true)) })
        let chunks = try subject.encode(config, frames: 14, options: options)
        let found = chunks.filter { $0.type == .key }.map { Int($0.timestamp / 40_000) }
        #expect(found == [0] + keys)
        let last = try #require(chunks.lastIndex { $0.type == .key })
        var tail = Array(chunks[last...])
        tail[0].decoderConfig = chunks[0].decoderConfig
        #expect(try Oracle.pictures(tail, config).map(\.timestamp) == [11, 12, 13].map { $0 * 40_000 })
    }

    @Test("Every encoder continues after a flush, with a key frame", .timeLimit(.minutes(1)), arguments: Subject.all)
    func flushing(subject: Subject) throws {
        let (config, chunks) = (subject.config(), Chunks())
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(config)
        for number in 0..<3 { try encoder.submit(Film.frame(number, config)) }
        try encoder.flush()
        #expect(chunks.values.count == 3)
        for number in 3..<6 { try encoder.submit(Film.frame(number, config)) }
        try encoder.flush()
        try encoder.close()
        #expect(chunks.values.count == 6)
        #expect(chunks.values[3].type == .key)
        #expect(try Oracle.pictures(chunks.values, config).count == 6)
    }

    @Test(
        "Every encoder encodes what was queued before it is configured anew, and tells the decoder",
        .timeLimit(.minutes(1)),
        arguments: Subject.all
    )
    func reconfiguring(subject: Subject) throws {
        let (small, large, chunks) = (subject.config(64, 64), subject.config(128, 80), Chunks())
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(small)
        for number in 0..<3 { try encoder.submit(Film.frame(number, small)) }
        try encoder.configure(large)
        for number in 3..<6 { try encoder.submit(Film.frame(number, large)) }
        try encoder.flush()
        try encoder.close()
        let all = chunks.values
        #expect(all.count == 6)
        #expect(all.map { $0.decoderConfig?.codedWidth } == [64, nil, nil, 128, nil, nil])
        #expect(try Oracle.pictures(Array(all[..<3]), small).count == 3)
        #expect(try Oracle.pictures(Array(all[3...]), large).count == 3)
    }

    @Test(
        "Every encoder discards queued frames at a reset, and starts again",
        .timeLimit(.minutes(1)),
        arguments: Subject.all
    )
    func resetting(subject: Subject) throws {
        let (config, chunks) = (subject.config(), Chunks())
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(config)
        for number in 0..<5 { try encoder.submit(Film.frame(number, config)) }
        try encoder.reset()
        let before = chunks.values.count
        try encoder.configure(config)
        for number in 7..<10 { try encoder.submit(Film.frame(number, config)) }
        try encoder.flush()
        try encoder.close()
        let after = Array(chunks.values[before...])
        #expect(after.map(\.timestamp).sorted() == [7, 8, 9].map { $0 * 40_000 })
        #expect(after.first?.type == .key)
        #expect(after.first?.decoderConfig != nil)
    }

    @Test(
        "Every encoder drops no frame at a bit rate that is far too low",
        .timeLimit(.minutes(1)),
        arguments: Subject.all,
        [BitrateMode.constant, .variable]
    )
    func starving(subject: Subject, mode: BitrateMode) throws {
        var config = subject.config()
        (config.bitrate, config.bitrateMode) = (5000, mode)
        guard try subject.supported(config) != nil else { return }
        let chunks = try subject.encode(config, frames: 40)
        #expect(chunks.count == 40)
        #expect(try Oracle.pictures(chunks, config).count == 40)
    }

    @Test(
        "Every encoder in realtime outputs each chunk before the next frame",
        .timeLimit(.minutes(1)),
        arguments: Subject.all
    )
    func realtime(subject: Subject) throws {
        var config = subject.config()
        (config.latencyMode, config.bitrate) = (.realtime, 300_000)
        guard try subject.supported(config) != nil else { return }
        let chunks = Chunks()
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(config)
        for number in 0..<10 {
            try encoder.submit(Film.frame(number, config))
            #expect(eventually { chunks.values.count == number + 1 }, "frame \(number) is still in the encoder")
        }
        try encoder.flush()
        try encoder.close()
        #expect(try Oracle.pictures(chunks.values, config).count == 10)
    }
}
