/// Frames a second, as an exact fraction in lowest terms.
public struct FrameRate: Hashable, Sendable {
    /// Frames in `denominator` seconds, 1 or more.
    public let numerator: Int
    /// Seconds, 1 or more.
    public let denominator: Int

    /// The largest numerator and denominator that is taken. With both below 2^31, no time of a frame that a run can
    /// reach overflows 64 bits unnoticed.
    public static let limit = Int(Int32.max)

    /// A rate in lowest terms; `nil` unless both numbers are in `1...limit` and the rate is at most 10,000.
    public init?(_ numerator: Int, _ denominator: Int = 1) {
        let allowed = 1...Self.limit
        guard allowed.contains(numerator), allowed.contains(denominator) else { return nil }
        guard numerator / denominator <= 10_000 else { return nil }
        let divisor = greatestCommonDivisor(numerator, denominator)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    private init(perSecond: Int) { (numerator, denominator) = (perSecond, 1) }

    /// 30 frames a second.
    public static let thirty = FrameRate(perSecond: 30)

    /// The rate as a floating point number, for messages and estimates; never for time.
    public var approximate: Double { Double(numerator) / Double(denominator) }

    /// The time of a frame in microseconds, rounded to the nearest; computed from the frame's number each time, so that
    /// no error adds up. `nil` on overflow, which no input that ends within 290,000 years can reach.
    public func timestamp(ofFrame frame: Int) -> Int64? {
        let (ticks, overflow) = (denominator * 1_000_000).multipliedReportingOverflow(by: frame)
        guard !overflow, frame >= 0 else { return nil }
        let (quotient, remainder) = ticks.quotientAndRemainder(dividingBy: numerator)
        return Int64(quotient + (remainder >= numerator - remainder ? 1 : 0))
    }

    /// The time from this frame to the next in microseconds, as the difference of their timestamps.
    public func duration(ofFrame frame: Int) -> Int64? {
        guard let start = timestamp(ofFrame: frame), let end = timestamp(ofFrame: frame + 1) else { return nil }
        return end - start
    }
}

extension FrameRate: LosslessStringConvertible {
    /// `30` or `30000/1001`.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    /// Reads `30`, `30000/1001` or `23.976`. The decimal forms of the NTSC rates (`23.976`, `29.97`, `59.94`, `119.88`,
    /// with more digits or fewer) mean the fractions over 1001 that people call by these names.
    public init?(_ description: String) {
        if let fraction = Self.fraction(description) ?? Self.decimalFraction(description) {
            self = fraction
        } else {
            return nil
        }
    }

    private static func fraction(_ text: String) -> FrameRate? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let numerator = decimal(parts[0]) else { return nil }
        guard parts.count == 2 else { return FrameRate(numerator) }
        guard let denominator = decimal(parts[1]) else { return nil }
        return FrameRate(numerator, denominator)
    }

    private static func decimalFraction(_ text: String) -> FrameRate? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count <= 6 else { return nil }
        guard let whole = decimal(parts[0]), let digits = decimal(parts[1]), whole <= 10_000 else { return nil }
        let scale = parts[1].reduce(1) { scale, _ in scale * 10 }
        let (value, nominal) = (whole * scale + digits, whole + 1)
        // 23.976 is 24000/1001 cut or rounded at the last digit that was written.
        let ntsc = nominal * 1000 * scale
        let isNTSC = scale >= 100 && (value * 1001 <= ntsc + 1001) && (ntsc <= value * 1001 + 1001)
        return isNTSC ? FrameRate(nominal * 1000, 1001) : FrameRate(value, scale)
    }
}

/// The greatest common divisor of two positive numbers.
func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}
