extension PictureSize {
    /// The display size of a picture of this size, in square samples, as WebCodecs defines it: the aspect ratio lengthens one
    /// side (to the nearest whole number of samples), and then the picture is rotated.
    ///
    /// - Parameters:
    ///   - aspect: Width to height of one sample.
    ///   - orientation: How the picture is turned.
    public func displayed(with aspect: PixelAspectRatio, orientation: Orientation = .upright) -> PictureSize {
        var size = self
        if aspect.width > aspect.height {
            size.width = Self.scaled(width, by: aspect.width, over: aspect.height)
        } else {
            size.height = Self.scaled(height, by: aspect.height, over: aspect.width)
        }
        return size.turned(by: orientation)
    }

    /// The size of the picture once it is turned.
    public func turned(by orientation: Orientation) -> PictureSize {
        orientation.rotation.isQuarter ? PictureSize(width: height, height: width) : self
    }

    /// A side is at most 16384, and a ratio's 65535: no product overflows.
    private static func scaled(_ side: Int, by numerator: Int, over denominator: Int) -> Int {
        (2 * side * numerator + denominator) / (2 * denominator)
    }
}

extension Orientation.Rotation {
    /// Width and height change places.
    public var isQuarter: Bool { self == .right || self == .left }
}
