internal import VideoTypes

/// What is done with the rows of each source plane; decided once per converter.
enum Conversion: Hashable, Sendable {
    /// Packed RGB becomes luma and chroma of this subsampling.
    case packed(PackedPixels, ChromaSubsampling)
    /// The bytes of packed RGB at these places of each pixel, green, blue and red, become planes of their own: the identity matrix.
    case channels(bytesPerPixel: Int, places: [Int])
    /// Gray becomes luma, by resampling or as it is, and neutral chroma.
    case gray(PlaneStep.Resampling?, ChromaSubsampling)
    /// Each plane becomes others by itself.
    case planes([PlaneStep])
    /// Other RGB becomes luma and chroma of this subsampling.
    case deep(DeepPixels, ChromaSubsampling)
    /// Packed 4:2:2 becomes planes of this format, each of which becomes others by itself.
    case unpacked(PixelFormat.PackedYUV, as: PixelFormat, [PlaneStep])

    /// How many source rows make the least that can be converted on its own.
    func rowsPerGroup(plane: Int) -> Int {
        switch self {
        case .packed(_, let chroma), .gray(_, let chroma), .deep(_, let chroma): chroma == .yuv420 ? 2 : 1
        case .channels: 1
        case .planes(let steps): steps[plane].halvesRows ? 2 : 1
        case .unpacked(_, _, let steps): steps.contains(where: \.halvesRows) ? 2 : 1
        }
    }

    /// Whether chroma samples are made from neighbors, so that it matters where they are.
    var filtersChroma: Bool {
        switch self {
        case .packed(_, let chroma), .deep(_, let chroma): chroma != .yuv444
        case .gray, .channels: false
        case .planes(let steps), .unpacked(_, _, let steps): steps.contains { $0.halvesColumns || $0.halvesRows }
        }
    }
}

extension Conversion {
    /// The conversion from one format to another.
    ///
    /// - Throws: ``EncoderConfigError/unsupported(_:)`` if the conversion is not supported here.
    init(
        from source: PixelFormat,
        to target: PixelFormat,
        color: VideoColorSpace,
        alpha: AlphaTreatment
    ) throws(EncoderConfigError) {
        switch (source.components, target.components) {
        case (.packedRGB(let bytes, let red, let green, let blue), .planar(.yuv444)) where color.matrix == .rgb:
            try Self.checkIdentity(from: source, to: target, color, alpha)
            self = .channels(bytesPerPixel: bytes, places: [green, blue, red])
        case (.packedRGB(let bytes, let red, let green, let blue), .planar(let chroma)),
            (.packedRGB(let bytes, let red, let green, let blue), .planarWithAlpha(let chroma)):
            let places = (red, green, blue)
            let pixels = PackedPixels(
                bytesPerPixel: bytes,
                places: places,
                coefficients: try Self.coefficients(of: color.matrix, for: source),
                fullRange: color.fullRange,
                bitDepth: target.bitDepth
            )
            self = .packed(source.hasAlpha ? pixels.treating(alpha, places: places) : pixels, chroma)
        case (.gray, .planar(let chroma)), (.gray, .planarWithAlpha(let chroma)):
            // Every matrix but the identity, whose planes are green, blue and red, has a neutral middle value.
            guard color.matrix != .rgb else { throw Self.refusal(of: color.matrix, for: source) }
            self = .gray(.gray(from: source, to: target, fullRange: color.fullRange), chroma)
        case (.deepRGB(.planes), .planar(.yuv444)) where color.matrix == .rgb:
            try Self.checkPlanes(from: source, to: target, color, alpha)
            self = .planes((0..<3).map { PlaneStep(targets: [$0]) } + (source.hasAlpha ? [PlaneStep(targets: [])] : []))
        case (.deepRGB, .planar) where color.matrix == .rgb:
            throw .unsupported(
                "\(source.rawValue) cannot be coded with the matrix rgb, which takes its samples as they are (use gbrp, gbrp10 or gbrp12)"
            )
        case (.deepRGB(let arrangement), .planar(let chroma)),
            (.deepRGB(let arrangement), .planarWithAlpha(let chroma)):
            let pixels = DeepPixels(
                source,
                arrangement,
                coefficients: try Self.coefficients(of: color.matrix, for: source),
                fullRange: color.fullRange,
                bitDepth: target.bitDepth
            )
            self = .deep(source.hasAlpha ? pixels.treating(alpha) : pixels, chroma)
        case (.planar(.yuv444), .deepRGB(.planes)) where color.matrix == .rgb && color.fullRange:
            guard source.bitDepth == target.bitDepth, !target.isFloat, !target.hasAlpha else {
                throw .unsupported("planar RGB of \(source.bitDepth) bits is not converted to \(target.rawValue)")
            }
            self = .planes((0..<3).map { PlaneStep(targets: [$0]) })
        case (.planar, .gray), (.semiPlanar, .gray), (.planarWithAlpha, .gray), (.gray, .gray):
            guard color.matrix != .rgb else { throw Self.refusal(of: color.matrix, for: source) }
            self = .planes(PlaneStep.luma(of: source, to: target, fullRange: source.isGray || color.fullRange))
        case (.packedYUV(let arrangement), _) where Self.hasSteps(from: source, to: target) && source != target:
            let plain = PixelFormat.planar(.yuv422, bitDepth: source.bitDepth)
            self = .unpacked(
                arrangement,
                as: plain,
                PlaneStep.all(from: plain, to: target, fullRange: color.fullRange)
            )
        default:
            guard Self.hasSteps(from: source, to: target) else {
                throw .unsupported(
                    "\(source.rawValue) to \(target.rawValue) is not a built-in conversion (use swscale)"
                )
            }
            self = .planes(PlaneStep.all(from: source, to: target, fullRange: color.fullRange))
        }
    }

