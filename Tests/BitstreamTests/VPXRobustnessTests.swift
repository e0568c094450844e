import Bitstream
import TestSupport
import Testing

@Suite("Damaged frames of VP8 and VP9")
struct VPXRobustnessTests {
    @Test("Damaged frames of VP8 and VP9 are an error or a value, and never a trap", .timeLimit(.minutes(1)))
    func neverTraps() throws {
        var generator = SeededGenerator(for: "VPX robustness")
        let vp8 = try VPXStreams.frames("--codec=vp8 --passes=1", count: 4)
        let vp9 = try VPXStreams.frames("--codec=vp9 --passes=1", count: 4)
        for _ in 0..<10_000 {
            refuseOrRead { _ = try VP8FrameHeader(parsing: damaged(vp8, &generator)) }
            refuseOrRead {
                for frame in try VP9Superframe.split(damaged(vp9, &generator)) {
                    _ = try VP9FrameHeader(parsing: frame)
                }
            }
            refuseOrRead { _ = try VP9Superframe.split(generator.bytes(upTo: 20) + [0xC9]) }
        }
    }

    @Test("Damaged frames of VP8 and VP9 are refused wherever they end within the header")
    func truncated() throws {
        let vp8 = try VPXStreams.frames("--codec=vp8 --passes=1", count: 2)
        let vp9 = try VPXStreams.frames("--codec=vp9 --passes=1", count: 2)
        for length in 0..<10 {
            #expect(throws: BitstreamError.self) { try VP8FrameHeader(parsing: Array(vp8[0].prefix(length))) }
        }
        for length in 0..<10 {
            #expect(throws: BitstreamError.self) { try VP9FrameHeader(parsing: vp9[0].prefix(length)) }
        }
        #expect(throws: BitstreamError.self) { try VP9Superframe.split([]) }
    }

    private func refuseOrRead(_ body: () throws -> Void) {
        do { try body() } catch { #expect(error is BitstreamError, "\(error)") }
    }

    private func damaged(_ valid: [[UInt8]], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array((valid.randomElement(using: &generator) ?? []).prefix(60))
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            guard let place = bytes.indices.randomElement(using: &generator) else { return bytes }
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = .random(in: 0...255, using: &generator)
            case 2: bytes.remove(at: place)
            default: bytes.removeLast(bytes.count - place)
            }
        }
        return bytes
    }
}
