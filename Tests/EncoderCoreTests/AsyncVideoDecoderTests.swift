import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A video decoder for tasks")
struct AsyncVideoDecoderTests {
    private func decoder(
        _ script: Script,
        limits: QueueLimits = QueueLimits(),
        frames: Int = 8
    ) async throws -> AsyncVideoDecoder {
        let decoder = AsyncVideoDecoder(queue: limits, frames: frames)
        try await decoder.configure(script.setup())
        return decoder
    }

    private func timestamps(_ decoder: AsyncVideoDecoder) -> Task<[Int64], any Error> {
        let frames = decoder.frames
        return Task {
            var timestamps: [Int64] = []
            for try await element in frames {
                guard let frame = element.take() else { continue }
                timestamps.append(frame.frame.timestamp)
                if let second = element.take() { Issue.record("\(second.frame.timestamp) has two owners") }
            }
            return timestamps
        }
    }

    @Test(
        "A video decoder for tasks delivers every frame of a task that is suspended again and again",
        .timeLimit(.minutes(1)),
        arguments: [1, 3]
    )
    func order(frames: Int) async throws {
        let script = Script(delay: 3)
        let decoder = try await decoder(script, limits: QueueLimits(soft: 1, hard: 1), frames: frames)
        let timestamps = timestamps(decoder)
        for time in 0..<200 as Range<Int64> { try await decoder.decode(script.chunk(time)) }
        try await decoder.flush()
        await decoder.close()
        #expect(try await timestamps.value == Array(0..<200))
        #expect(decoder.state == .closed)
    }

    @Test(
        "A video decoder for tasks reports its failure to all waiting calls and to the consumer of the frames",
        .timeLimit(.minutes(1))
    )
    func failing() async throws {
        let script = Script(failingFrame: 5)
        let decoder = try await decoder(script, limits: QueueLimits(soft: 1, hard: 4))
        let timestamps = timestamps(decoder)
        var reason = ""
        do {
            for time in 0..<1000 as Range<Int64> { try await decoder.decode(script.chunk(time)) }
        } catch let error as DecoderError {
            reason = error.kind
        }
        #expect(reason == "corrupt chunk 5")
        await #expect(throws: DecoderError.self) { try await timestamps.value }
        await #expect(throws: DecoderError.self) { try await decoder.flush() }
        #expect(decoder.state == .closed)
    }

    @Test("A video decoder for tasks refuses a delta chunk at the beginning, and continues", .timeLimit(.minutes(1)))
    func keyRule() async throws {
        let script = Script()
        let decoder = try await decoder(script)
        let timestamps = timestamps(decoder)
        await #expect(throws: DecoderError.self) { try await decoder.decode(script.delta(0)) }
        try await decoder.decode(script.chunk(1))
        try await decoder.flush()
        await decoder.close()
        #expect(try await timestamps.value == [1])
    }

    @Test(
        "A video decoder for tasks can be reset and closed while its frames are not consumed",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func unconsumed(resets: Bool) async throws {
        let script = Script()
        let decoder = try await decoder(script, frames: 1)
        for time in 0..<4 as Range<Int64> { try await decoder.decode(script.chunk(time)) }
        // The second frame has no memory.
        #expect(holdsEventually { script.submitted.count == 2 })
        let isDone = Monitor(false)
        Task {
            if resets { await decoder.reset() } else { await decoder.close() }
            isDone.withLock { $0 = true }
        }
        for _ in 0..<4000 where !isDone.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(isDone.withLock { $0 }, "it waits for a consumer that it may never have")
        // Releases a waiting call.
        _ = timestamps(decoder)
    }

    @Test("A video decoder for tasks ends its frames when it is dropped", .timeLimit(.minutes(1)))
    func dropping() async throws {
        let script = Script()
        var decoder: AsyncVideoDecoder? = try await decoder(script)
        let timestamps = try timestamps(#require(decoder))
        try await decoder?.decode(script.chunk(0))
        try await decoder?.flush()
        decoder = nil
        #expect(try await timestamps.value == [0])
        #expect(holdsEventually { script.open == 0 })
    }

    private func holdsEventually(_ condition: () -> Bool) -> Bool { eventually(condition) }
}
