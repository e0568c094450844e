/// SplitMix64: random numbers that a printed seed repeats.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A generator with a new seed, which it prints for the test called `name`.
    public init(for name: String) {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of \(name): \(seed)")
        self.init(seed: seed)
    }

    /// A generator with a seed that was printed before.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
