import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A failure of a video encoder")
struct FailureTests {
    private func encoder(
        _ script: Script,
        _ output: Output = Output(),
        limits: QueueLimits = QueueLimits()
    ) throws -> VideoEncoder {
        let encoder = VideoEncoder(queue: limits) { try output.take($0) }
        try encoder.configure(script.setup())
        return encoder
    }

    private func checkClosed(_ encoder: VideoEncoder, by reason: String, _ script: Script) {
        #expect(encoder.state == .closed)
        #expect(failure { try encoder.submit(script.frame(99)) } == reason)
        #expect(failure { try encoder.encode(script.frame(99)) } == reason)
        #expect(failure { try encoder.flush() } == reason)
        #expect(failure { try encoder.configure(script.setup()) } == reason)
    }

    @Test("A failure of a video encoder reaches every waiting and every later call", .timeLimit(.minutes(1)))
    func reachesAll() throws {
        let script = Script(open: false, failingFrame: 1)
        let encoder = try encoder(script, limits: QueueLimits(soft: 2, hard: 2))
        for time in 0..<3 as Range<Int64> { try encoder.submit(script.frame(time)) }
        #expect(script.gate.isWaitedAt())
        let submitters = (0..<4).map { _ in Background { try encoder.submit(script.frame(50)) } }
        let flushers = (0..<2).map { _ in Background { try encoder.flush() } }
        let configuring = Background { try encoder.configure(script.setup()) }
        script.gate.admit(2)
        // One submitter may have got the room that frame 1 left before it failed.
        let reasons = submitters.map { submitter in failure { try submitter.value() } }
        #expect(reasons.filter { $0 == "codec frame 1" }.count >= 3, "\(reasons)")
        for flusher in flushers { #expect(failure { try flusher.value() } == "codec frame 1") }
        #expect(failure { try configuring.value() } == "codec frame 1")
        checkClosed(encoder, by: "codec frame 1", script)
        #expect(script.submitted == [0, 1], "nothing is encoded after a failure")
        #expect(script.open == 0)
    }

    @Test("A failure of a video encoder stays what every call throws, through reset and close", .timeLimit(.minutes(1)))
    func final() throws {
        let script = Script(failingFrame: 0)
        let encoder = try encoder(script)
        try encoder.submit(script.frame(0))
        #expect(failure { try encoder.flush() } == "codec frame 0")
        #expect(failure { try encoder.reset() } == "codec frame 0")
        checkClosed(encoder, by: "codec frame 0", script)
        try encoder.close()
        checkClosed(encoder, by: "codec frame 0", script)
    }

    @Test("A failure of a video encoder may be the output's own", .timeLimit(.minutes(1)))
    func output() throws {
        let (script, output) = (Script(delay: 1), Output(refusing: 2))
        let encoder = try encoder(script, output)
        for time in 0..<4 as Range<Int64> { _ = try? encoder.submit(script.frame(time)) }
        let error = #expect(throws: EncoderError.self) { try encoder.flush() }
        guard case .output(let own)? = error else {
            Issue.record("\(error?.kind ?? "nothing")")
            return
        }
        #expect(own as? Output.Refused == Output.Refused(timestamp: 2))
        #expect(output.timestamps == [0, 1])
        checkClosed(encoder, by: "output", script)
    }

    @Test("A failure of a video encoder may come from opening or from draining the codec", .timeLimit(.minutes(1)))
    func opening() throws {
        let unopenable = Script(failsToOpen: true)
        let encoder = VideoEncoder { _ in }
        #expect(failure { try encoder.configure(unopenable.setup()) } == "codec opening")
        checkClosed(encoder, by: "codec opening", unopenable)
        let script = Script(failsToDrain: true)
        let other = try self.encoder(script)
        try other.submit(script.frame(0))
        #expect(failure { try other.flush() } == "codec draining")
        checkClosed(other, by: "codec draining", script)
        #expect(script.open == 0)
    }

    @Test("A failure of a video encoder is the first one, under many threads", .timeLimit(.minutes(1)))
    func first() throws {
        for _ in 0..<20 {
            let script = Script(failingFrame: 40)
            let encoder = try encoder(script, limits: QueueLimits(soft: 2, hard: 2))
            let times = Monitor(Int64(0))
            let submitters = (0..<4).map { _ in
                Background {
                    while true {
                        let time = times.withLock { time in
                            defer { time += 1 }
                            return time
                        }
                        let reason = failure { try encoder.submit(script.frame(time)) }
                        // Another thread was faster with a later time; that frame alone is refused.
                        if reason != "", reason != "invalidFrame" { return reason }
                    }
                }
            }
            for submitter in submitters { #expect(try submitter.value() == "codec frame 40") }
            #expect(script.submitted.last.map { $0 >= 40 } == true)
            #expect(script.submitted.dropLast().allSatisfy { $0 < 40 })
        }
    }
}

@Suite("Calls from within the output closure")
struct ReentrancyTests {
    /// An encoder whose output closure does something to the encoder itself.
    private func reasons(
        limits: QueueLimits = QueueLimits(),
        frames: Int64 = 1,
        chunks: Int = 1,
        _ action: @escaping @Sendable (VideoEncoder, Script) throws -> Void
    ) throws -> [String] {
        let (script, reasons, box) = (Script(), Monitor([String]()), Monitor<VideoEncoder?>(nil))
        let encoder = VideoEncoder(queue: limits) { _ in
            guard let encoder = box.withLock({ $0 }) else { return }
            let reason = failure { try action(encoder, script) }
            reasons.withLock { $0.append(reason) }
        }
        box.withLock { $0 = encoder }
        try encoder.configure(script.setup())
        for time in 0..<frames { try encoder.submit(script.frame(time)) }
        let isDone = reasons.wait(atMost: .seconds(20)) { $0.count >= max(chunks, Int(frames)) }
        // The encoder and what is stuck in it are left to themselves if it is not.
        try #require(isDone, "the encoder waits for itself")
        try encoder.close()
        box.withLock { $0 = nil }
        return reasons.withLock { $0 }
    }

    @Test(
        "Calls from within the output closure to flush, reset, close or configure throw instead of waiting for themselves",
        .timeLimit(.minutes(1))
    )
    func refused() throws {
        #expect(try reasons { encoder, _ in try encoder.flush() } == ["invalidState"])
        #expect(try reasons { encoder, _ in try encoder.reset() } == ["invalidState"])
        #expect(try reasons { encoder, _ in try encoder.close() } == ["invalidState"])
        #expect(try reasons { encoder, script in try encoder.configure(script.setup()) } == ["invalidState"])
    }

    @Test("Calls from within the output closure to encode are taken", .timeLimit(.minutes(1)))
    func encode() throws {
        // Each of the first two chunks adds another frame.
        let reasons = try reasons(chunks: 3) { encoder, script in
            guard encoder.encodeQueueSize == 0, script.submitted.count < 3 else { return }
            try encoder.encode(script.frame(Int64(script.submitted.count)))
        }
        #expect(reasons.allSatisfy { $0 == "" })
    }

    @Test(
        "Calls from within the output closure to submit throw when they would wait for themselves",
        .timeLimit(.minutes(1))
    )
    func submit() throws {
        let reasons = try reasons(limits: QueueLimits(soft: 1, hard: 1)) { encoder, script in
            guard script.submitted.count == 1 else { return }
            // The second finds the queue saturated, and only this thread could make room.
            for time in 1...2 as ClosedRange<Int64> { try encoder.submit(script.frame(time)) }
        }
        #expect(reasons.first == "invalidState")
    }

    @Test("Calls from within the output closure may drop the encoder", .timeLimit(.minutes(1)))
    func drop() throws {
        let (script, box) = (Script(), Monitor<VideoEncoder?>(nil))
        let encoder = VideoEncoder { _ in box.withLock { $0 = nil } }
        try encoder.configure(script.setup())
        box.withLock { $0 = encoder }
        try encoder.submit(script.frame(0))
        #expect(box.wait(atMost: .seconds(15)) { $0 == nil })
    }
}
