extension Double {
    /// The number with this many digits behind the point, whatever the locale.
    func decimals(_ count: Int) -> String {
        guard isFinite, abs(self) < 1e15 else { return "0" }
        let scale = (0..<count).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(self) * Double(scale)).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard count > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: count - fraction.count) + fraction
    }
}
