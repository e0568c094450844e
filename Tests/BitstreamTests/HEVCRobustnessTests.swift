import Bitstream
import TestSupport
import Testing

@Suite("Damaged HEVC")
struct HEVCRobustnessTests {
    @Test("Damaged HEVC is an error, never a trap", .timeLimit(.minutes(1)))
    func damaged() throws {
        var random = SeededGenerator(for: "HEVCRobustnessTests.damaged")
        let stream = try HEVCStream(HEVCStream.recipes[3])
        let sps = try HEVCSequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let pps = try HEVCPictureParameterSet(parsing: stream.first(.pictureParameterSet))
        let record = try HEVCDecoderConfigurationRecord(
            vps: stream.first(.videoParameterSet),
            sps: stream.first(.sequenceParameterSet),
            pps: [stream.first(.pictureParameterSet)],
            isComplete: true
        )
        var errors = 0
        for unit in stream.nalUnits + [record.bytes[...]] {
            for _ in 0..<300 {
                var damaged = Array(unit.prefix(200))
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] = .random(in: 0...255, using: &random)
                }
                damaged.removeLast(Int.random(in: 0...min(3, damaged.count), using: &random))
                errors += Self.read(damaged, sps, pps)
            }
        }
        #expect(errors > 1000)
    }

    /// Reads the bytes as everything that they might be; the number of times that they were not.
    private static func read(_ bytes: [UInt8], _ sps: HEVCSequenceParameterSet, _ pps: HEVCPictureParameterSet) -> Int {
        let results: [Any?] = [
            try? HEVCVideoParameterSet(parsing: bytes), try? HEVCSequenceParameterSet(parsing: bytes),
            try? HEVCPictureParameterSet(parsing: bytes),
            try? HEVCSliceHeader(parsing: bytes[...], sps: sps, pps: pps),
            try? HEVCDecoderConfigurationRecord(parsing: bytes), try? sps.profileTierLevel.rewriting(bytes),
        ]
        return results.count { $0 == nil }
    }
}
