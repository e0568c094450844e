import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A video encoder's queue")
struct BackpressureTests {
    private func encoder(_ script: Script, _ output: Output, _ limits: QueueLimits) throws -> VideoEncoder {
        let encoder = VideoEncoder(queue: limits) { try output.take($0) }
        try encoder.configure(script.setup())
        return encoder
    }

    @Test(
        "A video encoder's queue has submit wait at the soft limit, and encode throw at the hard one",
        .timeLimit(.minutes(1))
    )
    func limits() throws {
        let (script, output) = (Script(open: false), Output())
        let encoder = try encoder(script, output, QueueLimits(soft: 2, hard: 4))
        try encoder.submit(script.frame(0))
        #expect(script.gate.isWaitedAt())
        for time in [1, 2] as [Int64] { try encoder.submit(script.frame(time)) }
        #expect(encoder.isSaturated)
        let waiting = Background { try encoder.submit(script.frame(5)) }
        for time in [3, 4] as [Int64] { try encoder.encode(script.frame(time)) }
        for _ in 0..<3 {
            let error = #expect(throws: EncoderError.self) { try encoder.encode(script.frame(9)) }
            guard case .quotaExceeded(4, let bytes)? = error else {
                Issue.record("\(error?.kind ?? "nothing")")
                continue
            }
            #expect(bytes == 4 * script.frameBytes)
            #expect(encoder.encodeQueueSize == 4)
        }
        #expect(!waiting.isDone)
        script.gate.open()
        try waiting.value()
        try encoder.flush()
        #expect(output.timestamps == [0, 1, 2, 3, 4, 5])
        try encoder.close()
    }

    @Test("A video encoder's queue is bounded in bytes as well, whichever bound comes first", .timeLimit(.minutes(1)))
    func bytes() throws {
        let (script, output) = (Script(open: false), Output())
        let limits = QueueLimits(soft: 50, hard: 50, maxBytes: 3 * script.frameBytes + 1)
        let encoder = try encoder(script, output, limits)
        try encoder.submit(script.frame(0))
        #expect(script.gate.isWaitedAt())
        for time in 1...3 as ClosedRange<Int64> { try encoder.encode(script.frame(time)) }
        #expect(failure { try encoder.encode(script.frame(4)) } == "quotaExceeded")
        #expect(encoder.encodeQueueSize == 3)
        let waiting = Background { try encoder.submit(script.frame(5)) }
        script.gate.open()
        try waiting.value()
        try encoder.flush()
        #expect(output.timestamps == [0, 1, 2, 3, 5])
        try encoder.close()
    }

    @Test("A video encoder's queue refuses a frame that it could never hold, and continues", .timeLimit(.minutes(1)))
    func tooLarge() throws {
        let (script, output) = (Script(), Output())
        let encoder = try encoder(script, output, QueueLimits(maxBytes: script.frameBytes - 1))
        #expect(failure { try encoder.submit(script.frame(0)) } == "invalidFrame")
        #expect(failure { try encoder.encode(script.frame(0)) } == "invalidFrame")
        #expect(encoder.state == .configured)
        try encoder.close()
    }

    @Test(
        "A video encoder's queue shrinks when a frame is given to the codec, not when its chunk is output",
        .timeLimit(.minutes(1))
    )
    func queueSize() throws {
        let (script, output) = (Script(open: false, delay: 10), Output())
        let encoder = try encoder(script, output, QueueLimits())
        for time in 0..<3 as Range<Int64> { try encoder.submit(script.frame(time)) }
        #expect(script.gate.isWaitedAt())
        #expect(encoder.encodeQueueSize == 2)
        script.gate.admit(1)
        #expect(eventually { encoder.encodeQueueSize == 1 })
        script.gate.admit(2)
        #expect(eventually { encoder.encodeQueueSize == 0 })
        #expect(output.timestamps == [])
        try encoder.flush()
        #expect(output.timestamps == [0, 1, 2])
        try encoder.close()
    }

    @Test(
        "A video encoder's queue stays within its bounds under many submitting threads, and loses no frame",
        .timeLimit(.minutes(1))
    )
    func stress() throws {
        let (script, output, most) = (Script(delay: 3), Output(), Monitor(0))
        let encoder = VideoEncoder(queue: QueueLimits(soft: 3, hard: 3)) { try output.take($0) }
        try encoder.configure(script.setup())
        let (threads, perThread) = (6, 200)
        let submitters = (0..<threads).map { thread in
            Background {
                for number in 0..<perThread {
                    try encoder.submit(script.frame(Int64(thread * 1000 + number)))
                    let size = encoder.encodeQueueSize
                    most.withLock { $0 = max($0, size) }
                }
            }
        }
        for submitter in submitters { try submitter.value() }
        try encoder.flush()
        #expect(most.withLock { $0 } <= 3)
        for thread in 0..<threads {
            let own = output.timestamps.filter { $0 / 1000 == Int64(thread) }
            #expect(own == (0..<perThread).map { Int64(thread * 1000 + $0) })
        }
        #expect(output.timestamps == script.submitted)
        try encoder.close()
    }

    @Test("A video encoder's queue does not prepare a frame that does not fit", .timeLimit(.minutes(1)))
    func preparation() throws {
        let (script, prepared) = (Script(open: false), Monitor(0))
        let setup = EncoderSetup(
            config: try script.config(),
            prepare: { frame throws(EncoderError) in
                prepared.withLock { $0 += 1 }
                return frame
            },
            makeBackend: { () throws(EncoderError) in try FakeBackend(script) }
        )
        let encoder = VideoEncoder(queue: QueueLimits(soft: 1, hard: 1)) { _ in }
        try encoder.configure(setup)
        try encoder.submit(script.frame(0))
        #expect(script.gate.isWaitedAt())
        try encoder.encode(script.frame(1))
        #expect(failure { try encoder.encode(script.frame(2)) } == "quotaExceeded")
        #expect(prepared.withLock { $0 } == 2, "converting is the dear part, and a busy caller tries again and again")
        script.gate.open()
        try encoder.close()
    }
}
