/// Frames a second, as an exact fraction in lowest terms.
public struct FrameRate: Hashable, Sendable {
    /// Frames in `denominator` seconds, 1 or more.
    public let numerator: Int
    /// Seconds, 1 or more.
    public let denominator: Int

    /// The largest numerator and denominator that is taken.
    public static let limit = Int(Int32.max)

    /// A rate in lowest terms; `nil` unless both numbers are in `1...limit` and the rate is at most 10,000.
    public init?(_ numerator: Int, _ denominator: Int = 1) {
        let allowed = 1...Self.limit
        guard allowed.contains(numerator), allowed.contains(denominator) else { return nil }
        guard numerator <= 10_000 * denominator else { return nil }
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
    /// no error adds up. `nil` for a negative frame, and for a time over 63 bits (290,000 years).
    public func timestamp(ofFrame frame: Int) -> Int64? {
        guard frame >= 0 else { return nil }
        let product = UInt(denominator * 1_000_000).multipliedFullWidth(by: UInt(frame))
        let divisor = UInt(numerator)
        guard product.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return Int64(exactly: quotient + (remainder >= divisor - remainder ? 1 : 0))
    }

    /// The number of frames from the first on that begin, and whose next ones begin, within this number of microseconds.
    package func frames(within microseconds: Int64) -> Int {
        let product = UInt(max(0, microseconds)).multipliedFullWidth(by: UInt(numerator))
        let divisor = UInt(denominator) * 1_000_000
        guard product.high < divisor else { return .max }
        return max(1, Int(clamping: divisor.dividingFullWidth(product).quotient)) - 1
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
        // 23.976 is 24000/1001, and 29.97 is 30000/1001, cut or rounded at the last digit that was written.
        let (cut, rest) = (nominal * 1000 * scale).quotientAndRemainder(dividingBy: 1001)
        let isNominal = nominal > 0 && (nominal % 12 == 0 || nominal % 15 == 0)
        let isNTSC = scale >= 100 && isNominal && (value == cut || (value == cut + 1 && rest * 2 >= 1001))
        return isNTSC ? FrameRate(nominal * 1000, 1001) : FrameRate(value, scale)
    }
}

extension FrameRate: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// `30`; the process ends for a literal that is not a rate, such as 0.
    public init(integerLiteral value: Int) {
        guard let rate = FrameRate(value) else { preconditionFailure("\(value) is not a frame rate (1 to 10000)") }
        self = rate
    }

    /// `29.97`, which means 30000/1001 as in text; the process ends for a literal that is not a rate.
    public init(floatLiteral value: Double) {
        guard let rate = FrameRate("\(value)") else {
            preconditionFailure("\(value) is not a frame rate (up to 10000)")
        }
        self = rate
    }
}

/// The greatest common divisor of two positive numbers.
package func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}
