import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("The intake of an encoder or a decoder", .timeLimit(.minutes(1)))
struct IntakeTests {
    private func encoder(_ script: Script, _ output: Output, rules: FrameRules, limits: QueueLimits = QueueLimits())
        throws
        -> VideoEncoder
    {
        let encoder = VideoEncoder(queue: limits) { try output.take($0) }
        try encoder.configure(script.setup(rules: rules))
        return encoder
    }

    /// A submission that is refused leaves the encoder as it was.
    private func checkRefusal(
        _ rules: FrameRules,
        _ time: Int64,
        _ options: EncodeOptions = EncodeOptions(),
        reason expected: String = "invalidFrame",
        next: Int64 = 100_000,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (script, output) = (Script(), Output())
        let encoder = try encoder(script, output, rules: rules)
        try encoder.submit(script.frame(0))
        let reason = failure { try encoder.submit(script.frame(time), options: options) }
        #expect(reason == expected, sourceLocation: sourceLocation)
        try encoder.submit(script.frame(next))
        try encoder.flush()
        #expect(output.timestamps == [0, next], sourceLocation: sourceLocation)
    }

    @Test("An encoder refuses an invalid frame before it is queued, and stays usable (fault H2)")
    func frameFaults() throws {
        var rules = FrameRules()
        rules.rateLimit = FrameRules.RateLimit(framesPerSecond: 0.5) { rate throws(EncoderConfigError) in
            throw .unsupported("\(rate) frames a second")
        }
        try checkRefusal(rules, 10_000, reason: "config", next: 2_000_000)
        rules = FrameRules()
        rules.longestSpan = 1 << 40
        try checkRefusal(rules, 1 << 41)
        try checkRefusal(FrameRules(), (1 << 53) + 1)
        try checkRefusal(FrameRules(), .min)
        rules = FrameRules()
        rules.takesKeyFrames = false
        try checkRefusal(rules, 50_000, EncodeOptions(keyFrame: true))
        rules = FrameRules()
        rules.takesQuantizers = false
        try checkRefusal(rules, 50_000, EncodeOptions(quantizer: 30))
    }

    @Test(
        "A decoder refuses a chunk with an impossible time, and stays usable (fault H9)",
        arguments: [Int64.min, .max, -(1 << 53) - 1]
    )
    func chunkTimes(_ time: Int64) throws {
        let (script, output) = (Script(), FrameOutput())
        let decoder = VideoDecoder { try output.take($0) }
        try decoder.configure(script.setup())
        #expect(failure { try decoder.submit(script.chunk(time)) } == "dataError")
        try decoder.submit(script.chunk(7))
        try decoder.flush()
        #expect(output.timestamps == [7])
        let state = decoder.state
        #expect(state == .configured)
    }

    @Test(
        "An encoder is saturated when bytes make submit wait, long before frames do (fault H3)"
    )
    func bytes() throws {
        let (script, output) = (Script(open: false), Output())
        let limits = QueueLimits(soft: 16, hard: 64, maxBytes: script.frameBytes * 5 / 2)
        let encoder = try encoder(script, output, rules: FrameRules(), limits: limits)
        // What an expectation shows when it fails must not be the encoder itself, which cannot be copied.
        let isSaturated = { encoder.isSaturated }
        try encoder.submit(script.frame(0))
        #expect(script.gate.isWaitedAt())
        #expect(!isSaturated())
        try encoder.submit(script.frame(1))
        try encoder.submit(script.frame(2))
        #expect(isSaturated())
        let waiting = Background { try encoder.submit(script.frame(3)) }
        script.gate.open()
        try waiting.value()
        try encoder.flush()
        #expect(!isSaturated())
    }

    @Test("An encoder returns a frame for which its queue has no room (fault H4)")
    func refusedFrame() throws {
        let (script, output) = (Script(open: false), Output())
        let encoder = try encoder(script, output, rules: FrameRules(), limits: QueueLimits(soft: 1, hard: 1))
        try encoder.submit(script.frame(0))
        #expect(script.gate.isWaitedAt())
        try encoder.submit(script.frame(1))
        var frame = try script.frame(2)
        frame.withMutableBytes { $0.storeBytes(of: 77, as: UInt8.self) }
        switch try encoder.offer(frame) {
        case .accepted: Issue.record("there is no room")
        case .refused(let returned):
            let first = returned.withBytes { $0.unsafeLoad(as: UInt8.self) }
            #expect(first == 77)
            script.gate.open()
            try encoder.submit(returned)
        }
        try encoder.flush()
        #expect(output.timestamps == [0, 1, 2])
    }

    @Test("A cloned frame is given to two encoders (fault H4)")
    func twoEncoders() throws {
        let (script, outputs) = (Script(), [Output(), Output()])
        let encoders = try outputs.map { try encoder(script, $0, rules: FrameRules()) }
        let frame = try script.frame(5)
        try encoders[0].submit(frame.clone())
        try encoders[1].submit(frame)
        for encoder in encoders { try encoder.flush() }
        #expect(outputs.map(\.timestamps) == [[5], [5]])
    }

    @Test("A flush waits for a place in the queue, with any number of waiting calls (fault H5)")
    func manyFlushes() throws {
        let (script, output) = (Script(open: false), Output())
        let encoder = try encoder(script, output, rules: FrameRules(), limits: QueueLimits(soft: 1, hard: 1))
        try encoder.submit(script.frame(0))
        #expect(script.gate.isWaitedAt())
        let flushes = (0..<40).map { _ in Background { try encoder.flush() } }
        let configuring = (0..<4).map { _ in Background { try encoder.configure(script.setup()) } }
        script.gate.open()
        for flush in flushes + configuring { try flush.value() }
        #expect(output.timestamps == [0])
    }

    @Test("A flush in a task waits for a place in the queue, with any number of waiting calls (fault H5)")
    func manyFlushesInTasks() async throws {
        let script = Script(open: false)
        let encoder = AsyncVideoEncoder(queue: QueueLimits(soft: 1, hard: 1))
        try await encoder.configure(script.setup())
        try await encoder.encode(script.frame(0))
        let flushes = (0..<40).map { _ in Task { try await encoder.flush() } }
        script.gate.open()
        for flush in flushes { try await flush.value }
    }

    @Test("The error closure is called before any waiting call throws the failure (fault H7)")
    func order() throws {
        for _ in 0..<20 {
            let (script, isTold) = (Script(failingFrame: 0), Monitor(false))
            let encoder = VideoEncoder(output: { _ in }, error: { _ in isTold.withLock { $0 = true } })
            try encoder.configure(script.setup())
            try encoder.submit(script.frame(0))
            _ = failure { try encoder.flush() }
            let wasTold = isTold.withLock { $0 }
            #expect(wasTold)
        }
    }
}
