import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("Reconfiguring a video encoder")
struct ReconfigurationTests {
    private let small = Script(open: false, delay: 2, tag: 1)
    private let large = Script(size: PictureSize(width: 64, height: 64), tag: 2)
    private let output = Output()

    private func encoder(limits: QueueLimits = QueueLimits()) throws -> VideoEncoder {
        let output = output
        let encoder = VideoEncoder(queue: limits) { try output.take($0) }
        try encoder.configure(small.setup())
        return encoder
    }

    @Test(
        "Reconfiguring a video encoder encodes what is queued under the old configuration first",
        .timeLimit(.minutes(1))
    )
    func order() throws {
        let encoder = try encoder()
        for time in 0..<5 as Range<Int64> { try encoder.submit(small.frame(time)) }
        let configuring = Background { try encoder.configure(large.setup()) }
        small.gate.open()
        try configuring.value()
        #expect(output.timestamps == [0, 1, 2, 3, 4])
        for time in 5..<8 as Range<Int64> { try encoder.submit(large.frame(time)) }
        try encoder.flush()
        #expect(output.timestamps == Array(0..<8))
        #expect(output.all.map(\.data) == Array(repeating: [1], count: 5) + Array(repeating: [2], count: 3))
        #expect(encoder.config?.size == large.size)
        #expect(failure { try encoder.submit(small.frame(9)) } == "invalidFrame")
        try encoder.close()
        #expect((small.open, large.open) == (0, 0))
    }

    @Test(
        "Reconfiguring a video encoder gives no codec a frame that was meant for the other, however threads meet",
        .timeLimit(.minutes(1))
    )
    func waitingSubmitter() throws {
        let encoder = try encoder(limits: QueueLimits(soft: 1, hard: 1))
        for time in 0..<2 as Range<Int64> { try encoder.submit(small.frame(time)) }
        #expect(small.gate.isWaitedAt())
        // This frame is prepared for the old configuration, and waits for room after the new one.
        let submitting = Background { try encoder.submit(small.frame(2)) }
        #expect(!eventually({ submitting.isDone }, atMost: .milliseconds(50)))
        let configuring = Background { try encoder.configure(large.setup()) }
        #expect(eventually { encoder.config?.size == large.size })
        #expect(!eventually({ configuring.isDone }, atMost: .milliseconds(50)))
        small.gate.open()
        _ = try? submitting.value()
        try configuring.value()
        _ = try? encoder.flush()
        #expect(small.misfits == [])
        #expect(large.misfits == [], "a codec that is given too small a frame reads past its end")
        try? encoder.close()
    }

    @Test(
        "Reconfiguring a video encoder gives no codec a frame that was meant for the other, under many threads",
        .timeLimit(.minutes(1))
    )
    func race() throws {
        let encoder = try encoder(limits: QueueLimits(soft: 2, hard: 2))
        small.gate.open()
        let submitters = [small, large].map { script in
            Background {
                for time in 0..<400 as Range<Int64> {
                    // A frame for the other configuration is refused; that is what is to happen.
                    if case let reason = failure(of: { try encoder.submit(script.frame(time)) }), reason != "" {
                        guard reason == "invalidFrame" else { return reason }
                    }
                }
                return ""
            }
        }
        for round in 0..<40 { try encoder.configure((round % 2 == 0 ? large : small).setup()) }
        for submitter in submitters { #expect(try submitter.value() == "") }
        #expect(small.misfits == [])
        #expect(large.misfits == [])
        try encoder.close()
    }

    @Test(
        "Reconfiguring a video encoder fails for the caller and all later calls, if the new codec cannot be opened",
        .timeLimit(.minutes(1))
    )
    func failing() throws {
        let encoder = try encoder()
        small.gate.open()
        try encoder.submit(small.frame(0))
        let broken = Script(failsToOpen: true)
        #expect(failure { try encoder.configure(broken.setup()) } == "codec opening")
        #expect(encoder.state == .closed)
        #expect(output.timestamps == [0], "what was queued is encoded first")
        #expect(failure { try encoder.submit(small.frame(1)) } == "codec opening")
        #expect(small.open == 0)
    }

    @Test(
        "Reconfiguring a video encoder gives a chunk a decoder configuration only if that has changed",
        .timeLimit(.minutes(1))
    )
    func decoderConfigs() throws {
        let decoder = DecoderConfig(
            codec: "avc1.42001E",
            codedWidth: 16,
            codedHeight: 16,
            pixelAspectRatio: .square,
            colorSpace: .bt709,
            description: nil
        )
        var other = decoder
        other.codedWidth = 64
        let output = output
        let encoder = VideoEncoder { try output.take($0) }
        for config in [decoder, decoder, other, decoder] {
            try encoder.configure(DescribingBackend.setup(config))
            for time in 0..<3 as Range<Int64> { try encoder.submit(small.frame(time)) }
        }
        try encoder.flush()
        let told = output.all.map { $0.decoderConfig?.codedWidth ?? 0 }
        #expect(told == [16, 0, 0, 0, 0, 0, 64, 0, 0, 16, 0, 0])
        try encoder.close()
    }
}

/// Tells with each chunk how to decode it.
private struct DescribingBackend: EncoderBackend, ~Copyable {
    let config: DecoderConfig
    var ready: EncodedVideoChunk?

    static func setup(_ config: DecoderConfig) throws -> EncoderSetup {
        EncoderSetup(
            config: try Script().config(),
            prepare: { frame throws(EncoderError) in frame },
            makeBackend: { () throws(EncoderError) in DescribingBackend(config: config) }
        )
    }

    mutating func submit(_ frame: borrowing VideoFrame, options: EncodeOptions) throws(EncoderError) {
        var chunk = EncodedVideoChunk(type: .key, timestamp: frame.timestamp, duration: nil, data: [])
        chunk.decoderConfig = config
        ready = chunk
    }

    mutating func nextChunk() throws(EncoderError) -> EncodedVideoChunk? { ready.take() }

    mutating func drain() throws(EncoderError) {}
}
