internal import VideoTypes

// RGB of more than 8 bits, of floats and in planes.
extension StripConverter {
    /// A picture whose planes hold a color each.
    func convertWhole(from bytes: RawSpan, into target: inout MutableRawSpan) {
        guard case .deep(let pixels, _) = conversion else { return }
        let planes = source.planes
        // Planes are green, blue and red, which the kernel wants as red, green and blue.
        let alpha = pixels.hasAlpha ? planes[3].offset : 0
        let starts = SIMD4(planes[2].offset, planes[0].offset, planes[1].offset, alpha)
        convertDeep(0..<source.size.height, pixels, from: bytes, into: &target) { row in
            starts &+ row * planes[0].stride
        }
        if alphaPlane == .opaque { makeOpaque(0..<source.size.height, in: &target) }
    }

    /// Converts rows of the source.
    ///
    /// - Parameter start: Where a row of each component begins in the bytes; of packed pixels the row itself, for each.
    func convertDeep(
        _ all: Range<Int>,
        _ pixels: DeepPixels,
        from bytes: RawSpan,
        into target: inout MutableRawSpan,
        start: (_ row: Int) -> SIMD4<Int>
    ) {
        let group = conversion.rowsPerGroup(plane: 0)
        let offsets = pixels.componentOffsets
        func starts(_ row: Int) -> SIMD4<Int> { start(min(row, all.upperBound - 1)) &+ offsets }
        for y in stride(from: all.lowerBound, to: all.upperBound, by: group) {
            let rows = DeepRows(first: starts(y), second: starts(y + group - 1), columns: source.size.width)
            convertGroup(y, rows, pixels, hasSecond: group == 2 && y + 1 < all.upperBound, from: bytes, into: &target)
        }
    }

    /// Converts the rows that make one row of chroma.
    private func convertGroup(
        _ y: Int,
        _ rows: DeepRows,
        _ pixels: DeepPixels,
        hasSecond: Bool,
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        let chromaRow = y / conversion.rowsPerGroup(plane: 0)
        guard let luma = fits[0].row(y), let cb = fits[1].row(chromaRow), let cr = fits[2].row(chromaRow) else {
            return
        }
        let below = hasSecond ? fits[0].row(y + 1) : nil
        let targetRows = TargetRows(luma: luma, secondLuma: below, cb: cb, cr: cr)
        if self.target.format.chroma == .yuv444 {
            Kernels.convert(rows, pixels, from: bytes, to: targetRows, in: &target)
        } else {
            Kernels.halve(rows, pixels, halving, from: bytes, to: targetRows, in: &target)
        }
        fits[0].pad(luma, y, in: &target)
        if let below { fits[0].pad(below, y + 1, in: &target) }
        fits[1].pad(cb, chromaRow, in: &target)
        fits[2].pad(cr, chromaRow, in: &target)
        guard alphaPlane == .deep else { return }
        convertAlpha(y, rows, pixels, from: bytes, into: &target)
        guard hasSecond else { return }
        var second = rows
        second.first = rows.second
        convertAlpha(y + 1, second, pixels, from: bytes, into: &target)
    }

    private func convertAlpha(
        _ y: Int,
        _ rows: DeepRows,
        _ pixels: DeepPixels,
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        guard let row = fits[3].row(y) else { return }
        Kernels.alpha(rows, pixels, from: bytes, to: row, in: &target)
        fits[3].pad(row, y, in: &target)
    }
}

// Packed 4:2:2.
extension StripConverter {
    /// Rows that are unpacked at a time: their planes stay in the first-level cache.
    private static let unpackedRows = 4

    /// Unpacks a few rows after the other into planes, and converts those.
    func convertUnpacking(
        _ rows: SourceRows,
        _ arrangement: PixelFormat.PackedYUV,
        as plain: PixelFormat,
        _ steps: [PlaneStep],
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        let size = PictureSize(width: source.size.width, height: Self.unpackedRows)
        guard let few = PictureLayout(format: plain, size: size),
            let whole = PictureLayout(format: plain, size: source.size)
        else { preconditionFailure("planes are smaller than the picture that they are from") }
        var unpacked = PlaneBuffer(byteCount: few.byteCount)
        for first in stride(from: rows.all.lowerBound, to: rows.all.upperBound, by: Self.unpackedRows) {
            let part = first..<min(first + Self.unpackedRows, rows.all.upperBound)
            unpacked.withMutableBytes { unpack(part, of: rows, arrangement, few, from: bytes, into: &$0) }
            unpacked.withBytes { planes in
                for (index, step) in steps.enumerated() {
                    let plane = few.planes[index]
                    let byteCount = part.count * plane.stride
                    let strip = Strip(plane: index, firstRow: first, rows: part.count, byteCount: byteCount)
                    let planeRows = SourceRows(strip: strip, of: whole, rowsPerGroup: step.halvesRows ? 2 : 1)
                    let range = plane.offset..<plane.offset + byteCount
                    convertPlane(planeRows, step, from: planes.extracting(range), into: &target)
                }
            }
        }
    }

    private func unpack(
        _ part: Range<Int>,
        of rows: SourceRows,
        _ arrangement: PixelFormat.PackedYUV,
        _ layout: PictureLayout,
        from bytes: RawSpan,
        into planes: inout MutableRawSpan
    ) {
        for y in part {
            let places = layout.planes.map { plane in
                let start = plane.offset + (y - part.lowerBound) * plane.stride
                return start..<start + plane.rowBytes
            }
            let row = TargetRows(luma: places[0], secondLuma: nil, cb: places[1], cr: places[2])
            Kernels.unpack(rows.bytes(y), arrangement, columns: source.size.width, from: bytes, to: row, in: &planes)
        }
    }
}

extension DeepPixels {
    /// Bytes from the beginning of a pixel, or of a plane's row, to each component.
    var componentOffsets: SIMD4<Int> {
        switch arrangement {
        case .samples(_, let red, let green, let blue): SIMD4(red, green, blue, 3) &* sampleBytes
        case .bits, .planes: .zero
        }
    }
}
