import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A failure of a video decoder")
struct DecoderFailureTests {
    private func decoder(
        _ script: Script,
        _ output: FrameOutput = FrameOutput(),
        limits: QueueLimits = QueueLimits()
    ) throws -> VideoDecoder {
        let decoder = VideoDecoder(queue: limits, output: { try output.take($0) })
        try decoder.configure(script.setup())
        return decoder
    }

    private func checkClosed(_ decoder: VideoDecoder, by reason: String, _ script: Script) {
        #expect(decoder.state == .closed)
        #expect(failure { try decoder.submit(script.chunk(99)) } == reason)
        #expect(failure { try decoder.decode(script.chunk(99)) } == reason)
        #expect(failure { try decoder.flush() } == reason)
        #expect(failure { try decoder.configure(script.setup()) } == reason)
    }

    @Test("A failure of a video decoder reaches every waiting and every later call", .timeLimit(.minutes(1)))
    func reachesAll() throws {
        let script = Script(open: false, failingFrame: 1)
        let decoder = try decoder(script, limits: QueueLimits(soft: 2, hard: 2))
        for time in 0..<3 as Range<Int64> { try decoder.submit(script.chunk(time)) }
        #expect(script.gate.isWaitedAt())
        let submitters = (0..<4).map { _ in Background { try decoder.submit(script.chunk(50)) } }
        let flushers = (0..<2).map { _ in Background { try decoder.flush() } }
        let configuring = Background { try decoder.configure(script.setup()) }
        script.gate.admit(2)
        // One submitter may have got the room that chunk 1 left before it failed.
        let reasons = submitters.map { submitter in failure { try submitter.value() } }
        #expect(reasons.filter { $0 == "corrupt chunk 1" }.count >= 3, "\(reasons)")
        for flusher in flushers { #expect(failure { try flusher.value() } == "corrupt chunk 1") }
        #expect(failure { try configuring.value() } == "corrupt chunk 1")
        checkClosed(decoder, by: "corrupt chunk 1", script)
        #expect(script.submitted == [0, 1], "nothing is decoded after a failure")
        #expect(script.open == 0)
    }

    @Test(
        "A failure of a video decoder is reported once, and stays what every call throws, through reset and close",
        .timeLimit(.minutes(1))
    )
    func final() throws {
        let (script, told) = (Script(failingFrame: 0), Monitor([String]()))
        let decoder = VideoDecoder(output: { _ in }, error: { error in told.withLock { $0.append(error.kind) } })
        try decoder.configure(script.setup())
        for time in 0..<3 as Range<Int64> { _ = try? decoder.submit(script.chunk(time)) }
        #expect(failure { try decoder.flush() } == "corrupt chunk 0")
        #expect(failure { try decoder.reset() } == "corrupt chunk 0")
        checkClosed(decoder, by: "corrupt chunk 0", script)
        try decoder.close()
        checkClosed(decoder, by: "corrupt chunk 0", script)
        #expect(told.withLock { $0 } == ["corrupt chunk 0"])
    }

    @Test("A failure of a video decoder may be the output's own", .timeLimit(.minutes(1)))
    func output() throws {
        let (script, output) = (Script(delay: 1), FrameOutput(refusing: 2))
        let decoder = try decoder(script, output)
        for time in 0..<4 as Range<Int64> { _ = try? decoder.submit(script.chunk(time)) }
        let error = #expect(throws: DecoderError.self) { try decoder.flush() }
        guard case .output(let own)? = error else {
            Issue.record("\(error?.kind ?? "nothing")")
            return
        }
        #expect(own as? FrameOutput.Refused == FrameOutput.Refused(timestamp: 2))
        #expect(output.timestamps == [0, 1])
        checkClosed(decoder, by: "output", script)
    }

    @Test("A failure of a video decoder may come from opening or from draining the codec", .timeLimit(.minutes(1)))
    func opening() throws {
        let unopenable = Script(failsToOpen: true)
        let decoder = VideoDecoder(output: { _ in })
        #expect(failure { try decoder.configure(unopenable.setup()) } == "codec opening")
        checkClosed(decoder, by: "codec opening", unopenable)
        let script = Script(failsToDrain: true)
        let other = try self.decoder(script)
        try other.submit(script.chunk(0))
        #expect(failure { try other.flush() } == "codec draining")
        checkClosed(other, by: "codec draining", script)
        #expect(script.open == 0)
    }

    @Test(
        "Calls from within a decoder's output closure that would wait for themselves throw",
        .timeLimit(.minutes(1))
    )
    func reentrancy() throws {
        let (script, box, reasons) = (Script(), Monitor<VideoDecoder?>(nil), Monitor([String]()))
        let decoder = VideoDecoder(output: { _ in
            guard let decoder = box.withLock({ $0 }) else { return }
            let own = [
                failure { try decoder.flush() }, failure { try decoder.reset() }, failure { try decoder.close() },
                failure { try decoder.configure(script.setup()) }, failure { try decoder.submit(script.chunk(5)) },
            ]
            reasons.withLock { $0 = own }
        })
        box.withLock { $0 = decoder }
        try decoder.configure(script.setup())
        try decoder.submit(script.chunk(0))
        #expect(reasons.wait(atMost: .seconds(10)) { !$0.isEmpty })
        #expect(reasons.withLock { $0 } == Array(repeating: "invalidState", count: 5))
        try decoder.flush()
        try decoder.close()
        box.withLock { $0 = nil }
    }
}
