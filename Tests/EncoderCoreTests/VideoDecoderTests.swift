import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A video decoder")
struct VideoDecoderTests {
    private let output = FrameOutput()

    private func decoder(_ script: Script, limits: QueueLimits = QueueLimits()) throws -> VideoDecoder {
        let output = output
        let decoder = VideoDecoder(queue: limits, output: { try output.take($0) })
        try decoder.configure(script.setup())
        return decoder
    }

    @Test("A video decoder needs to be configured first, and reports so", .timeLimit(.minutes(1)))
    func unconfigured() throws {
        let (script, decoder) = (Script(), VideoDecoder(output: { _ in }))
        #expect(decoder.state == .unconfigured)
        #expect(failure { try decoder.submit(script.chunk(0)) } == "invalidState")
        #expect(failure { try decoder.decode(script.chunk(0)) } == "invalidState")
        #expect(failure { try decoder.flush() } == "invalidState")
        #expect((decoder.decodeQueueSize, decoder.isSaturated) == (0, false))
        #expect(decoder.config == nil)
    }

    @Test(
        "A video decoder delivers what the codec holds when it is flushed, and stays configured",
        .timeLimit(.minutes(1))
    )
    func flush() throws {
        let script = Script(delay: 5)
        let decoder = try decoder(script)
        #expect(decoder.config == script.decoderConfig)
        for round in 0..<3 as Range<Int64> {
            try decoder.submit(script.chunk(round * 8))
            for number in 1..<8 as Range<Int64> { try decoder.submit(script.delta(round * 8 + number)) }
            try decoder.flush()
            #expect(output.timestamps == Array(0..<(round + 1) * 8))
            #expect(decoder.state == .configured)
        }
        #expect(script.misfits == [], "a drained codec takes no more chunks")
        try decoder.close()
        #expect(script.open == 0)
    }

    @Test("A video decoder can be flushed twice, and with nothing in it", .timeLimit(.minutes(1)))
    func emptyFlush() throws {
        let script = Script(delay: 2)
        let decoder = try decoder(script)
        for _ in 0..<3 { try decoder.flush() }
        try decoder.submit(script.chunk(0))
        for _ in 0..<3 { try decoder.flush() }
        #expect(output.timestamps == [0])
        try decoder.close()
    }

    @Test(
        "A video decoder requires a key chunk after each configuration, flush and reset, and stays usable",
        .timeLimit(.minutes(1))
    )
    func keyChunks() throws {
        let script = Script()
        let decoder = try decoder(script)
        var time: Int64 = 0
        let steps: [(VideoDecoder) throws -> Void] = [
            { _ in },
            { try $0.flush() },
            { try $0.configure(script.setup()) },
            {
                try $0.flush()
                try $0.reset()
                try $0.configure(script.setup())
            },
        ]
        for step in steps {
            try step(decoder)
            #expect(failure { try decoder.submit(script.delta(1000)) } == "dataError")
            #expect(failure { try decoder.decode(script.delta(1000)) } == "dataError")
            #expect(decoder.state == .configured)
            try decoder.submit(script.chunk(time))
            try decoder.submit(script.delta(time + 1))
            time += 2
        }
        try decoder.flush()
        #expect(output.timestamps == Array(0..<time))
        try decoder.close()
    }

    @Test("A video decoder refuses a wrong key chunk, and stays usable", .timeLimit(.minutes(1)))
    func falseKey() throws {
        let script = Script()
        let decoder = try decoder(script)
        var claimed = script.delta(0)
        claimed.type = .key
        #expect(failure { try decoder.submit(claimed) } == "dataError")
        #expect(failure { try decoder.decode(claimed) } == "dataError")
        try decoder.submit(script.chunk(1))
        // Later, decoding does not have to be able to start here.
        try decoder.submit(claimed)
        try decoder.flush()
        #expect(output.timestamps == [1, 0])
        #expect(script.submitted == [1, 0])
        try decoder.close()
    }

