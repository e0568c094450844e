internal import VideoTypes

// Numbers for people, whatever the locale.
extension Quantity {
    /// With this many digits after the point.
    package static func decimals(_ value: Double, _ count: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value > 0 ? "inf" : "-" }
        let scale = (0..<count).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard count > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: count - fraction.count) + fraction
    }

    /// `1.5 GB`, by powers of 1000.
    package static func bytes(_ count: Int) -> String {
        scaled(Double(count), by: 1000, ["B", "kB", "MB", "GB", "TB"])
    }

    /// `1.5 GiB`, by powers of 1024.
    package static func memory(_ count: Int) -> String {
        scaled(Double(count), by: 1024, ["B", "KiB", "MiB", "GiB", "TiB"])
    }

    /// `4.25 Mb/s`.
    package static func bitrate(_ bits: Double) -> String { scaled(bits, by: 1000, ["b/s", "kb/s", "Mb/s", "Gb/s"]) }

    private static func scaled(_ value: Double, by factor: Double, _ units: [String]) -> String {
        var (value, power) = (value, 0)
        while abs(value) >= factor * 0.9995, power + 1 < units.count { (value, power) = (value / factor, power + 1) }
        let digits = power == 0 || abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
        return "\(decimals(value, digits)) \(units[power])"
    }

    /// `12.3 s`, `1:02 min` or `1:02:03 h`.
    ///
    /// - Parameter digits: Digits after the point, for times below a minute.
    package static func time(_ seconds: Double, digits: Int = 1) -> String {
        guard seconds >= 60 else { return "\(decimals(seconds, digits)) s" }
        let whole = Int(min(seconds, 1e9))
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        guard whole >= 3600 else { return "\(whole / 60):\(padded(whole % 60)) min" }
        return "\(whole / 3600):\(padded(whole / 60 % 60)):\(padded(whole % 60)) h"
    }
}
