// The size at which a picture is shown, and the shape of its samples: two forms of one thing.
extension EncoderConfig {
    /// The same configuration with the sample aspect ratio that its display size means.
    ///
    /// - Throws: ``EncoderConfigError`` if a side is missing or out of range, or the ratio is given as well and is another.
    func withDisplayAspect() throws(EncoderConfigError) -> EncoderConfig {
        guard let display = try displaySize() else { return self }
        let coded = PictureSize(width: codedWidth, height: codedHeight)
        // What is wrong with the coded size is found with the rest of the configuration.
        guard coded.isValid else { return self }
        let ratio = PixelAspectRatio(width: display.width * coded.height, height: display.height * coded.width)
        guard let ratio, ratio.isShown else {
            throw .unsupported("a display size of \(display) stretches \(coded) by more than 256")
        }
        guard pixelAspectRatio == nil || pixelAspectRatio == ratio else {
            throw .conflict("the display size \(display) of \(coded) contradicts pixelAspectRatio")
        }
        var config = self
        config.pixelAspectRatio = ratio
        return config
    }

    private func displaySize() throws(EncoderConfigError) -> PictureSize? {
        guard displayWidth != nil || displayHeight != nil else { return nil }
        guard let displayWidth, let displayHeight else {
            throw .conflict("displayWidth and displayHeight need each other")
        }
        try ValidatedEncoderConfig.check("displayWidth", displayWidth, in: 1...PictureSize.limit)
        try ValidatedEncoderConfig.check("displayHeight", displayHeight, in: 1...PictureSize.limit)
        return PictureSize(width: displayWidth, height: displayHeight)
    }
}

extension PixelAspectRatio {
    /// Players show it: they take a ratio of 256 or more for damage.
    package var isShown: Bool { max(width / height, height / width) < 256 }
}

extension DecoderConfig {
    /// The display size of the picture, in square samples and before rotation: WebCodecs' `displayAspectWidth` and
    /// `displayAspectHeight`.
    public var displaySize: PictureSize {
        PictureSize(width: codedWidth, height: codedHeight).displayed(with: pixelAspectRatio)
    }
}
