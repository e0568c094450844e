/// How a packed RGB pixel stands in memory, and what its colors weigh in Y, Cb and Cr, in units of 1/32768.
struct PackedPixels: Hashable, Sendable {
    /// Three weights, in the order in which the colors stand in memory.
    typealias Weights = SIMD3<Int16>

    let bytesPerPixel: Int
    /// The place of the first color byte; alpha or padding may stand before it.
    let firstColor: Int
    let luma: Weights
    let cb: Weights
    let cr: Weights
    /// Luma of black.
    let black: Int16

    /// - Parameters:
    ///   - bytesPerPixel: 3 or 4.
    ///   - places: Where red, green and blue stand in a pixel; next to each other, in any order.
    ///   - coefficients: The matrix.
    ///   - fullRange: Whether samples use all of 0...255.
    init(
        bytesPerPixel: Int,
        places: (red: Int, green: Int, blue: Int),
        coefficients: LumaCoefficients,
        fullRange: Bool
    ) {
        let first = min(places.red, places.green, places.blue)
        func inMemoryOrder(_ weights: (red: Int, green: Int, blue: Int)) -> Weights {
            var ordered = Weights()
            ordered[places.red - first] = Int16(weights.red)
            ordered[places.green - first] = Int16(weights.green)
            ordered[places.blue - first] = Int16(weights.blue)
            return ordered
        }
        self.bytesPerPixel = bytesPerPixel
        firstColor = first
        luma = inMemoryOrder(Self.lumaWeights(coefficients, scale: fullRange ? 1 : 219.0 / 255))
        let scale = fullRange ? 1 : 224.0 / 255
        let (kr, kb) = (coefficients.kr, coefficients.kb)
        let cb = Self.differenceWeights(own: kb, other: kr, scale: scale)
        self.cb = inMemoryOrder((red: cb.other, green: cb.green, blue: cb.own))
        let cr = Self.differenceWeights(own: kr, other: kb, scale: scale)
        self.cr = inMemoryOrder((red: cr.own, green: cr.green, blue: cr.other))
        black = fullRange ? 0 : 16
    }

    // Green takes what rounding leaves of the sum, so that gray is exact: the scaled luma, and no color.

    private static func lumaWeights(_ k: LumaCoefficients, scale: Double) -> (red: Int, green: Int, blue: Int) {
        let (red, blue) = (fixed(k.kr * scale), fixed(k.kb * scale))
        return (red, fixed(scale) - red - blue, blue)
    }

    /// The weights of (own - luma) / (2 (1 - K own)), H.273 equations 39 and 40.
    private static func differenceWeights(
        own: Double,
        other: Double,
        scale: Double
    ) -> (own: Int, green: Int, other: Int) {
        let ownWeight = fixed(scale / 2)
        let otherWeight = fixed(-other / (2 * (1 - own)) * scale)
        return (ownWeight, -ownWeight - otherWeight, otherWeight)
    }

    private static func fixed(_ value: Double) -> Int { Int((value * 32768).rounded()) }
}
