/// The weights of red, green and blue in Y, Cb and Cr, as whole numbers of a unit.
///
/// Green takes what rounding leaves of the sum, so that gray is exact: the scaled luma, and no color.
struct ColorWeights {
    typealias Weights = (red: Int, green: Int, blue: Int)

    private let coefficients: LumaCoefficients
    private let unit: Double

    /// - Parameter unit: What a weight of 1 is.
    init(_ coefficients: LumaCoefficients, unit: Double) {
        (self.coefficients, self.unit) = (coefficients, unit)
    }

    func luma(scale: Double) -> Weights {
        let (red, blue) = (fixed(coefficients.kr * scale), fixed(coefficients.kb * scale))
        return (red, fixed(scale) - red - blue, blue)
    }

    func cb(scale: Double) -> Weights {
        let weights = difference(own: coefficients.kb, other: coefficients.kr, scale: scale)
        return (red: weights.other, green: weights.green, blue: weights.own)
    }

    func cr(scale: Double) -> Weights {
        let weights = difference(own: coefficients.kr, other: coefficients.kb, scale: scale)
        return (red: weights.own, green: weights.green, blue: weights.other)
    }

    /// The weights of (own - luma) / (2 (1 - K own)), H.273 equations 39 and 40.
    private func difference(own: Double, other: Double, scale: Double) -> (own: Int, green: Int, other: Int) {
        let ownWeight = fixed(scale / 2)
        let otherWeight = fixed(-other / (2 * (1 - own)) * scale)
        return (ownWeight, -ownWeight - otherWeight, otherWeight)
    }

    private func fixed(_ value: Double) -> Int { Int((value * unit).rounded()) }
}
