internal import Sluice

extension Double {
    /// The number with this many digits after the point, whatever the locale; 0 for values that are not finite.
    func decimals(_ count: Int) -> String { isFinite && abs(self) < 1e15 ? Quantity.decimals(self, count) : "0" }
}
