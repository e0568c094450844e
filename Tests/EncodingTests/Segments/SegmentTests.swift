import Jobs
import TestSupport
import Testing
import Threading
import VideoTypes

@testable import Encoding

@Suite("Segments")
struct SegmentTests {
    @Test("Segments cover all frames, in order, without a gap")
    func cover() {
        for (total, length) in [
            (1, 1), (1, 10), (10, 10), (11, 10), (14, 10), (15, 10), (250, 120), (119, 120), (9, 1),
        ] {
            let segments = Segmentation(segmentFrames: length, keyFrameInterval: nil).segments(ofFrames: total)
            #expect(segments.flatMap { Array($0.firstFrame..<($0.firstFrame + $0.frames)) } == Array(0..<total))
            #expect(segments.map(\.index) == Array(segments.indices))
            #expect(segments.dropLast().allSatisfy { $0.frames == length })
            #expect(segments.count == 1 || segments.last.map { $0.frames * 2 >= length } == true)
        }
    }

    @Test("Segments are whole key frame intervals of 120 frames or more, unless specified")
    func usualLength() {
        let lengths = [nil, 1, 30, 50, 120, 250].map {
            Segmentation(segmentFrames: nil, keyFrameInterval: $0).segmentFrames
        }
        #expect(lengths == [120, 120, 120, 150, 120, 250])
        #expect(Segmentation(segmentFrames: 7, keyFrameInterval: 50).segmentFrames == 7)
    }
}

@Suite("An assembly of segments")
struct SegmentAssemblyTests {
    private static func chunk(_ time: Int64, bytes: Int = 10) -> EncodedVideoChunk {
        EncodedVideoChunk(type: .delta, timestamp: time, duration: nil, data: [UInt8](repeating: 0, count: bytes))
    }

    private static func assembly(
        _ maxBytes: Int,
        write: @escaping @Sendable (EncodedVideoChunk) -> Void
    ) -> SegmentAssembly {
        let config = EncoderConfig(codec: .lowest(.vp8), width: 16, height: 16)
        return SegmentAssembly(maxBytes: maxBytes, order: SegmentOrder(config, codec: .vp8), write: write)
    }

    @Test(
        "An assembly of segments writes chunks in order, and never holds more than its limit",
        .timeLimit(.minutes(1))
    )
    func order() throws {
        let (segments, length, workers) = (40, 20, 4)
        let written = Monitor<[Int64]>([])
        let assembly = Self.assembly(300) { chunk in written.withLock { $0.append(chunk.timestamp) } }
        let next = Monitor(0)
        let threads = WorkerThreads()
        for _ in 0..<workers {
            try threads.start(name: "worker") {
                while true {
                    let segment = next.withLock { next in
                        next += 1
                        return next - 1
                    }
                    guard segment < segments else { return }
                    for place in 0..<length {
                        try? assembly.deliver(Self.chunk(Int64(segment * length + place)), of: segment)
                    }
                    try? assembly.end(segment, isWhole: true)
                }
            }
        }
        threads.join()
        #expect(written.withLock { $0 } == (0..<Int64(segments * length)).map { $0 })
    }

    @Test("An assembly of segments ends with the first incomplete segment")
    func brokenOff() throws {
        let written = Monitor<[Int64]>([])
        let assembly = Self.assembly(1000) { chunk in written.withLock { $0.append(chunk.timestamp) } }
        try assembly.deliver(Self.chunk(20), of: 2)
        try assembly.end(2, isWhole: true)
        try assembly.deliver(Self.chunk(10), of: 1)
        try assembly.end(1, isWhole: false)
        try assembly.deliver(Self.chunk(0), of: 0)
        try assembly.end(0, isWhole: true)
        #expect(written.withLock { $0 } == [0, 10])
    }

