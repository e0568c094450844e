internal import VideoTypes

/// What luma and chroma weigh in the colors of a pixel, and how those are laid out in memory.
struct UnpackedPixels: Hashable, Sendable {
    /// Weights in units of ``unit``. Colors and chroma are named by their places: if blue is first, the first chroma
    /// is Cb.
    struct Weights: Hashable, Sendable {
        var luma = 0
        var first = 0
        var middleByFirst = 0
        var middleByLast = 0
        var last = 0
    }

    let source: PixelFormat
    let bytesPerPixel: Int
    /// The place of the first of three adjacent color bytes.
    let firstColor: Int
    /// Whether red is that one, not blue.
    let redIsFirst: Bool
    let isIdentity: Bool
    let keepsAlpha: Bool
    let weights: Weights
    /// What is added to every color, in 32nds.
    let offset: Int

    /// What a weight of 1 is.
    private static let unit = 0x1p13

    /// - Throws: ``EncoderConfigError/unsupported(_:)`` if the conversion is not supported here.
    init(from source: PixelFormat, to target: PixelFormat, _ color: VideoColorSpace) throws(EncoderConfigError) {
        guard case .packedRGB(let bytesPerPixel, let red, let green, let blue) = target.components,
            !source.isRGB, source.isComparable, !source.swapsChroma
        else {
            throw .unsupported("\(source.rawValue) to \(target.rawValue) is not a built-in conversion (use swscale)")
        }
        (self.source, self.bytesPerPixel) = (source, bytesPerPixel)
        firstColor = min(red, green, blue)
        redIsFirst = red < blue
        keepsAlpha = source.hasAlpha && target.hasAlpha
        isIdentity = source.chroma != nil && color.matrix == .rgb
        let scale = SignalScale(of: source, fullRange: source.isGray || color.fullRange)
        weights = try Self.weights(of: source, color.matrix, scale, redIsFirst: redIsFirst)
        // With a half to round, and another for each of two products that are rounded down.
        offset = Int((Double(0x8000 - scale.black) * scale.luma / 8 + 17).rounded())
    }

    private static func weights(
        of source: PixelFormat,
        _ matrix: MatrixCoefficients,
        _ scale: SignalScale,
        redIsFirst: Bool
    ) throws(EncoderConfigError) -> Weights {
        var weights = Weights(luma: fixed(scale.luma))
        guard let chroma = source.chroma, matrix != .rgb || chroma != .yuv444 else { return weights }
        guard let matrix = LumaCoefficients(matrix) else {
            throw .unsupported(
                "\(source.rawValue) cannot be converted to RGB with matrix \(matrix)"
                    + " (use bt709, bt470bg, smpte170m or bt2020-ncl, or rgb in 4:4:4)"
            )
        }
        let (cr, cb) = (2 * (1 - matrix.kr) * scale.chroma, 2 * (1 - matrix.kb) * scale.chroma)
        let (greenByCr, greenByCb) = (-cr * matrix.kr / matrix.kg, -cb * matrix.kb / matrix.kg)
        weights.first = fixed(redIsFirst ? cr : cb)
        weights.last = fixed(redIsFirst ? cb : cr)
        weights.middleByFirst = fixed(redIsFirst ? greenByCr : greenByCb)
        weights.middleByLast = fixed(redIsFirst ? greenByCb : greenByCr)
        return weights
    }

    private static func fixed(_ value: Double) -> Int { Int((value * unit).rounded()) }
}

/// What a step of samples that are shifted up to 16 bits is in 8-bit colors, times 256.
private struct SignalScale {
    let luma: Double
    let chroma: Double
    /// Luma of black, in 16 bits.
    let black: Int

    init(of format: PixelFormat, fullRange: Bool) {
        let full = ((1 << format.bitDepth) - 1) << (16 - format.bitDepth)
        luma = 255 * 256 / Double(fullRange ? full : 219 << 8)
        chroma = 255 * 256 / Double(fullRange ? full : 224 << 8)
        black = fullRange ? 0 : 16 << 8
    }
}