    @Test(
        "A video decoder discards everything when it is reset: no earlier frame appears afterwards",
        .timeLimit(.minutes(1))
    )
    func reset() throws {
        let script = Script(open: false, delay: 1)
        let decoder = try decoder(script)
        for time in 0..<6 as Range<Int64> { try decoder.submit(script.chunk(time)) }
        #expect(script.gate.isWaitedAt())
        let resetting = Background { try decoder.reset() }
        #expect(eventually { decoder.state == .unconfigured })
        script.gate.open()
        try resetting.value()
        let before = output.timestamps.count
        #expect(before <= 1)
        #expect((decoder.decodeQueueSize, script.open) == (0, 0))
        #expect(decoder.config == nil)
        #expect(failure { try decoder.submit(script.chunk(9)) } == "invalidState")
        try decoder.configure(script.setup())
        for time in 10..<12 as Range<Int64> { try decoder.submit(script.chunk(time)) }
        try decoder.flush()
        #expect(output.timestamps.dropFirst(before) == [10, 11])
        try decoder.close()
    }

    @Test(
        "A video decoder wakes all waiting calls when it is reset or closed",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func abort(resets: Bool) throws {
        let script = Script(open: false)
        let decoder = try decoder(script, limits: QueueLimits(soft: 1, hard: 1))
        for time in 0..<2 as Range<Int64> { try decoder.submit(script.chunk(time)) }
        let submitters = (0..<3).map { number in Background { try decoder.submit(script.chunk(Int64(10 + number))) } }
        let flushing = Background { try decoder.flush() }
        let ending = Background { if resets { try decoder.reset() } else { try decoder.close() } }
        #expect(eventually { decoder.state != .configured })
        script.gate.open()
        try ending.value()
        for submitter in submitters {
            let reason = failure { try submitter.value() }
            #expect(["aborted", "invalidState"].contains(reason), "\(reason)")
        }
        #expect(["aborted", "invalidState"].contains(failure { try flushing.value() }))
        #expect(!output.timestamps.contains { $0 >= 1 })
    }

    @Test("A video decoder stays closed, and may be closed again", .timeLimit(.minutes(1)))
    func close() throws {
        let script = Script()
        let decoder = try decoder(script)
        try decoder.submit(script.chunk(0))
        for _ in 0..<3 { try decoder.close() }
        #expect(decoder.state == .closed)
        #expect(script.open == 0)
        #expect(failure { try decoder.submit(script.chunk(1)) } == "invalidState")
        #expect(failure { try decoder.decode(script.chunk(1)) } == "invalidState")
        #expect(failure { try decoder.flush() } == "invalidState")
        #expect(failure { try decoder.configure(script.setup()) } == "invalidState")
        #expect(failure { try decoder.reset() } == "invalidState", "WebCodecs: reset throws when closed")
    }

    @Test("A video decoder decodes what is queued under the old configuration first", .timeLimit(.minutes(1)))
    func reconfiguring() throws {
        let small = Script(open: false, delay: 2, tag: 1)
        let large = Script(size: PictureSize(width: 64, height: 64), tag: 2)
        let decoder = try decoder(small)
        for time in 0..<5 as Range<Int64> { try decoder.submit(small.chunk(time)) }
        let configuring = Background { try decoder.configure(large.setup()) }
        small.gate.open()
        try configuring.value()
        #expect(output.timestamps == [0, 1, 2, 3, 4])
        for time in 5..<8 as Range<Int64> { try decoder.submit(large.chunk(time)) }
        try decoder.flush()
        #expect(output.timestamps == Array(0..<8))
        #expect(output.tags == Array(repeating: 1, count: 5) + Array(repeating: 2, count: 3))
        #expect(decoder.config?.codedWidth == 64)
        try decoder.close()
        #expect((small.open, large.open) == (0, 0))
    }

    @Test(
        "A video decoder leaves no thread, backend or frame when it is dropped without being closed",
        .timeLimit(.minutes(1))
    )
    func dropped() throws {
        let script = Script(delay: 3)
        for round in 0..<20 {
            var decoder: VideoDecoder? = try decoder(script)
            for time in 0..<5 as Range<Int64> { try decoder?.submit(script.chunk(time)) }
            weak let weakDecoder = decoder
            decoder = nil
            #expect(weakDecoder == nil)
            #expect(script.record.withLock { $0.dropped } == round + 1)
        }
    }
}

@Suite("A video decoder's queue")
struct DecoderBackpressureTests {
    private func decoder(
        _ script: Script,
        _ output: FrameOutput,
        _ limits: QueueLimits
    ) throws -> VideoDecoder {
        let decoder = VideoDecoder(queue: limits, output: { try output.take($0) })
        try decoder.configure(script.setup())
        return decoder
    }

