import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A video encoder")
struct VideoEncoderTests {
    private let output = Output()

    private func encoder(_ script: Script, limits: QueueLimits = QueueLimits()) throws -> VideoEncoder {
        let output = output
        let encoder = VideoEncoder(queue: limits) { try output.take($0) }
        try encoder.configure(script.setup())
        return encoder
    }

    @Test("A video encoder needs to be configured first, and reports so", .timeLimit(.minutes(1)))
    func unconfigured() throws {
        let (script, encoder) = (Script(), VideoEncoder { _ in })
        #expect(encoder.state == .unconfigured)
        #expect(failure { try encoder.submit(script.frame(0)) } == "invalidState")
        #expect(failure { try encoder.encode(script.frame(0)) } == "invalidState")
        #expect(failure { try encoder.flush() } == "invalidState")
        #expect((encoder.encodeQueueSize, encoder.isSaturated) == (0, false))
        #expect(encoder.config == nil)
    }

    @Test(
        "A video encoder delivers what the codec holds when it is flushed, and stays configured",
        .timeLimit(.minutes(1))
    )
    func flush() throws {
        let script = Script(delay: 5)
        let encoder = try encoder(script)
        for round in 0..<3 as Range<Int64> {
            for number in 0..<8 as Range<Int64> { try encoder.submit(script.frame(round * 8 + number)) }
            try encoder.flush()
            #expect(output.timestamps == Array(0..<(round + 1) * 8))
            #expect(encoder.state == .configured)
        }
        #expect(script.misfits == [], "a drained codec takes no more frames")
        try encoder.close()
        #expect(script.open == 0)
    }

    @Test("A video encoder can be flushed twice, and with nothing in it", .timeLimit(.minutes(1)))
    func emptyFlush() throws {
        let script = Script(delay: 2)
        let encoder = try encoder(script)
        for _ in 0..<3 { try encoder.flush() }
        try encoder.submit(script.frame(0))
        for _ in 0..<3 { try encoder.flush() }
        #expect(output.timestamps == [0])
        try encoder.close()
    }

    @Test(
        "A video encoder discards everything when it is reset: no earlier chunk appears afterwards",
        .timeLimit(.minutes(1))
    )
    func reset() throws {
        let script = Script(open: false, delay: 1)
        let encoder = try encoder(script)
        for time in 0..<6 as Range<Int64> { try encoder.submit(script.frame(time)) }
        #expect(script.gate.isWaitedAt())
        let resetting = Background { try encoder.reset() }
        #expect(eventually { encoder.state == .unconfigured })
        script.gate.open()
        try resetting.value()
        let before = output.all.count
        #expect(before <= 1)
        #expect((encoder.encodeQueueSize, script.open) == (0, 0))
        #expect(encoder.config == nil)
        #expect(failure { try encoder.submit(script.frame(9)) } == "invalidState")
        try encoder.configure(script.setup())
        for time in 10..<12 as Range<Int64> { try encoder.submit(script.frame(time)) }
        try encoder.flush()
        #expect(output.timestamps.dropFirst(before) == [10, 11])
        try encoder.close()
    }

    @Test(
        "A video encoder wakes all waiting calls when it is reset or closed",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func abort(resets: Bool) throws {
        let script = Script(open: false)
        let encoder = try encoder(script, limits: QueueLimits(soft: 1, hard: 1))
        for time in 0..<2 as Range<Int64> { try encoder.submit(script.frame(time)) }
        let submitters = (0..<3).map { number in Background { try encoder.submit(script.frame(Int64(10 + number))) } }
        let flushing = Background { try encoder.flush() }
        let ending = Background { if resets { try encoder.reset() } else { try encoder.close() } }
        #expect(eventually { encoder.state != .configured })
        script.gate.open()
        try ending.value()
        for submitter in submitters {
            let reason = failure { try submitter.value() }
            #expect(["aborted", "invalidState"].contains(reason), "\(reason)")
        }
        #expect(["aborted", "invalidState"].contains(failure { try flushing.value() }))
        #expect(!output.timestamps.contains { $0 >= 1 })
    }

    @Test("A video encoder stays closed, and may be closed again", .timeLimit(.minutes(1)))
    func close() throws {
        let script = Script()
        let encoder = try encoder(script)
        try encoder.submit(script.frame(0))
        for _ in 0..<3 { try encoder.close() }
        #expect(encoder.state == .closed)
        #expect(script.open == 0)
        #expect(failure { try encoder.submit(script.frame(1)) } == "invalidState")
        #expect(failure { try encoder.encode(script.frame(1)) } == "invalidState")
        #expect(failure { try encoder.flush() } == "invalidState")
        #expect(failure { try encoder.configure(script.setup()) } == "invalidState")
        #expect(failure { try encoder.reset() } == "invalidState", "WebCodecs: reset throws when closed")
    }

    @Test("A video encoder passes options on to the codec, and checks quantizers", .timeLimit(.minutes(1)))
    func options() throws {
        let script = Script()
        let encoder = try encoder(script)
        for time in 0..<4 as Range<Int64> {
            try encoder.submit(script.frame(time), options: EncodeOptions(keyFrame: time == 2))
        }
        for quantizer in [-1, 52] {
            let options = EncodeOptions(quantizer: quantizer)
            #expect(failure { try encoder.submit(script.frame(9), options: options) } == "invalidFrame")
        }
        try encoder.flush()
        #expect(script.record.withLock { $0.keyFrames } == [2])
        #expect(output.timestamps == [0, 1, 2, 3])
        try encoder.close()
    }

    @Test("A video encoder refuses a frame of another size, and stays usable", .timeLimit(.minutes(1)))
    func wrongSize() throws {
        let (script, other) = (Script(), Script(size: PictureSize(width: 32, height: 16)))
        let encoder = try encoder(script)
        try encoder.submit(script.frame(0))
        #expect(failure { try encoder.submit(other.frame(1)) } == "invalidFrame")
        #expect(failure { try encoder.encode(other.frame(1)) } == "invalidFrame")
        #expect(encoder.state == .configured)
        try encoder.submit(script.frame(2))
        try encoder.flush()
        #expect(output.timestamps == [0, 2])
        #expect(script.misfits == [])
        try encoder.close()
    }

    @Test(
        "A video encoder leaves no thread, backend or frame when it is dropped without being closed",
        .timeLimit(.minutes(1))
    )
    func dropped() throws {
        let script = Script(delay: 3)
        for round in 0..<20 {
            var encoder: VideoEncoder? = try encoder(script)
            for time in 0..<5 as Range<Int64> { try encoder?.submit(script.frame(time)) }
            weak let weakEncoder = encoder
            encoder = nil
            #expect(weakEncoder == nil)
            #expect(script.record.withLock { $0.dropped } == round + 1)
        }
    }
}
