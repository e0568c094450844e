internal import CPixels
internal import VideoTypes

extension Kernels {
    /// One row of RGB from a row of luma and the chroma about it.
    ///
    /// - Parameters:
    ///   - planes: All planes of the picture, checked to hold those of `shape`.
    ///   - y: The row.
    ///   - pixels: What is mixed.
    ///   - siting: Where chroma is.
    ///   - shape: The source's planes; their strides do not matter.
    ///   - target: The destination of the row.
    @unsafe
    static func unpack(
        _ planes: [SourcePlane],
        row y: Int,
        _ pixels: UnpackedPixels,
        _ siting: ChromaSiting,
        shape: PictureLayout,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        checkRow(target, in: bytes.byteCount)
        precondition(target.count == shape.size.width * pixels.bytesPerPixel, "a target row is of the source's columns")
        var format = pixels.forC(siting, shape)
        unsafe bytes.withUnsafeMutableBytes { bytes in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            // SAFETY: reads one row of `shape` of each plane, which holds them, and writes the checked row.
            guard var row = unsafe planar(planes, row: y, pixels, siting, shape) else { return }
            unsafe cpixels_planar_to_packed(&format, &row, start + target.lowerBound)
        }
    }

    @unsafe
    private static func planar(
        _ planes: [SourcePlane],
        row y: Int,
        _ pixels: UnpackedPixels,
        _ siting: ChromaSiting,
        _ shape: PictureLayout
    ) -> cpixels_planar_row? {
        guard let luma = unsafe planes[0].address(ofRow: y) else { return nil }
        var row = unsafe cpixels_planar_row()
        unsafe row.luma = UnsafePointer(luma)
        if pixels.keepsAlpha { unsafe row.alpha = planes[3].address(ofRow: y).map { unsafe UnsafePointer($0) } }
        guard shape.format.chroma != nil else { return unsafe row }
        let neighbors = siting.neighbors(ofRow: y, count: shape.planes[1].rows)
        let isPaired = shape.format.isSemiPlanar
        let cb = unsafe planes[1].rows(neighbors)
        let cr = unsafe planes[isPaired ? 1 : 2].rows(neighbors, after: isPaired ? shape.format.bytesPerSample : 0)
        unsafe row.first = pixels.redIsFirst ? cr : cb
        unsafe row.last = pixels.redIsFirst ? cb : cr
        return unsafe row
    }
}

extension SourcePlane {
    fileprivate func address(ofRow y: Int) -> UnsafePointer<UInt8>? {
        unsafe bytes.baseAddress.map { unsafe $0.assumingMemoryBound(to: UInt8.self) + y * stride }
    }

    fileprivate func rows(_ neighbors: ChromaSiting.Neighbors, after offset: Int = 0) -> cpixels_chroma_rows {
        unsafe cpixels_chroma_rows(
            near: address(ofRow: neighbors.near).map { unsafe $0 + offset },
            far: address(ofRow: neighbors.far).map { unsafe $0 + offset },
            near_weight: Int32(neighbors.nearWeight)
        )
    }
}

extension UnpackedPixels {
    fileprivate func forC(_ siting: ChromaSiting, _ shape: PictureLayout) -> cpixels_unpacking {
        let width = shape.size.width
        return cpixels_unpacking(
            columns: Int32(width),
            chroma_columns: Int32(source.chroma?.chromaWidth(ofLuma: width) ?? width),
            chroma: siting.columns.forC,
            depth: Int32(source.bitDepth),
            shift: Int32(source.lowZeroBits),
            chroma_step: source.isSemiPlanar ? 2 : 1,
            is_identity: isIdentity ? 1 : 0,
            bytes_per_pixel: Int32(bytesPerPixel),
            first_color: Int32(firstColor),
            luma: Int32(weights.luma),
            offset: Int32(offset),
            first: Int32(weights.first),
            middle_by_first: Int32(weights.middleByFirst),
            middle_by_last: Int16(weights.middleByLast),
            last: Int16(weights.last)
        )
    }
}

extension ChromaSiting.Columns {
    fileprivate var forC: cpixels_columns {
        switch self {
        case .all: cpixels_columns_all
        case .left: cpixels_columns_left
        case .center: cpixels_columns_center
        }
    }
}