    @Test(
        "A video decoder's queue has submit wait at the soft limit, and decode throw at the hard one",
        .timeLimit(.minutes(1))
    )
    func limits() throws {
        let (script, output) = (Script(open: false), FrameOutput())
        let decoder = try decoder(script, output, QueueLimits(soft: 2, hard: 4))
        try decoder.submit(script.chunk(0))
        #expect(script.gate.isWaitedAt())
        for time in [1, 2] as [Int64] { try decoder.submit(script.chunk(time)) }
        #expect(decoder.isSaturated)
        let waiting = Background { try decoder.submit(script.chunk(5)) }
        for time in [3, 4] as [Int64] { try decoder.decode(script.chunk(time)) }
        for _ in 0..<3 {
            let error = #expect(throws: DecoderError.self) { try decoder.decode(script.chunk(9)) }
            guard case .quotaExceeded(4, 40)? = error else {
                Issue.record("\(error?.kind ?? "nothing")")
                continue
            }
            #expect(decoder.decodeQueueSize == 4)
        }
        #expect(!waiting.isDone)
        script.gate.open()
        try waiting.value()
        try decoder.flush()
        #expect(output.timestamps == [0, 1, 2, 3, 4, 5])
        try decoder.close()
    }

    @Test("A video decoder's queue is bounded in bytes as well, whichever bound comes first", .timeLimit(.minutes(1)))
    func bytes() throws {
        let (script, output) = (Script(open: false), FrameOutput())
        let decoder = try decoder(script, output, QueueLimits(soft: 50, hard: 50, maxBytes: 300))
        try decoder.submit(script.chunk(0))
        #expect(script.gate.isWaitedAt())
        for time in 1...3 as ClosedRange<Int64> { try decoder.decode(script.chunk(time, bytes: 100)) }
        #expect(failure { try decoder.decode(script.chunk(4)) } == "quotaExceeded")
        #expect(decoder.decodeQueueSize == 3)
        #expect(failure { try decoder.submit(script.chunk(9, bytes: 301)) } == "dataError", "it could never hold it")
        #expect(decoder.state == .configured)
        let waiting = Background { try decoder.submit(script.chunk(5, bytes: 300)) }
        script.gate.open()
        try waiting.value()
        try decoder.flush()
        #expect(output.timestamps == [0, 1, 2, 3, 5])
        try decoder.close()
    }

