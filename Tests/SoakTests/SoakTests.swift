import CPosix
import Foundation
import TestSupport
import Testing

/// Random encodes for `SOAK_SECONDS`; by default for three seconds.
@Suite("A soak")
struct SoakTests {
    @Test("A soak of random configurations, frames, reconfigurations, resets and failures loses and invents nothing")
    func rounds() throws {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["SOAK_SECONDS"].flatMap(Double.init) ?? 3
        let seed = environment["SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)
        print("a soak of \(seconds) s, SEED=\(seed)")
        let end = Date(timeIntervalSinceNow: seconds)
        // What is allocated and not given back, by rounds without libx265 and by those with it.
        var (round, encoded, growth, growthOfX265) = (0, 0, 0, 0)
        while Date() < end {
            let before = Int(cposix_allocated_bytes())
            guard let played = Self.play(round, seed: seed &+ UInt64(round)) else { return }
            encoded += played.frames
            round += 1
            // What is made once, such as tables, is there by then.
            guard round > 200 else { continue }
            let change = Int(cposix_allocated_bytes()) - before
            if played.usesX265 { growthOfX265 += change } else { growth += change }
        }
        let resident = residentBytes() >> 20
        print(
            "\(round) rounds, \(encoded) frames; memory: \(growth >> 10) KiB more, and \(growthOfX265 >> 10) by libx265;"
                + " \(resident) MiB resident with what heaps keep"
        )
        #expect(growth < 32 << 20, "grew by \(growth) bytes")
        #expect(growthOfX265 < max(1, round) * 64 << 10, "libx265 forgot \(growthOfX265) bytes in \(round) rounds")
    }

    /// One round; `nil` after a failure, which was reported. Its own generator lets it be repeated without earlier rounds.
    private static func play(_ round: Int, seed: UInt64) -> (frames: Int, usesX265: Bool)? {
        var chance = SeededGenerator(seed: seed)
        var play = EncoderPlay(&chance)
        do {
            let frames = try play.run(&chance)
            return (frames, play.usesX265)
        } catch {
            Issue.record("round \(round) (SEED=\(seed)), \(play.config): \(error)")
            return nil
        }
    }
}
