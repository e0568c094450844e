internal import VideoTypes

/// What is done with the rows of each source plane; decided once per converter.
enum Conversion: Hashable, Sendable {
    /// Packed RGB becomes luma and chroma of this subsampling.
    case packed(PackedPixels, ChromaSubsampling)
    /// Gray becomes luma, scaled to limited range or not, and chroma that is 128 everywhere.
    case gray(limited: Bool, ChromaSubsampling)
    /// Each plane becomes the plane in the same place.
    case planes([PlaneStep])

    /// What becomes of one YUV plane.
    struct PlaneStep: Hashable, Sendable {
        var halvesColumns = false
        var halvesRows = false
    }

    /// How many source rows make the least that can be converted on its own.
    func rowsPerGroup(plane: Int) -> Int {
        switch self {
        case .packed(_, let chroma), .gray(_, let chroma): chroma == .yuv420 ? 2 : 1
        case .planes(let steps): steps[plane].halvesRows ? 2 : 1
        }
    }

    /// Whether chroma samples are made from neighbors, so that it matters where they stand.
    var filtersChroma: Bool {
        switch self {
        case .packed(_, let chroma): chroma != .yuv444
        case .gray: false
        case .planes(let steps): steps.contains { $0.halvesColumns || $0.halvesRows }
        }
    }
}

extension Conversion {
    /// The way from one format to another.
    ///
    /// - Throws: ``EncoderConfigError/unsupported(_:)`` if there is none here.
    init(from source: PixelFormat, to target: PixelFormat, color: VideoColorSpace) throws(EncoderConfigError) {
        switch (source.components, target.components) {
        case (.packedRGB(let bytes, let red, let green, let blue), .planar(let chroma)):
            let coefficients = try Self.coefficients(of: color.matrix, for: source)
            let pixels = PackedPixels(
                bytesPerPixel: bytes,
                places: (red, green, blue),
                coefficients: coefficients,
                fullRange: color.fullRange
            )
            self = .packed(pixels, chroma)
        case (.gray, .planar(let chroma)):
            // Every matrix but the identity, whose planes are green, blue and red, says 128 for no color.
            guard color.matrix != .rgb else { throw Self.refusal(of: color.matrix, for: source) }
            self = .gray(limited: !color.fullRange, chroma)
        case (.planar(let from), .planar(let to)) where to.chromaFormatIdc <= from.chromaFormatIdc:
            let chroma = PlaneStep(
                halvesColumns: from == .yuv444 && to != .yuv444,
                halvesRows: from != .yuv420 && to == .yuv420
            )
            self = .planes([PlaneStep(), chroma, chroma])
        case (.semiPlanar(let from), .semiPlanar(let to)) where from == to:
            self = .planes([PlaneStep(), PlaneStep()])
        default:
            throw .unsupported("\(source.rawValue) to \(target.rawValue) is not a built-in conversion (swscale has it)")
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
            "\(source.rawValue) cannot be converted with matrix \(matrix) (bt709, bt470bg, smpte170m and bt2020-ncl do)"
        )
    }
}
