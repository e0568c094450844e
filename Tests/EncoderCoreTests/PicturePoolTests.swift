import EncoderCore
import TestSupport
import Testing
import Threading
import VideoTypes

@Suite("A picture pool")
struct PicturePoolTests {
    private func pool(_ capacity: Int) throws -> PicturePool {
        let layout = try #require(PictureLayout(format: .i420, size: PictureSize(width: 16, height: 16)))
        return PicturePool(layout: layout, capacity: capacity)
    }

    private func address(_ frame: borrowing VideoFrame) -> UInt {
        frame.withBytes { span in span.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
    }

    @Test(
        "A picture pool lends a fixed number of buffers; the next request waits until one is returned",
        .timeLimit(.minutes(1))
    )
    func bound() throws {
        let pool = try pool(2)
        var first: VideoFrame? = try pool.makeFrame(timestamp: 1, duration: 2)
        let second = try pool.makeFrame(timestamp: 3, duration: nil)
        let waiting = Background { try pool.makeFrame(timestamp: 5, duration: nil).timestamp }
        #expect(!eventually({ waiting.isDone }, atMost: .milliseconds(30)))
        if let returned = first.take() { _ = consume returned }
        #expect(try waiting.value() == 5)
        #expect(second.timestamp == 3)
    }

    @Test("A picture pool reuses the same buffers", .timeLimit(.minutes(1)))
    func reuse() throws {
        let pool = try pool(3)
        var addresses: Set<UInt> = []
        for round in 0..<50 {
            let first = try pool.makeFrame(timestamp: 0, duration: nil)
            let second = try pool.makeFrame(timestamp: 1, duration: 9)
            #expect(second.duration == 9)
            addresses.insert(address(first))
            addresses.insert(address(second))
            #expect(addresses.count <= 3, "round \(round)")
        }
    }

    @Test("A picture pool may be dropped before its frames, whose memory stays", .timeLimit(.minutes(1)))
    func lifetime() throws {
        var pool: PicturePool? = try pool(1)
        weak let weakPool = pool
        var frame = try #require(pool).makeFrame(timestamp: 0, duration: nil)
        pool = nil
        #expect(weakPool == nil)
        frame.withMutableBytes { bytes in bytes.storeBytes(of: 7, toByteOffset: bytes.byteCount - 1, as: UInt8.self) }
        let last = frame.withBytes { bytes in bytes.unsafeLoad(fromByteOffset: bytes.byteCount - 1, as: UInt8.self) }
        #expect(last == 7)
    }

    @Test("A picture pool serves many threads at once without lending a buffer twice", .timeLimit(.minutes(1)))
    func threads() throws {
        let (pool, out) = (try pool(3), Monitor<(now: Set<UInt>, twice: Int, most: Int)>(([], 0, 0)))
        let borrowers = (0..<6).map { _ in
            Background {
                for _ in 0..<300 {
                    let frame = try pool.makeFrame(timestamp: 0, duration: nil)
                    let address = frame.withBytes { span in span.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
                    out.withLock { out in
                        if !out.now.insert(address).inserted { out.twice += 1 }
                        out.most = max(out.most, out.now.count)
                    }
                    out.withLock { _ = $0.now.remove(address) }
                }
            }
        }
        for borrower in borrowers { try borrower.value() }
        #expect(out.withLock { $0.twice } == 0)
        #expect(out.withLock { $0.most } <= 3)
    }

    @Test("A picture pool has at least one buffer, and gives frames its layout")
    func least() throws {
        let pool = try pool(-4)
        #expect(pool.capacity == 1)
        let frame = try pool.makeFrame(timestamp: 0, duration: nil)
        let layout = frame.layout
        #expect(layout == pool.layout)
    }

    @Test("A picture pool gets a frame's buffer back as soon as the codec has read it", .timeLimit(.minutes(1)))
    func encoding() throws {
        let (script, output, pool) = (Script(delay: 8), Output(), try pool(1))
        let encoder = VideoEncoder { try output.take($0) }
        try encoder.configure(script.setup())
        let pumping = Background {
            for time in 0..<10 as Range<Int64> {
                try encoder.submit(try pool.makeFrame(timestamp: time, duration: nil))
            }
            try encoder.flush()
        }
        try pumping.value()
        #expect(output.timestamps == Array(0..<10))
        try encoder.close()
    }
}
