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

    /// Reads digits, and a point and digits after it.
    ///
    /// - Throws: ``Fault`` for everything else, and for what is below 0 or above 285 years.
    init(milliseconds text: String) throws(Fault) {
        let isNegative = text.hasPrefix("-")
        let parts = text.utf8.dropFirst(isNegative ? 1 : 0)
            .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts.allSatisfy({ $0.allSatisfy(Self.isDigit) }) else {
            throw Fault(reason: "is not a number of milliseconds such as 33.366667")
        }
        guard !isNegative else { throw Fault(reason: "ms is negative") }
        let whole = parts[0].drop { $0 == UInt8(ascii: "0") }
        let milliseconds = whole.prefix(15).reduce(Int64(0)) { $0 * 10 + Self.digit($1) }
        guard whole.count <= 15, milliseconds < MediaTime.bounds.upperBound / 1000 else {
            throw Fault(reason: "ms is too large (at most 285 years)")
        }
        let decimals = parts.count == 2 ? parts[1] : []
        nanoseconds = milliseconds * 1_000_000 + Self.fraction(decimals)
        unit = decimals.prefix(6).reduce(1_000_000) { unit, _ in unit / 10 }
    }

    /// Millionths, rounded to the nearest.
    private static func fraction(_ decimals: [UInt8]) -> Int64 {
        let six = (0..<6).reduce(Int64(0)) { $0 * 10 + ($1 < decimals.count ? digit(decimals[$1]) : 0) }
        return decimals.count > 6 && digit(decimals[6]) >= 5 ? six + 1 : six
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func digit(_ byte: UInt8) -> Int64 { Int64(byte - UInt8(ascii: "0")) }

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
