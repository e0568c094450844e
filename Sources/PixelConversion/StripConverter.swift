public import VideoTypes

/// Converts one source picture, strip by strip, into a target picture.
///
/// Strips are independent: any order, any size, and the bytes are the same. A target whose sides differ by one from the
/// source's is padded by repeating, or cropped of, the last column or row of each plane. YUV keeps its range and matrix,
/// whatever its depth; gray counts as full range. A value is rounded once, and differs by at most 1 from the formulas of ITU-T
/// H.273; only colors that alpha changes are rounded to their 8 bits before.
///
/// Thread-safety: a value without state; any number of conversions at once.
public struct StripConverter: Sendable {
    /// One run of whole rows of one source plane, in the order in which the bytes are in the source.
    public struct Strip: Hashable, Sendable {
        /// The plane's place in ``VideoTypes/PictureLayout/planes``.
        public let plane: Int
        /// The first row.
        public let firstRow: Int
        /// The number of rows.
        public let rows: Int
        /// The number of bytes: all of each row's stride.
        public let byteCount: Int
    }

    /// What is converted.
    public let source: PictureLayout
    /// What it becomes.
    public let target: PictureLayout

    let conversion: Conversion
    let alphaPlane: AlphaPlane
    let halving: ChromaHalving
    let fits: [PlaneFit]

    /// A converter from one layout to another.
    ///
    /// - Parameters:
    ///   - source: How the source picture is laid out in memory.
    ///   - target: How the target picture is laid out in memory; each side may differ by one from the source's.
    ///   - color: The target's color: its matrix and range decide how RGB, and its range how gray becomes YUV, and how
    ///     YUV becomes YUV of another depth.
    ///   - chromaLocation: Where chroma samples are that are made from several; `left` or `center`. Unused where
    ///     none are.
    ///   - alpha: The effect of transparency on colors; none by default.
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)``, naming what is not built in.
    public init(
        source: PictureLayout,
        target: PictureLayout,
        color: VideoColorSpace,
        chromaLocation: ChromaLocation,
        alpha: AlphaTreatment = .ignore
    ) throws(EncoderConfigError) {
        conversion = try Conversion(from: source.format, to: target.format, color: color, alpha: alpha)
        alphaPlane = try AlphaPlane(from: source.format, to: target.format, conversion, alpha)
        halving = try Self.halving(chromaLocation, for: conversion)
        fits = try Self.fits(source, target)
        self.source = source
        self.target = target
    }

    /// Cuts the source into runs of whole rows that cover every byte of it once, in order.
    ///
    /// - Parameter maxBytes: About the most bytes in a strip; a strip has at least one row, or two where two rows make
    ///   one row of chroma.
    public func strips(maxBytes: Int) -> [Strip] {
        // A pixel's colors are in all planes.
        if needsWholePicture {
            return [Strip(plane: 0, firstRow: 0, rows: source.size.height, byteCount: source.byteCount)]
        }
        return source.planes.indices.flatMap { strips(ofPlane: $0, maxBytes: maxBytes) }
    }

    private var needsWholePicture: Bool {
        if case .deep(let pixels, _) = conversion { pixels.arrangement == .planes } else { false }
    }

    private func strips(ofPlane index: Int, maxBytes: Int) -> [Strip] {
        let plane = source.planes[index]
        let group = conversion.rowsPerGroup(plane: index)
        let rowsPerStrip = max(1, maxBytes / (plane.stride * group)) * group
        return stride(from: 0, to: plane.rows, by: rowsPerStrip).map { firstRow in
            let rows = min(rowsPerStrip, plane.rows - firstRow)
            return Strip(plane: index, firstRow: firstRow, rows: rows, byteCount: rows * plane.stride)
        }
    }

    /// Converts one strip. Writes only the target's samples that the strip determines, and no padding between rows.
    ///
    /// - Parameters:
    ///   - strip: One of ``strips(maxBytes:)``.
    ///   - bytes: The strip's bytes.
    ///   - target: The whole target picture.
    public func convert(_ strip: Strip, from bytes: RawSpan, into target: inout MutableRawSpan) {
        precondition(strip.byteCount == bytes.byteCount, "a strip comes with its bytes")
        precondition(target.byteCount >= self.target.byteCount, "the target holds a whole picture")
        if needsWholePicture { return convertWhole(from: bytes, into: &target) }
        let rows = SourceRows(strip: strip, of: source, rowsPerGroup: conversion.rowsPerGroup(plane: strip.plane))
        switch conversion {
        case .packed(let pixels, .yuv444):
            convertPacked(rows, pixels, from: bytes, into: &target)
        case .packed(let pixels, _):
            convertPackedHalving(rows, pixels, from: bytes, into: &target)
        case .channels(let bytesPerPixel, let places):
            convertChannels(rows, places, of: bytesPerPixel, from: bytes, into: &target)
        case .gray(let resampling, _):
            convertGray(rows, resampling, from: bytes, into: &target)
        case .planes(let steps):
            convertPlane(rows, steps[strip.plane], from: bytes, into: &target)
        case .deep(let pixels, _):
            convertDeep(rows.all, pixels, from: bytes, into: &target) { SIMD4(repeating: rows.bytes($0).lowerBound) }
        case .unpacked(let arrangement, let plain, let steps):
            convertUnpacking(rows, arrangement, as: plain, steps, from: bytes, into: &target)
        }
        // Alpha has the rows of the first plane.
        if strip.plane == 0 { convertAlpha(rows, from: bytes, into: &target) }
    }

    /// Converts a whole picture, in strips that stay in the cache.
    ///
    /// - Parameters:
    ///   - picture: The whole source picture.
    ///   - target: The whole target picture.
    public func convert(picture: RawSpan, into target: inout MutableRawSpan) {
        var offset = 0
        for strip in strips(maxBytes: 128 << 10) {
            let end = offset + strip.byteCount
            convert(strip, from: picture.extracting(offset..<end), into: &target)
            offset = end
        }
    }
}

extension StripConverter {
    private static func halving(
        _ location: ChromaLocation,
        for conversion: Conversion
    ) throws(EncoderConfigError) -> ChromaHalving {
        switch location {
        case .left: return .left
        case .center: return .center
        case _ where !conversion.filtersChroma: return .left
        default:
            throw .unsupported("chroma location \(location.rawValue) is not built in (use left, 0, or center, 1)")
        }
    }

    private static func fits(_ source: PictureLayout, _ target: PictureLayout) throws(EncoderConfigError) -> [PlaneFit]
    {
        let (from, to) = (source.size, target.size)
        guard abs(from.width - to.width) <= 1, abs(from.height - to.height) <= 1,
            let natural = PictureLayout(format: target.format, size: from)
        else {
            throw .unsupported(
                "\(from) cannot be converted to \(to) without scaling (each side may differ by one; use swscale)"
            )
        }
        var fits = target.planes.indices.map { index in
            let paired = if case .semiPlanar = target.format.components { index == 1 } else { false }
            let sampleBytes = target.format.bytesPerSample * (paired ? 2 : 1)
            return PlaneFit(plane: target.planes[index], natural: natural.planes[index], sampleBytes: sampleBytes)
        }
        // In the order Y, Cb, Cr, whatever it is in memory.
        if target.format.swapsChroma, !target.format.isSemiPlanar { fits.swapAt(1, 2) }
        return fits
    }
}
