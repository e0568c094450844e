internal import VideoTypes

/// A time as text has it: milliseconds with decimals, of which six count.
struct DecimalTime: Hashable, CustomStringConvertible {
    /// Why a text is not such a time.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// Units in which times of media are counted that are not a whole number of microseconds, in units a second.
    private static let timescales = [24_000, 30_000, 48_000, 60_000, 90_000, 120_000, 240_000]

    let nanoseconds: Int64
    /// What the last decimal counts, in nanoseconds.
    private let unit: Int64

    /// What the last of so many decimals counts, in nanoseconds.
    private static let units: [Int64] = [1_000_000, 100_000, 10_000, 1000, 100, 10, 1]

    /// Reads digits, and a point and digits after it.
    ///
    /// - Throws: ``Fault`` for everything else, and for what is below 0 or above 285 years.
    init(milliseconds text: ArraySlice<UInt8>) throws(Fault) {
        let isNegative = text.first == UInt8(ascii: "-")
        let start = text.startIndex + (isNegative ? 1 : 0)
        let point = Self.endOfDigits(text, from: start)
        let hasPoint = point < text.endIndex && text[point] == UInt8(ascii: ".")
        let decimals = hasPoint ? point + 1 : point
        guard point > start, Self.endOfDigits(text, from: decimals) == text.endIndex else {
            throw Fault(reason: "is not a number of milliseconds such as 33.366667")
        }
        guard !isNegative else { throw Fault(reason: "ms is negative") }
        guard let milliseconds = Self.whole(text, start..<point) else {
            throw Fault(reason: "ms is too large (at most 285 years)")
        }
        nanoseconds = milliseconds * 1_000_000 + Self.fraction(text, from: decimals)
        unit = Self.units[min(6, text.endIndex - decimals)]
    }

    private static func endOfDigits(_ text: ArraySlice<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) {
            position += 1
        }
        return position
    }

    /// The number that digits are; `nil` above 285 years of milliseconds.
    private static func whole(_ text: ArraySlice<UInt8>, _ digits: Range<Int>) -> Int64? {
        var value: Int64 = 0
        for position in digits {
            value = value * 10 + digit(text[position])
            guard value < MediaTime.bounds.upperBound / 1000 else { return nil }
        }
        return value
    }

    /// Millionths, rounded to the nearest.
    private static func fraction(_ text: ArraySlice<UInt8>, from start: Int) -> Int64 {
        var value: Int64 = 0
        for position in start..<start + 6 {
            value = value * 10 + (position < text.endIndex ? digit(text[position]) : 0)
        }
        return start + 6 < text.endIndex && digit(text[start + 6]) >= 5 ? value + 1 : value
    }

    private static func digit(_ byte: UInt8) -> Int64 { Int64(byte &- UInt8(ascii: "0")) }

    /// Rounded to the nearest.
    var microseconds: Int64 { (nanoseconds + 500) / 1000 }

    /// Milliseconds, without zeros after the last decimal.
    var description: String {
        let (whole, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard fraction > 0 else { return "\(whole)" }
        var decimals = String(fraction + 1_000_000).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return "\(whole).\(decimals)"
    }

    /// Whether the time is a whole number of ticks, within what the text of all times rounds away.
    private func isWhole(in timescale: Int, unit: Int64) -> Bool {
        let product = Int128(nanoseconds) * Int128(timescale)
        let tick = (product + 500_000_000) / 1_000_000_000
        return (tick * 1_000_000_000 - product).magnitude <= UInt128(unit) * UInt128(timescale)
    }

    /// Units of a second in which all times are whole, as exactly as they were written; microseconds if there are none.
    static func ticksPerSecond(_ times: [DecimalTime]) -> Int {
        guard times.contains(where: { $0.nanoseconds % 1000 != 0 }) else { return 1_000_000 }
        let unit = times.map(\.unit).min() ?? 1
        return timescales.first { scale in times.allSatisfy { $0.isWhole(in: scale, unit: unit) } } ?? 1_000_000
    }
}