    @Test("An assembly of segments refuses times that do not increase, and parameter sets that change")
    func mismatch() throws {
        let assembly = Self.assembly(1000) { _ in }
        try assembly.deliver(Self.chunk(10), of: 0)
        try assembly.end(0, isWhole: true)
        #expect(throws: SegmentMismatch.self) { try assembly.deliver(Self.chunk(10), of: 1) }

        var config = DecoderConfig(
            codec: "vp8",
            codedWidth: 16,
            codedHeight: 16,
            pixelAspectRatio: .square,
            colorSpace: .bt709,
            description: nil
        )
        let order = SegmentOrder(EncoderConfig(codec: .lowest(.vp8), width: 16, height: 16), codec: .vp8)
        var first = Self.chunk(0)
        first.decoderConfig = config
        #expect(try order.checked(first).decoderConfig == config)
        var second = Self.chunk(1)
        second.decoderConfig = config
        #expect(try order.checked(second).decoderConfig == nil)
        config.codedWidth = 32
        second.timestamp = 2
        second.decoderConfig = config
        #expect(throws: SegmentMismatch.self) { try order.checked(second) }
    }

    @Test("An assembly of segments wakes waiting threads when it is cancelled", .timeLimit(.minutes(1)))
    func cancel() throws {
        let assembly = Self.assembly(10) { _ in }
        try assembly.deliver(Self.chunk(10), of: 1)
        let threads = WorkerThreads()
        let failed = Monitor(false)
        try threads.start(name: "waiter") {
            do { try assembly.deliver(Self.chunk(11), of: 1) } catch { failed.withLock { $0 = true } }
        }
        assembly.cancel()
        threads.join()
        #expect(failed.withLock { $0 })
    }
}

@Suite("Bounds of segments")
struct SegmentBoundsTests {
    @Test("Bounds of segments of a stream hold all segments but the one that is written")
    func stream() throws {
        var bounds = PipelineBounds()
        bounds.maxBytes = 100 << 20
        let found = try SegmentBounds(
            stream: bounds,
            workers: 3,
            segmentation: Segmentation(segmentFrames: 10, keyFrameInterval: nil),
            pictureBytes: 1 << 20,
            scratchBytes: 0
        )
        #expect(found.pictures >= 28)
        #expect(found.pictures << 20 + found.waitingBytes + found.outputBytes <= 100 << 20)
        #expect(throws: JobError.self) {
            try SegmentBounds(
                stream: bounds,
                workers: 12,
                segmentation: Segmentation(segmentFrames: 10, keyFrameInterval: nil),
                pictureBytes: 1 << 20,
                scratchBytes: 0
            )
        }
    }

    @Test("Bounds of segments of a file hold three pictures for each encoder, and keep the requested limits")
    func ranges() throws {
        var bounds = PipelineBounds()
        for megabytes in [20, 40, 400] {
            bounds.maxBytes = megabytes << 20
            let found = try SegmentBounds(ranges: bounds, workers: 4, pictureBytes: 1 << 20, scratchBytes: 1 << 10)
            #expect(found.pictures >= 3)
            let all = 4 * (found.pictures << 20 + 1 << 10) + found.waitingBytes + found.outputBytes
            #expect(all <= megabytes << 20)
        }
        bounds.maxBytes = 10 << 20
        #expect(throws: JobError.self) {
            try SegmentBounds(ranges: bounds, workers: 4, pictureBytes: 1 << 20, scratchBytes: 1 << 10)
        }
    }

    @Test("Bounds of segments report the needed memory, and suggest fewer encoders only if there are several")
    func refusals() {
        var bounds = PipelineBounds()
        bounds.maxBytes = 1 << 20
        func refused(_ workers: Int) -> String {
            refusal { try SegmentBounds(ranges: bounds, workers: workers, pictureBytes: 1 << 20, scratchBytes: 0) }
        }
        let one = "1048576 bytes are too little for 1 encoder that holds 3 pictures (use maxBytes 4194305)"
        let two =
            "2 encoders that each hold 3 pictures (use maxBytes 8388609, or a lower parallel)"
        #expect(refused(1).contains(one))
        #expect(refused(2).contains(two))
        let stream = refusal {
            try SegmentBounds(
                stream: bounds,
                workers: 1,
                segmentation: Segmentation(segmentFrames: 10, keyFrameInterval: nil),
                pictureBytes: 1 << 20,
                scratchBytes: 0
            )
        }
        #expect(stream.contains("half a segment of 10 pictures, which must wait"))
    }
}
