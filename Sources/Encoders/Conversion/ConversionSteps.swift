package import Ingest
internal import LibAV
package import PixelConversion
package import VideoTypes

/// The conversion of input pictures to the encoder's format: by our kernels, strip by strip, if possible. A change of size, and
/// more chroma samples than the input has, are done by libswscale.
package struct ConversionSteps: Sendable {
    /// The color of the result; a YUV source has the same.
    package var color: VideoColorSpace
    /// Where 4:2:0 chroma is, on both sides.
    package var chromaLocation: ChromaLocation
    /// The treatment of transparency.
    package var alpha = AlphaTreatment.ignore

    package init(color: VideoColorSpace, chromaLocation: ChromaLocation, alpha: AlphaTreatment = .ignore) {
        (self.color, self.chromaLocation, self.alpha) = (color, chromaLocation, alpha)
    }

    /// - Parameters:
    ///   - source: What comes.
    ///   - size: The size to scale to; `nil` does not scale. The target's sides may differ from it by one.
    ///   - target: What it becomes.
    package func conversion(
        from source: PictureLayout,
        scaledTo size: PictureSize?,
        to target: PictureLayout
    ) throws(EncoderConfigError) -> PictureConversion {
        guard source.isPlain else {
            let arranger = try RowArranger(source: source)
            let conversion = try conversion(from: arranger.target, scaledTo: size, to: target)
            return .whole(ArrangingConverter(arranger, conversion))
        }
        if source == target, alpha != .keep(premultiplied: true) { return .none }
        if source.format.isRGB, target.format.isRGB, size == nil, alpha == .ignore {
            return .whole(try RGBReordering(source, to: target))
        }
        let gainsChroma =
            if let from = source.format.chroma, let to = target.format.chroma { from < to } else { false }
        // Ours make no pairs of RGB or gray.
        let interleaves = target.format.isSemiPlanar && source.format.chroma == nil
        let scaled = size ?? source.size
        guard scaled != source.size || gainsChroma || interleaves else {
            return .strips(try strips(from: source, to: target))
        }
        return .whole(try scaling(source, to: scaled, target))
    }

    private func strips(
        from source: PictureLayout,
        to target: PictureLayout,
        alpha: AlphaTreatment? = nil
    ) throws(EncoderConfigError) -> StripConverter {
        try StripConverter(
            source: source,
            target: target,
            color: color,
            chromaLocation: chromaLocation,
            alpha: alpha ?? self.alpha
        )
    }

    /// Ours is what comes before, transparency, and what follows, if anything does: gray, whose range libswscale does not
    /// convert, and odd sizes.
    private func scaling(
        _ source: PictureLayout,
        to size: PictureSize,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> ScalingConverter {
        var first = try alphaStep(source, target.format)
        if first == nil { first = try plainStep(source, target.format) }
        let input = first?.target ?? source
        let scaled = try Self.layout(input.format == .gray8 ? .gray8 : Self.scaled(target.format), size)
        let isRGB = input.format.isRGB
        if isRGB, LumaCoefficients(color.matrix) == nil {
            throw .unsupported("RGB cannot be converted with the matrix \(color.matrix)")
        }
        let scaler = try Scaler(
            source: input,
            sourceIsFullRange: isRGB || color.fullRange,
            target: scaled,
            color: color,
            chromaLocation: chromaLocation
        )
        let last = scaled == target ? nil : try strips(from: scaled, to: target, alpha: .ignore)
        return ScalingConverter(first: first, scaler, last: last)
    }

    /// Transparency is dealt with before anything is scaled: into YUV of full chroma, or with its own plane.
    private func alphaStep(_ source: PictureLayout, _ target: PixelFormat) throws(EncoderConfigError) -> StripConverter?
    {
        let format: PixelFormat
        switch alpha {
        case .ignore: return nil
        case .composite: format = .planar(.yuv444, bitDepth: target.bitDepth)
        case .keep: format = .i420a
        }
        guard source.format != format || alpha == .keep(premultiplied: true) else { return nil }
        return try strips(from: source, to: try Self.layout(format, source.size))
    }

    /// What libswscale does not read, or not exactly, becomes planes first: of all chroma of RGB, of what there is of YUV, and
    /// of as little as the target may have of gray.
    private func plainStep(_ source: PictureLayout, _ target: PixelFormat) throws(EncoderConfigError) -> StripConverter?
    {
        let format = source.format
        guard !format.isPlain else { return nil }
        let chroma = format.chroma ?? (format.isGray ? .yuv420 : .yuv444)
        let plain = PixelFormat.planar(chroma, bitDepth: target.bitDepth)
        return try strips(from: source, to: try Self.layout(plain, source.size), alpha: .ignore)
    }

    /// Orders that libswscale does not write are made of planes.
    private static func scaled(_ target: PixelFormat) -> PixelFormat {
        guard !target.isPlain, let chroma = target.chroma else { return target }
        if case .packedYUV = target.components { return target }
        return .planar(chroma, bitDepth: target.bitDepth)
    }

    private static func layout(_ format: PixelFormat, _ size: PictureSize) throws(EncoderConfigError) -> PictureLayout {
        guard let layout = PictureLayout(format: format, size: size) else {
            throw .unsupported("a picture of \(size) overflows")
        }
        return layout
    }
}

extension PixelFormat {
    /// A layout that libswscale knows, or 8-bit gray, whose size alone it changes.
    fileprivate var isPlain: Bool {
        switch components {
        case .packedRGB, .planar, .planarWithAlpha: !swapsChroma
        case .semiPlanar(let chroma): !swapsChroma && chroma == .yuv420
        case .gray: bitDepth == 8
        case .deepRGB, .packedYUV: false
        }
    }
}

extension EncoderConfig {
    /// The format of the pictures that an encoder is given.
    package var pictureFormat: PixelFormat { alpha == .keep ? .i420a : .planar(chroma, bitDepth: bitDepth) }
}

extension AlphaTreatment {
    /// The options of a job.
    ///
    /// - Parameters:
    ///   - picture: What happens to the picture.
    ///   - alpha: Whether transparency is kept.
    ///   - isStraight: Colors have been divided by transparency already.
    package init(_ picture: PictureOptions, _ alpha: AlphaOption, isStraight: Bool = false) {
        if alpha == .keep {
            self = .keep(premultiplied: picture.isPremultiplied && !isStraight)
        } else if let background = picture.background {
            self = .composite(over: background, premultiplied: picture.isPremultiplied)
        } else {
            self = .ignore
        }
    }
}
