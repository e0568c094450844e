package import VideoTypes

/// What a graph counts its times in: exact for frames of a constant rate, as libavfilter's own rounding needs it.
package struct FilterClock: Hashable, Sendable {
    /// Units in ``denominator`` seconds, 1 or more.
    let numerator: Int32
    /// Seconds, 1 or more.
    let denominator: Int32
    /// Units from one frame of the constant rate to the next; `nil` without a rate.
    package let unitsOfFrame: Int64?

    /// Microseconds, for pictures that come at any time.
    package static let microseconds = FilterClock(1_000_000, 1, unitsOfFrame: nil)

    /// A unit for each frame.
    package init(counting rate: FrameRate) {
        self.init(Int32(clamping: rate.numerator), Int32(clamping: rate.denominator), unitsOfFrame: 1)
    }

    /// A fraction of a microsecond, of which a frame of the rate has a whole number.
    package init(fitting rate: FrameRate) {
        let parts = max(1, (1_000_000 + rate.numerator - 1) / rate.numerator)
        self.init(Int32(clamping: rate.numerator * parts), 1, unitsOfFrame: Int64(rate.denominator * parts))
    }

    private init(_ numerator: Int32, _ denominator: Int32, unitsOfFrame: Int64?) {
        (self.numerator, self.denominator, self.unitsOfFrame) = (numerator, denominator, unitsOfFrame)
    }

    /// A time in units: the exact one of a frame that was rounded to microseconds.
    ///
    /// - Parameters:
    ///   - microseconds: The time.
    ///   - error: By how much it may be wrong, 0 or more.
    package func units(_ microseconds: Int64, error: Int64 = 1) -> Int64 {
        guard let unitsOfFrame else { return scaled(microseconds) }
        let exact = scaled(microseconds)
        let frame = (exact + (exact < 0 ? -1 : 1) * (unitsOfFrame / 2)) / unitsOfFrame * unitsOfFrame
        let distance = Self.microseconds(frame, numerator, denominator) - microseconds
        return distance.magnitude <= UInt64(max(1, error)) ? frame : exact
    }

    private func scaled(_ microseconds: Int64) -> Int64 {
        Self.rounded(Int128(microseconds) * Int128(numerator), over: Int128(denominator) * 1_000_000)
    }

    /// A count of units of any time base in microseconds.
    ///
    /// - Parameters:
    ///   - units: The count.
    ///   - numerator: Units in `denominator` seconds.
    ///   - denominator: Seconds.
    static func microseconds(_ units: Int64, _ numerator: Int32, _ denominator: Int32) -> Int64 {
        rounded(Int128(units) * Int128(denominator) * 1_000_000, over: Int128(max(1, numerator)))
    }

    private static func rounded(_ value: Int128, over divisor: Int128) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        guard remainder.magnitude * 2 >= divisor.magnitude else { return Int64(clamping: quotient) }
        return Int64(clamping: quotient + (value < 0 ? -1 : 1))
    }
}
