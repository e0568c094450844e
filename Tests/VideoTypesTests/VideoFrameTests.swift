import Synchronization
import Testing
import VideoTypes

@Suite("A plane buffer")
struct PlaneBufferTests {
    /// Counts what comes back to it, and keeps one buffer.
    private final class Pool: PlaneBufferPool {
        private let kept = Mutex<PlaneBuffer?>(nil)
        private let returns = Mutex(0)

        var count: Int { returns.withLock { $0 } }

        func reclaim(_ buffer: consuming PlaneBuffer) {
            var buffer: PlaneBuffer? = consume buffer
            kept.withLock { $0 = buffer.take() }
            returns.withLock { $0 += 1 }
        }

        func take() -> PlaneBuffer? { kept.withLock { $0.take() } }
    }

    private func bytes(_ buffer: borrowing PlaneBuffer) -> [UInt8] {
        buffer.withBytes { span in span.withUnsafeBytes { Array($0) } }
    }

    @Test("A plane buffer holds what it was made of, aligned to 64 bytes", arguments: [0, 1, 63, 4096])
    func copying(count: Int) {
        let source = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let buffer = PlaneBuffer(copying: source)
        #expect(buffer.byteCount == count)
        #expect(bytes(buffer) == source)
        let address = buffer.withBytes { span in span.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
        #expect(address % 64 == 0)
    }

    @Test("A plane buffer can be written")
    func writing() {
        var buffer = PlaneBuffer(copying: [1, 2, 3])
        buffer.withMutableBytes { $0.storeBytes(of: 9, toByteOffset: 1, as: UInt8.self) }
        #expect(bytes(buffer) == [1, 9, 3])
    }

    @Test("A plane buffer goes back to its pool with its bytes when it is dropped, once")
    func pool() throws {
        let pool = Pool()
        do {
            var buffer = PlaneBuffer(copying: [5, 6])
            buffer.pool = pool
            #expect(pool.count == 0)
        }
        #expect(pool.count == 1)
        guard let buffer = pool.take() else {
            Issue.record("nothing came back")
            return
        }
        let (content, hasPool) = (bytes(buffer), buffer.pool != nil)
        #expect(content == [5, 6])
        #expect(!hasPool, "the pool would get it twice")
        #expect(pool.count == 1)
    }

    @Test("A plane buffer goes back to its pool when its frame is dropped")
    func frame() throws {
        let pool = Pool()
        let layout = try #require(PictureLayout(format: .gray8, size: PictureSize(width: 4, height: 4)))
        do {
            var buffer = PlaneBuffer(byteCount: 16)
            buffer.pool = pool
            let frame = VideoFrame(layout: layout, buffer: buffer, timestamp: 0)
            #expect(frame.timestamp == 0)
        }
        #expect(pool.count == 1)
    }
}

@Suite("A video frame")
struct VideoFrameTests {
    @Test("A video frame has its format, size, times and bytes")
    func members() throws {
        let bytes = (0..<27).map { UInt8($0) }
        let frame = try VideoFrame(format: .i420, width: 5, height: 3, timestamp: -7, duration: 40, bytes: bytes)
        #expect((frame.timestamp, frame.duration) == (-7, 40))
        #expect((frame.format, frame.size.width, frame.size.height) == (.i420, 5, 3))
        #expect(frame.withBytes { span in span.withUnsafeBytes { Array($0) } } == bytes)
    }

    @Test("A video frame needs exactly the bytes of one picture", arguments: [0, 26, 28])
    func byteCount(count: Int) {
        let error = #expect(throws: FrameError.self) {
            let bytes = [UInt8](repeating: 0, count: count)
            _ = try VideoFrame(format: .i420, width: 5, height: 3, timestamp: 0, bytes: bytes)
        }
        #expect(error?.description == "a 5x3 i420 frame has 27 bytes, not \(count)")
    }

    @Test("A video frame needs a size", arguments: [(0, 1), (1, -1), (16385, 1), (Int.max, Int.max)])
    func size(width: Int, height: Int) {
        let error = #expect(throws: FrameError.self) {
            _ = try VideoFrame(format: .rgba, width: width, height: height, timestamp: 0, bytes: [])
        }
        #expect(error?.description == "invalid frame size \(width)x\(height) (each side must be in 1...16384)")
    }
}
