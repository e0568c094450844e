/// How the sum of some samples becomes one sample: `(sum * numerator + offset) / denominator`, rounded down; exact in
/// whole numbers, so that it rounds once.
struct SampleScale: Hashable, Sendable {
    let numerator: Int
    let offset: Int
    let denominator: Int

    /// The ratio of two ranges, with one value that is the same color in both.
    ///
    /// - Parameters:
    ///   - ratio: The number of target values for a number of source values.
    ///   - source: A source value.
    ///   - target: What it becomes.
    ///   - count: How many source samples are summed up.
    private init(_ ratio: (target: Int, source: Int), from source: Int, to target: Int, count: Int) {
        let common = Self.greatestCommonDivisor(ratio.target, ratio.source)
        let numerator = ratio.target / common
        let denominator = ratio.source / common * count
        self.numerator = numerator
        self.denominator = denominator
        offset = target * denominator - source * count * numerator + denominator / 2
    }

    /// YUV of another depth (H.273 equations 24 to 35). In limited range all values move by whole bits; in full range
    /// luma stretches from 0, and chroma around its middle.
    static func depth(from: Int, to: Int, fullRange: Bool, isChroma: Bool, count: Int) -> SampleScale {
        guard fullRange else { return SampleScale((1 << to, 1 << from), from: 0, to: 0, count: count) }
        let middle = isChroma ? 1 : 0
        return SampleScale(
            ((1 << to) - 1, (1 << from) - 1),
            from: middle << (from - 1),
            to: middle << (to - 1),
            count: count
        )
    }

    /// Full-range gray to luma.
    static func gray(from: Int, to depth: Int, fullRange: Bool) -> SampleScale {
        let range = fullRange ? (1 << depth) - 1 : 219 << (depth - 8)
        return SampleScale((range, (1 << from) - 1), from: 0, to: fullRange ? 0 : 16 << (depth - 8), count: 1)
    }

    /// Luma to full-range gray.
    static func luma(from: Int, fullRange: Bool, to depth: Int) -> SampleScale {
        let range = fullRange ? (1 << from) - 1 : 219 << (from - 8)
        return SampleScale(((1 << depth) - 1, range), from: fullRange ? 0 : 16 << (from - 8), to: 0, count: 1)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
