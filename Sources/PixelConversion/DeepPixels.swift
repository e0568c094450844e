internal import VideoTypes

/// The memory layout of RGB that is not of 8-bit samples side by side, the treatment of its transparency, and the weights of its
/// colors in Y, Cb and Cr.
struct DeepPixels: Hashable, Sendable {
    /// The weights of red, green and blue, and what is added to their sum, in steps of the target.
    typealias Weights = SIMD4<Float>

    let arrangement: PixelFormat.DeepRGB
    let hasAlpha: Bool
    let isFloat: Bool
    /// Bytes of a sample, or of the word that holds three.
    let sampleBytes: Int
    /// The largest value of a source sample.
    let most: Float
    private(set) var alpha = PackedPixels.Alpha.ignored
    /// The background color of transparent pixels, in the range of the source's samples.
    private(set) var background = SIMD3<Float>()
    /// Bits of a sample of Y, Cb and Cr.
    let bitDepth: Int
    let luma: Weights
    let cb: Weights
    let cr: Weights

    /// Bytes of a sample of Y, Cb and Cr.
    var bytesPerSample: Int { bitDepth > 8 ? 2 : 1 }

    /// Bytes from a pixel to the next in a row.
    var bytesPerPixel: Int {
        if case .samples(let count, _, _, _) = arrangement { count * sampleBytes } else { sampleBytes }
    }

    /// - Parameters:
    ///   - source: The format.
    ///   - arrangement: Its arrangement.
    ///   - coefficients: The matrix.
    ///   - fullRange: Whether samples of the target use all of their values.
    ///   - bitDepth: The target's: 8, 10 or 12.
    init(
        _ source: PixelFormat,
        _ arrangement: PixelFormat.DeepRGB,
        coefficients: LumaCoefficients,
        fullRange: Bool,
        bitDepth: Int
    ) {
        self.arrangement = arrangement
        (hasAlpha, isFloat, sampleBytes) = (source.hasAlpha, source.isFloat, source.bytesPerSample)
        let most = source.isFloat ? 1 : Double(1 << source.bitDepth - 1)
        self.most = Float(most)
        self.bitDepth = bitDepth
        let (kr, kg, kb) = (coefficients.kr, coefficients.kg, coefficients.kb)
        let all = Double(1 << bitDepth - 1)
        let step = Double(1 << (bitDepth - 8))
        let lumaRange = (fullRange ? all : 219 * step) / most
        let chromaRange = (fullRange ? all : 224 * step) / most
        let middle = Double(1 << (bitDepth - 1)) + 0.5
        func weights(_ red: Double, _ green: Double, _ blue: Double, _ offset: Double) -> Weights {
            Weights(Float(red), Float(green), Float(blue), Float(offset))
        }
        luma = weights(kr * lumaRange, kg * lumaRange, kb * lumaRange, (fullRange ? 0 : 16 * step) + 0.5)
        // H.273 equations 39 and 40.
        let (blue, red) = (chromaRange / (2 * (1 - kb)), chromaRange / (2 * (1 - kr)))
        cb = weights(-kr * blue, -kg * blue, chromaRange / 2, middle)
        cr = weights(chromaRange / 2, -kg * red, -kb * red, middle)
    }

    /// The same pixels, their colors as a treatment of alpha makes them.
    func treating(_ treatment: AlphaTreatment) -> DeepPixels {
        var pixels = self
        switch treatment {
        case .ignore, .keep(premultiplied: false): break
        case .keep(premultiplied: true): pixels.alpha = .unpremultiplied
        case .composite(let color, let premultiplied):
            pixels.alpha = premultiplied ? .premultipliedOver : .over
            pixels.background =
                SIMD3(Float(color.red), Float(color.green), Float(color.blue)) * most / 255
        }
        return pixels
    }
}

/// One or two source rows of deep RGB: where the first sample of each component of a row is.
struct DeepRows {
    /// Red, green, blue, and alpha, which is unused if there is none.
    var first: SIMD4<Int>
    var second: SIMD4<Int>
    var columns: Int
}