    /// Whether one YUV format becomes another without additional chroma samples.
    private static func hasSteps(from source: PixelFormat, to target: PixelFormat) -> Bool {
        guard let from = source.chroma, let to = target.chroma else { return false }
        if case .packedYUV = target.components { return false }
        return to.chromaFormatIdc <= from.chromaFormatIdc
    }

    /// The identity matrix moves bytes and changes none.
    private static func checkIdentity(
        from source: PixelFormat,
        to target: PixelFormat,
        _ color: VideoColorSpace,
        _ alpha: AlphaTreatment
    ) throws(EncoderConfigError) {
        guard color.fullRange, target.bitDepth == 8, alpha == .ignore || !source.hasAlpha else {
            throw .unsupported(
                "\(source.rawValue) can be coded with the matrix rgb only in 8 bits, with full range and without a background"
            )
        }
    }

    /// Planes of green, blue and red stay as they are.
    private static func checkPlanes(
        from source: PixelFormat,
        to target: PixelFormat,
        _ color: VideoColorSpace,
        _ alpha: AlphaTreatment
    ) throws(EncoderConfigError) {
        guard color.fullRange, target.bitDepth == source.bitDepth, !source.isFloat, alpha == .ignore || !source.hasAlpha
        else {
            throw .unsupported(
                "\(source.rawValue) can be coded with the matrix rgb only in as many bits as it has, with full range"
                    + " and without a background"
            )
        }
    }

    private static func coefficients(
        of matrix: MatrixCoefficients,
        for source: PixelFormat
    ) throws(EncoderConfigError) -> LumaCoefficients {
        guard let coefficients = LumaCoefficients(matrix) else { throw refusal(of: matrix, for: source) }
        return coefficients
    }

    private static func refusal(of matrix: MatrixCoefficients, for source: PixelFormat) -> EncoderConfigError {
        .unsupported(
            "\(source.rawValue) cannot be converted with matrix \(matrix) (use bt709, bt470bg, smpte170m or bt2020-ncl)"
        )
    }
}

extension PackedPixels {
    /// The same pixels, their colors as a treatment of alpha makes them.
    fileprivate func treating(_ alpha: AlphaTreatment, places: Places) -> PackedPixels {
        switch alpha {
        case .ignore, .keep(premultiplied: false): self
        case .keep(premultiplied: true): unpremultiplied()
        case .composite(let color, let premultiplied): over(color, premultiplied: premultiplied, places: places)
        }
    }
}

extension PlaneStep.Resampling {
    /// Gray to luma; `nil` if they are the same.
    fileprivate static func gray(
        from source: PixelFormat,
        to target: PixelFormat,
        fullRange: Bool
    ) -> PlaneStep.Resampling? {
        guard !fullRange || target.bitDepth != source.bitDepth else { return nil }
        return PlaneStep.Resampling(
            source: PlaneStep.Samples(of: source),
            target: PlaneStep.Samples(of: target),
            scale: .gray(from: source.bitDepth, to: target.bitDepth, fullRange: fullRange)
        )
    }
}
