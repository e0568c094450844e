import Foundation
import TestSupport
import Testing

/// Random encodes for as long as `SOAK_SECONDS` says; three seconds where it says nothing.
@Suite("A soak")
struct SoakTests {
    @Test("of random configurations, frames, reconfigurations, resets and failures loses and invents nothing")
    func rounds() throws {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["SOAK_SECONDS"].flatMap(Double.init) ?? 3
        let seed = environment["SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)
        print("a soak of \(seconds) s, SEED=\(seed)")
        let end = Date(timeIntervalSinceNow: seconds)
        var (round, encoded, memory) = (0, 0, 0)
        while Date() < end {
            // Each round has a generator of its own, so that one can be repeated without those before it.
            let number = seed &+ UInt64(round)
            var chance = SeededGenerator(seed: number)
            var play = EncoderPlay(&chance)
            do {
                encoded += try play.run(&chance)
            } catch {
                Issue.record("round \(round) (SEED=\(number)), \(play.config): \(error)")
                return
            }
            round += 1
            if round == 200 { memory = residentBytes() }
        }
        print("\(round) rounds, \(encoded) frames")
        // Heaps of threads that have ended are kept by the C library; a leak of a picture a round would be far more.
        if round > 400 { #expect(residentBytes() - memory < 200 << 20, "grew by \(residentBytes() - memory) bytes") }
    }
}
