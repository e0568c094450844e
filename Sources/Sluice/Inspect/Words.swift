internal import VideoTypes

extension VideoColorSpace {
    /// `bt709, bt709, bt709, limited range`: primaries, transfer, matrix, range.
    var words: String {
        let names = [
            primaries == .unspecified ? "unspecified" : primaries.description,
            transfer == .unspecified ? "unspecified" : transfer.description,
            matrix == .unspecified ? "unspecified" : matrix.description,
        ]
        // One name where all three are the same.
        let color = Set(names).count == 1 ? names[0] : names.joined(separator: ", ")
        return "\(color), \(fullRange ? "full" : "limited") range"
    }
}

/// Two digits.
func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0\(digits)" : digits
}

/// Numbers for people, whatever the locale.
enum Quantity {
    /// With this many digits behind the point.
    static func decimals(_ value: Double, _ count: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value > 0 ? "inf" : "-" }
        let scale = (0..<count).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard count > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: count - fraction.count) + fraction
    }

    /// `12.3 kB`, by powers of 1000.
    static func bytes(_ count: Int) -> String { scaled(Double(count), ["B", "kB", "MB", "GB", "TB"]) }

    /// `4.25 Mb/s`.
    static func bitrate(_ bitsPerSecond: Double) -> String { scaled(bitsPerSecond, ["b/s", "kb/s", "Mb/s", "Gb/s"]) }

    private static func scaled(_ value: Double, _ units: [String]) -> String {
        var (value, power) = (value, 0)
        while abs(value) >= 999.5, power + 1 < units.count { (value, power) = (value / 1000, power + 1) }
        let digits = power == 0 || abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
        return "\(decimals(value, digits)) \(units[power])"
    }

    /// `12.345 s`, or `1:02:03`.
    static func time(_ microseconds: Int64) -> String {
        let seconds = Double(microseconds) / 1e6
        guard seconds >= 60 else { return "\(decimals(seconds, 3)) s" }
        let whole = Int(seconds)
        let padded = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let minutes = whole / 60 % 60
        guard whole >= 3600 else { return "\(minutes):\(padded(whole % 60)) min" }
        return "\(whole / 3600):\(padded(minutes)):\(padded(whole % 60)) h"
    }
}
