import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A video encoder for tasks")
struct AsyncVideoEncoderTests {
    private func encoder(
        _ script: Script,
        limits: QueueLimits = QueueLimits(),
        bufferedChunks: Int = 64
    ) async throws -> AsyncVideoEncoder {
        let encoder = AsyncVideoEncoder(queue: limits, bufferedChunks: bufferedChunks)
        try await encoder.configure(script.setup())
        return encoder
    }

    private func timestamps(_ encoder: AsyncVideoEncoder) -> Task<[Int64], any Error> {
        let chunks = encoder.chunks
        return Task {
            var timestamps: [Int64] = []
            for try await chunk in chunks { timestamps.append(chunk.timestamp) }
            return timestamps
        }
    }

    @Test(
        "A video encoder for tasks delivers every frame of a task that is suspended again and again",
        .timeLimit(.minutes(1))
    )
    func order() async throws {
        let script = Script(delay: 3)
        let encoder = try await encoder(script, limits: QueueLimits(soft: 1, hard: 1), bufferedChunks: 1)
        let timestamps = timestamps(encoder)
        for time in 0..<200 as Range<Int64> { try await encoder.encode(script.frame(time)) }
        try await encoder.flush()
        await encoder.close()
        #expect(try await timestamps.value == Array(0..<200))
        #expect(encoder.state == .closed)
    }

    @Test("A video encoder for tasks serves many tasks without growing past its limit", .timeLimit(.minutes(1)))
    func manyTasks() async throws {
        let (script, most) = (Script(), Monitor(0))
        let encoder = try await encoder(script, limits: QueueLimits(soft: 2, hard: 20), bufferedChunks: 4)
        let timestamps = timestamps(encoder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<10 as Range<Int64> {
                group.addTask {
                    for number in 0..<40 as Range<Int64> {
                        try await encoder.encode(script.frame(task * 100 + number))
                        let size = encoder.encodeQueueSize
                        most.withLock { $0 = max($0, size) }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await encoder.flush()
        await encoder.close()
        let all = try await timestamps.value
        #expect(most.withLock { $0 } <= 2)
        for task in 0..<10 as Range<Int64> {
            #expect(all.filter { $0 / 100 == task } == (0..<40).map { task * 100 + $0 })
        }
    }

    @Test(
        "A video encoder for tasks reports its failure to all waiting calls and to the consumer of the chunks",
        .timeLimit(.minutes(1))
    )
    func failing() async throws {
        let script = Script(failingFrame: 5)
        let encoder = try await encoder(script, limits: QueueLimits(soft: 1, hard: 4))
        let timestamps = timestamps(encoder)
        var reason = ""
        do {
            for time in 0..<1000 as Range<Int64> { try await encoder.encode(script.frame(time)) }
        } catch let error as EncoderError {
            reason = error.kind
        }
        #expect(reason == "codec frame 5")
        await #expect(throws: EncoderError.self) { try await timestamps.value }
        await #expect(throws: EncoderError.self) { try await encoder.flush() }
        #expect(encoder.state == .closed)
    }

    @Test(
        "A video encoder for tasks loses no wake-up when tasks that wait for room are cancelled",
        .timeLimit(.minutes(1))
    )
    func cancelling() async throws {
        let script = Script(open: false)
        let encoder = try await encoder(script, limits: QueueLimits(soft: 1, hard: 16))
        let timestamps = timestamps(encoder)
        for time in 0..<2 as Range<Int64> { try await encoder.encode(script.frame(time)) }
        let tasks = (10..<20).map { time in Task { try await encoder.encode(script.frame(Int64(time))) } }
        for task in tasks.prefix(9) { task.cancel() }
        script.gate.open()
        for task in tasks { _ = await task.result }
        await #expect(throws: Never.self) { try await tasks[9].value }
        try await encoder.flush()
        await encoder.close()
        #expect(try await timestamps.value.contains(19))
    }

    @Test(
        "A video encoder for tasks can be reset and closed while its chunks are not consumed",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func unconsumed(resets: Bool) async throws {
        let script = Script()
        let encoder = try await encoder(script, bufferedChunks: 1)
        for time in 0..<4 as Range<Int64> { try await encoder.encode(script.frame(time)) }
        // The second chunk has no place.
        #expect(holdsEventually { script.submitted.count == 2 })
        let isDone = Monitor(false)
        Task {
            if resets { await encoder.reset() } else { await encoder.close() }
            isDone.withLock { $0 = true }
        }
        for _ in 0..<4000 where !isDone.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(isDone.withLock { $0 }, "it waits for a consumer that it may never have")
        #expect(script.misfits == [])
        // Releases a waiting call.
        _ = timestamps(encoder)
    }

    @Test("A video encoder for tasks ends its chunks when it is dropped", .timeLimit(.minutes(1)))
    func dropping() async throws {
        let script = Script()
        var encoder: AsyncVideoEncoder? = try await encoder(script)
        let timestamps = try timestamps(#require(encoder))
        try await encoder?.encode(script.frame(0))
        try await encoder?.flush()
        encoder = nil
        #expect(try await timestamps.value == [0])
        #expect(holdsEventually { script.open == 0 })
    }

    private func holdsEventually(_ condition: () -> Bool) -> Bool { eventually(condition) }
}
