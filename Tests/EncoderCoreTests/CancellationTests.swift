import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("Cancellation of a task that encodes or decodes", .timeLimit(.minutes(1)))
struct CancellationTests {
    private struct ConsumerFailed: Error {}

    @Test("Cancellation of a task that encodes or decodes ends a flush that would wait for ever (fault H1)")
    func flush() async throws {
        let script = Script(open: false)
        let encoder = AsyncVideoEncoder()
        try await encoder.configure(script.setup())
        try await encoder.encode(script.frame(0))
        let flushing = Task { try await encoder.flush() }
        #expect(script.gate.isWaitedAt())
        flushing.cancel()
        await #expect(throws: CancellationError.self) { try await flushing.value }
        let state = encoder.state
        #expect(state == .configured)
        script.gate.open()
        await encoder.close()
    }

    @Test("Cancellation of a task that encodes or decodes ends a configure that would wait for ever (fault H1)")
    func configure() async throws {
        let script = Script(open: false)
        let encoder = AsyncVideoEncoder()
        try await encoder.configure(script.setup())
        try await encoder.encode(script.frame(0))
        let configuring = Task { try await encoder.configure(script.setup()) }
        #expect(script.gate.isWaitedAt())
        configuring.cancel()
        await #expect(throws: CancellationError.self) { try await configuring.value }
        script.gate.open()
        await encoder.close()
    }

    @Test("Cancellation of a task that encodes or decodes ends a task group whose consumer fails (fault H1)")
    func consumerThrows() async throws {
        let script = Script()
        let encoder = AsyncVideoEncoder(queue: QueueLimits(soft: 1, hard: 1), bufferedChunks: 1)
        try await encoder.configure(script.setup())
        await #expect(throws: (any Error).self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for time in 0..<1000 as Range<Int64> { try await encoder.encode(script.frame(time)) }
                    try await encoder.flush()
                }
                group.addTask {
                    for try await _ in encoder.chunks { throw ConsumerFailed() }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(
        "A dropped consumer needs no cancellation: the encoder fails, and every wait ends (fault H1)"
    )
    func consumerGone() async throws {
        let script = Script()
        let encoder = AsyncVideoEncoder(queue: QueueLimits(soft: 1, hard: 1), bufferedChunks: 1)
        try await encoder.configure(script.setup())
        let consumer = Task { for try await _ in encoder.chunks { break } }
        var reason: (any Error)?
        do {
            for time in 0..<1000 as Range<Int64> { try await encoder.encode(script.frame(time)) }
        } catch EncoderError.output(let own) {
            reason = own
        }
        #expect(reason is ConsumerGone)
        try await consumer.value
        await #expect(throws: EncoderError.self) { try await encoder.flush() }
        let state = encoder.state
        #expect(state == .closed)
    }

    @Test(
        "Cancellation of a task, or a dropped consumer, ends a decoder's waits as well (fault H1)"
    )
    func decoder() async throws {
        let script = Script(open: false)
        let decoder = AsyncVideoDecoder(frames: 1)
        try await decoder.configure(script.setup())
        try await decoder.decode(script.chunk(0))
        let flushing = Task { try await decoder.flush() }
        #expect(script.gate.isWaitedAt())
        flushing.cancel()
        await #expect(throws: CancellationError.self) { try await flushing.value }
        script.gate.open()
        let consumer = Task { for try await _ in decoder.frames { break } }
        try await consumer.value
        await #expect(throws: DecoderError.self) {
            for time in 1..<1000 as Range<Int64> { try await decoder.decode(script.chunk(time)) }
        }
    }
}