    @Test(
        "A video decoder's queue shrinks when a chunk is given to the codec, not when its frame is output",
        .timeLimit(.minutes(1))
    )
    func queueSize() throws {
        let (script, output) = (Script(open: false, delay: 10), FrameOutput())
        let decoder = try decoder(script, output, QueueLimits())
        for time in 0..<3 as Range<Int64> { try decoder.submit(script.chunk(time)) }
        #expect(script.gate.isWaitedAt())
        #expect(decoder.decodeQueueSize == 2)
        script.gate.admit(2)
        #expect(eventually { decoder.decodeQueueSize == 0 })
        #expect(output.timestamps == [])
        script.gate.open()
        try decoder.flush()
        #expect(output.timestamps == [0, 1, 2])
        try decoder.close()
    }
}

@Suite("A video decoder's frames")
struct DecoderFramesTests {
    @Test(
        "A video decoder's frames have a maximum number: decoding waits for one to be dropped",
        .timeLimit(.minutes(1))
    )
    func bound() throws {
        let (script, output) = (Script(), FrameOutput(keepsFrames: true))
        let decoder = VideoDecoder(frames: 3, output: { try output.take($0) })
        try decoder.configure(script.setup())
        for time in 0..<10 as Range<Int64> { try decoder.submit(script.chunk(time)) }
        #expect(output.waits(for: 3))
        let flushing = Background { try decoder.flush() }
        for dropped in 0..<7 {
            #expect(!eventually({ output.timestamps.count > 3 + dropped }, atMost: .milliseconds(20)))
            output.drop(1)
            #expect(output.waits(for: 4 + dropped))
        }
        try flushing.value()
        #expect(output.timestamps == Array(0..<10))
        try decoder.close()
        output.drop()
    }

    @Test(
        "A video decoder's frames that are kept do not prevent resetting or closing",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func ending(resets: Bool) throws {
        let (script, output, failures) = (Script(), FrameOutput(keepsFrames: true), Monitor([String]()))
        let decoder = VideoDecoder(
            frames: 1,
            output: { try output.take($0) },
            error: { error in failures.withLock { $0.append(error.kind) } }
        )
        try decoder.configure(script.setup())
        for time in 0..<4 as Range<Int64> { try decoder.submit(script.chunk(time)) }
        #expect(eventually { script.submitted.count == 2 })
        let flushing = Background { try decoder.flush() }
        let ending = Background { if resets { try decoder.reset() } else { try decoder.close() } }
        try ending.value()
        #expect(["aborted", "invalidState"].contains(failure { try flushing.value() }))
        #expect(failures.withLock { $0 } == [], "to be ended is no failure")
        #expect(output.timestamps == [0])
        #expect(script.open == 0)
        guard resets else { return }
        // The bound is the decoder's, not the session's.
        try decoder.configure(script.setup())
        try decoder.submit(script.chunk(7))
        #expect(!eventually({ output.timestamps.count > 1 }, atMost: .milliseconds(50)))
        output.drop()
        try decoder.flush()
        #expect(output.timestamps == [0, 7])
        try decoder.close()
    }

    @Test("A video decoder's frames outlive their decoder", .timeLimit(.minutes(1)))
    func outliving() throws {
        let (script, frames) = (Script(tag: 9), Monitor([FrameOutput.Box]()))
        var decoder: VideoDecoder? = VideoDecoder(output: { frame in
            let box = FrameOutput.Box(frame)
            frames.withLock { $0.append(box) }
        })
        try decoder?.configure(script.setup())
        for time in 0..<3 as Range<Int64> { try decoder?.submit(script.chunk(time)) }
        try decoder?.flush()
        decoder = nil
        let kept = frames.withLock { $0 }
        #expect(kept.count == 3)
        for box in kept {
            #expect(box.frame.frame.withBytes { $0.unsafeLoad(fromByteOffset: 0, as: UInt8.self) } == 9)
        }
    }

    @Test("A video decoder's frames reuse the same memory, and may change their size", .timeLimit(.minutes(1)))
    func memory() throws {
        let addresses = Monitor(Set<UInt>())
        let decoder = VideoDecoder(
            frames: 2,
            output: { frame in
                let address = frame.frame.withBytes { bytes in
                    bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
                }
                addresses.withLock { _ = $0.insert(address) }
            }
        )
        for side in [16, 640, 16] {
            let script = Script(size: PictureSize(width: side, height: side))
            try decoder.configure(script.setup())
            addresses.withLock { $0 = [] }
            for time in 0..<50 as Range<Int64> { try decoder.submit(script.chunk(time)) }
            try decoder.flush()
            #expect(addresses.withLock { $0.count } == 1, "one is out at a time, and its memory is used again")
        }
        try decoder.close()
    }
}
