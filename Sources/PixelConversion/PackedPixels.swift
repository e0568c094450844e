internal import VideoTypes

/// The memory layout of a packed RGB pixel, the treatment of its transparency, and the weights of its colors in Y, Cb and Cr.
struct PackedPixels: Hashable, Sendable {
    /// Three weights, in the order in which the colors are in memory, in units of ``unit(bitDepth:)``.
    typealias Weights = SIMD3<Int32>
    /// Where red, green and blue are in a pixel; next to each other, in any order.
    typealias Places = (red: Int, green: Int, blue: Int)

    /// What alpha does to the colors.
    enum Alpha: Hashable, Sendable {
        case ignored, over, premultipliedOver, unpremultiplied
    }

    let bytesPerPixel: Int
    /// The place of the first color byte; alpha or padding may be before it.
    let firstColor: Int
    private(set) var alpha = Alpha.ignored
    /// The background color of transparent pixels, as the little-endian word of such a pixel.
    private(set) var background: UInt32 = 0
    /// Bits of a sample of Y, Cb and Cr.
    let bitDepth: Int
    let luma: Weights
    let cb: Weights
    let cr: Weights
    /// Luma of black.
    let black: Int

    /// The place of alpha in pixels of four bytes.
    var alphaPlace: Int { firstColor == 0 ? 3 : 0 }
    /// Bytes of a sample of Y, Cb and Cr.
    var bytesPerSample: Int { bitDepth > 8 ? 2 : 1 }

    /// - Parameters:
    ///   - bytesPerPixel: 3 or 4.
    ///   - places: Where the colors are.
    ///   - coefficients: The matrix.
    ///   - fullRange: Whether samples use all of their values.
    ///   - bitDepth: 8, 10 or 12.
    init(
        bytesPerPixel: Int,
        places: Places,
        coefficients: LumaCoefficients,
        fullRange: Bool,
        bitDepth: Int
    ) {
        let first = min(places.red, places.green, places.blue)
        func inMemoryOrder(_ weights: (red: Int, green: Int, blue: Int)) -> Weights {
            var ordered = Weights()
            ordered[places.red - first] = Int32(weights.red)
            ordered[places.green - first] = Int32(weights.green)
            ordered[places.blue - first] = Int32(weights.blue)
            return ordered
        }
        self.bytesPerPixel = bytesPerPixel
        self.bitDepth = bitDepth
        firstColor = first
        // Samples of more bits are 8-bit ones with a fraction in limited range; in full range they reach farther.
        let full = Double((1 << bitDepth) - 1) / Double(255 << (bitDepth - 8))
        let weights = ColorWeights(coefficients, unit: Self.unit(bitDepth: bitDepth))
        luma = inMemoryOrder(weights.luma(scale: fullRange ? full : 219.0 / 255))
        cb = inMemoryOrder(weights.cb(scale: fullRange ? full : 224.0 / 255))
        cr = inMemoryOrder(weights.cr(scale: fullRange ? full : 224.0 / 255))
        black = fullRange ? 0 : 16 << (bitDepth - 8)
    }

    /// What a weight of 1 is: the kernels have 15 bits of fraction for 8-bit samples, and 19 for others.
    private static func unit(bitDepth: Int) -> Double { bitDepth == 8 ? 0x1p15 : 0x1p19 }

    /// The same pixels, laid over a color.
    func over(_ color: RGBColor, premultiplied: Bool, places: Places) -> PackedPixels {
        var pixels = self
        pixels.alpha = premultiplied ? .premultipliedOver : .over
        pixels.background = UInt32(color.red) << (8 * places.red)
        pixels.background |= UInt32(color.green) << (8 * places.green)
        pixels.background |= UInt32(color.blue) << (8 * places.blue)
        return pixels
    }

    /// The same pixels, their colors divided by alpha.
    func unpremultiplied() -> PackedPixels {
        var pixels = self
        pixels.alpha = .unpremultiplied
        return pixels
    }
}
