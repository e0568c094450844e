extension PixelAspectRatio {
    /// The ratio with which a picture keeps its shape when it is scaled.
    ///
    /// Rounding a side to a whole sample does not change the shape: if the picture would have the same size in square samples,
    /// rounded to the nearest, samples are square.
    ///
    /// - Parameters:
    ///   - source: The size before; valid, as the target is.
    ///   - target: The size after.
    public func scaled(from source: PictureSize, to target: PictureSize) -> PixelAspectRatio {
        let (across, down) = (width * source.width * target.height, height * source.height * target.width)
        let isWidthRounded = 2 * abs(across - down) < 2 * height * source.height
        let isHeightRounded = 2 * abs(across - down) < 2 * width * source.width
        guard !isWidthRounded, !isHeightRounded else { return .square }
        return PixelAspectRatio(nearest: across, down)
    }

    /// The ratio of two positive numbers, or one near it with sides of 16 bits.
    private init(nearest width: Int, _ height: Int) {
        var (a, b) = (width, height)
        if let exact = PixelAspectRatio(width: a, height: b) {
            self = exact
            return
        }
        // Convergents of the continued fraction, as far as they fit.
        var (last, current) = ((0, 1), (1, 0))
        while b != 0 {
            let quotient = a / b
            let next = (quotient * current.0 + last.0, quotient * current.1 + last.1)
            guard next.0 <= 65535, next.1 <= 65535 else { break }
            (last, current) = (current, next)
            (a, b) = (b, a % b)
        }
        self = PixelAspectRatio(width: max(1, current.0), height: max(1, current.1)) ?? .square
    }
}
