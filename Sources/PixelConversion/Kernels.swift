internal import CPixels

/// The only calls to the C kernels. Rows are ranges of bytes in spans; each call checks that they lie there and have
/// the lengths that the kernel relies on, and traps otherwise.
enum Kernels {
    /// Rows of packed pixels to luma rows, and to one row of each chroma with half the columns.
    static func halve(
        _ rows: PackedRows,
        _ halving: ChromaHalving,
        from source: RawSpan,
        to target: TargetRows,
        in bytes: inout MutableRawSpan
    ) {
        let columns = rows.first.count / rows.pixels.bytesPerPixel
        rows.check(in: source)
        target.check(columns: columns, chromaColumns: (columns + 1) / 2, of: rows.pixels.bytesPerSample, in: bytes)
        var format = rows.pixels.forC
        unsafe withBytes(source, &bytes) { source, bytes in
            var targetRows = unsafe target.forC(bytes, bytesPerSample: rows.pixels.bytesPerSample)
            // SAFETY: the kernel reads `columns` pixels of each source row and writes no more than the counts of the
            // target rows, both checked above.
            unsafe cpixels_packed_to_halved(
                &format,
                halving.forC,
                source + rows.first.lowerBound,
                source + rows.second.lowerBound,
                Int32(columns),
                &targetRows
            )
        }
    }

    /// A row of packed pixels to a row of luma and of each chroma with all columns.
    static func convert(
        _ rows: PackedRows,
        from source: RawSpan,
        to target: TargetRows,
        in bytes: inout MutableRawSpan
    ) {
        let columns = rows.first.count / rows.pixels.bytesPerPixel
        rows.check(in: source)
        target.check(columns: columns, chromaColumns: columns, of: rows.pixels.bytesPerSample, in: bytes)
        precondition(target.cb.count == target.luma.count, "4:4:4 chroma has luma's columns")
        var format = rows.pixels.forC
        unsafe withBytes(source, &bytes) { source, bytes in
            var targetRows = unsafe target.forC(bytes, bytesPerSample: rows.pixels.bytesPerSample)
            // SAFETY: the kernel reads and writes `luma_columns` columns, at most those of the checked rows.
            unsafe cpixels_packed_to_full(&format, source + rows.first.lowerBound, &targetRows)
        }
    }

    /// One row with half the columns from two rows, which may be the same.
    static func halve(
        _ first: Range<Int>,
        _ second: Range<Int>,
        _ halving: ChromaHalving,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        checkRows(first, second, in: source, atLeast: target.count * 2 - 1)
        checkRow(target, in: bytes.byteCount)
        guard !target.isEmpty else { return }
        unsafe withBytes(source, &bytes) { source, bytes in
            // SAFETY: reads `first.count` bytes of each row, writes `target.count`, at most half of it rounded up.
            unsafe cpixels_halve(
                halving.forC,
                source + first.lowerBound,
                source + second.lowerBound,
                Int32(first.count),
                bytes + target.lowerBound,
                Int32(target.count)
            )
        }
    }

    /// The mean of two rows, which may be the same.
    static func mean(
        _ first: Range<Int>,
        _ second: Range<Int>,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        checkRows(first, second, in: source, atLeast: target.count)
        checkRow(target, in: bytes.byteCount)
        unsafe withBytes(source, &bytes) { source, bytes in
            // SAFETY: reads and writes `target.count` bytes of the checked rows.
            unsafe cpixels_mean(
                source + first.lowerBound,
                source + second.lowerBound,
                bytes + target.lowerBound,
                Int32(target.count)
            )
        }
    }

    /// As many bytes of a source row as the target row has.
    static func copy(
        _ row: Range<Int>,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        checkRows(row, row, in: source, atLeast: target.count)
        checkRow(target, in: bytes.byteCount)
        unsafe withBytes(source, &bytes) { source, bytes in
            // SAFETY: both rows have `target.count` bytes, checked above.
            unsafe (bytes + target.lowerBound).update(from: source + row.lowerBound, count: target.count)
        }
    }

    /// Bytes of the target to another place in it.
    static func copy(_ row: Range<Int>, to offset: Int, in bytes: inout MutableRawSpan) {
        checkRow(row, in: bytes.byteCount)
        checkRow(offset..<offset + row.count, in: bytes.byteCount)
        unsafe bytes.withUnsafeMutableBytes { bytes in
            // SAFETY: both ranges lie in the target, checked above.
            guard let start = bytes.baseAddress else { return }
            unsafe (start + offset).copyMemory(from: start + row.lowerBound, byteCount: row.count)
        }
    }

    /// The same sample along a row.
    ///
    /// - Parameter bytesPerSample: 1 or 2, the low byte first.
    static func fill(_ row: Range<Int>, with value: Int, bytesPerSample: Int, in bytes: inout MutableRawSpan) {
        checkRow(row, in: bytes.byteCount)
        precondition(row.count.isMultiple(of: bytesPerSample), "a row is of whole samples")
        for place in stride(from: 0, to: min(row.count, bytesPerSample), by: 1) {
            bytes.storeBytes(
                of: UInt8(truncatingIfNeeded: value >> (8 * place)),
                toByteOffset: row.lowerBound + place,
                as: UInt8.self
            )
        }
        // Doubles the filled part each time.
        var filled = bytesPerSample
        while filled < row.count {
            let count = min(filled, row.count - filled)
            copy(row.lowerBound..<row.lowerBound + count, to: row.lowerBound + filled, in: &bytes)
            filled += count
        }
    }

    /// The addresses of two spans for the length of a call; does nothing if either is empty.
    static func withBytes(
        _ source: RawSpan,
        _ target: inout MutableRawSpan,
        _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
    ) {
        unsafe target.withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe body(
                    from.assumingMemoryBound(to: UInt8.self),
                    to.assumingMemoryBound(to: UInt8.self)
                )
            }
        }
    }
}

extension ChromaHalving {
    var forC: cpixels_location {
        switch self {
        case .left: cpixels_location_left
        case .center: cpixels_location_center
        }
    }
}

extension PackedPixels {
    fileprivate var forC: cpixels_packed {
        cpixels_packed(
            bytes_per_pixel: Int32(bytesPerPixel),
            first_color: Int32(firstColor),
            alpha: alpha.forC,
            background: background,
            depth: Int32(bitDepth),
            luma: (luma[0], luma[1], luma[2]),
            cb: (cb[0], cb[1], cb[2]),
            cr: (cr[0], cr[1], cr[2]),
            black: Int32(black)
        )
    }
}

extension PackedPixels.Alpha {
    var forC: cpixels_alpha {
        switch self {
        case .ignored: cpixels_alpha_ignored
        case .over: cpixels_alpha_over
        case .premultipliedOver: cpixels_alpha_premultiplied_over
        case .unpremultiplied: cpixels_alpha_unpremultiplied
        }
    }
}

extension TargetRows {
    func forC(_ bytes: UnsafeMutablePointer<UInt8>, bytesPerSample: Int) -> cpixels_rows {
        unsafe cpixels_rows(
            luma: bytes + luma.lowerBound,
            second_luma: secondLuma.map { unsafe bytes + $0.lowerBound },
            cb: bytes + cb.lowerBound,
            cr: bytes + cr.lowerBound,
            luma_columns: Int32(luma.count / bytesPerSample),
            chroma_columns: Int32(cb.count / bytesPerSample)
        )
    }
}
