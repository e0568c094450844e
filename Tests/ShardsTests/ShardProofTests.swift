import Bitstream
import Testing
import VideoTypes

@testable import Shards

@Suite("The check of a shard")
struct ShardProofTests {
    private let rate: FrameRate = 30

    private func chunk(_ frame: Int, isKey: Bool = false) throws -> EncodedVideoChunk {
        let time = try #require(rate.timestamp(ofFrame: frame))
        return EncodedVideoChunk(type: isKey ? .key : .delta, timestamp: time, duration: nil, data: [0])
    }

    private func proof(frames: Int, from first: Int = 100) -> ShardProof {
        ShardProof(ShardPlan.Part(index: 1, firstFrame: first, frames: frames, sha256: ""), rate)
    }

    @Test("The check of a shard requires one chunk for each frame, in decoding order")
    func reordered() throws {
        var proof = proof(frames: 5)
        for (number, frame) in [100, 104, 102, 101, 103].enumerated() {
            try proof.add(chunk(frame, isKey: number == 0))
        }
        try proof.end()
    }

    @Test("The check of a shard refuses a frame that is missing, repeated, of another segment or between two frames")
    func flaws() throws {
        for frames in [[100, 101, 103], [100, 101, 101], [100, 105], [100, 99]] {
            #expect(throws: ShardProof.Flaw.self) {
                var proof = proof(frames: 4)
                for (number, frame) in frames.enumerated() { try proof.add(chunk(frame, isKey: number == 0)) }
                try proof.end()
            }
        }
        var shifted = proof(frames: 4)
        #expect(throws: ShardProof.Flaw.self) {
            try shifted.add(EncodedVideoChunk(type: .key, timestamp: 3_333_334, duration: nil, data: [0]))
        }
        var late = proof(frames: 4)
        #expect(throws: ShardProof.Flaw(reason: "it does not begin with a key frame")) { try late.add(chunk(100)) }
    }

    @Test("The check of a shard takes no memory for the frames that a forged plan claims", .timeLimit(.minutes(1)))
    func claims() throws {
        var proof = proof(frames: 2_000_000_000, from: 0)
        for frame in 0..<1000 { try proof.add(chunk(frame, isKey: frame == 0)) }
        #expect(throws: ShardProof.Flaw(reason: "it has 1000 chunks of 2000000000 frames")) { try proof.end() }
    }

    @Test("The check of a shard reports a missing frame before the frames after it fill the memory")
    func missing() throws {
        var proof = proof(frames: 1000, from: 0)
        try proof.add(chunk(0, isKey: true))
        let error = #expect(throws: ShardProof.Flaw.self) { for frame in 2..<1000 { try proof.add(chunk(frame)) } }
        #expect(error?.reason.hasPrefix("frame 1 is missing") == true)
    }
}
