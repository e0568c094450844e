internal import CPixels
internal import VideoTypes

extension Kernels {
    /// Rows of deep RGB to luma rows, and to one row of each chroma with half the columns.
    static func halve(
        _ rows: DeepRows,
        _ pixels: DeepPixels,
        _ halving: ChromaHalving,
        from source: RawSpan,
        to target: TargetRows,
        in bytes: inout MutableRawSpan
    ) {
        rows.check(pixels, in: source)
        target.check(
            columns: rows.columns,
            chromaColumns: (rows.columns + 1) / 2,
            of: pixels.bytesPerSample,
            in: bytes
        )
        var format = pixels.forC
        unsafe withBytes(source, &bytes) { source, bytes in
            var (first, second) = unsafe (pixels.row(rows.first, source), pixels.row(rows.second, source))
            var targetRows = unsafe target.forC(bytes, bytesPerSample: pixels.bytesPerSample)
            // SAFETY: the kernel reads `columns` pixels of each source row and writes no more than the counts of the
            // target rows, both checked above.
            unsafe cpixels_deep_to_halved(
                &format,
                halving.forC,
                &first,
                &second,
                Int32(rows.columns),
                &targetRows
            )
        }
    }

    /// A row of deep RGB to a row of luma and of each chroma with all columns.
    static func convert(
        _ rows: DeepRows,
        _ pixels: DeepPixels,
        from source: RawSpan,
        to target: TargetRows,
        in bytes: inout MutableRawSpan
    ) {
        rows.check(pixels, in: source)
        target.check(columns: rows.columns, chromaColumns: rows.columns, of: pixels.bytesPerSample, in: bytes)
        precondition(target.cb.count == target.luma.count, "4:4:4 chroma has luma's columns")
        var format = pixels.forC
        unsafe withBytes(source, &bytes) { source, bytes in
            var row = unsafe pixels.row(rows.first, source)
            var targetRows = unsafe target.forC(bytes, bytesPerSample: pixels.bytesPerSample)
            // SAFETY: the kernel reads and writes `luma_columns` columns, at most those of the checked rows.
            unsafe cpixels_deep_to_full(&format, &row, &targetRows)
        }
    }

    /// The alpha of a row of deep RGB, in 8 bits.
    static func alpha(
        _ rows: DeepRows,
        _ pixels: DeepPixels,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        rows.check(pixels, in: source)
        checkRow(target, in: bytes.byteCount)
        precondition(pixels.hasAlpha && rows.columns >= target.count, "a row has alpha for its target")
        var format = pixels.forC
        unsafe withBytes(source, &bytes) { source, bytes in
            var row = unsafe pixels.row(rows.first, source)
            // SAFETY: reads `target.count` pixels and writes as many bytes, both checked above.
            unsafe cpixels_deep_to_alpha(&format, &row, bytes + target.lowerBound, Int32(target.count))
        }
    }

    /// A row of packed 4:2:2 to a row of each component.
    static func unpack(
        _ row: Range<Int>,
        _ arrangement: PixelFormat.PackedYUV,
        columns: Int,
        from source: RawSpan,
        to target: TargetRows,
        in bytes: inout MutableRawSpan
    ) {
        let isDeep = arrangement == .v210
        checkRow(row, in: source.byteCount)
        precondition(row.count >= (isDeep ? (columns + 5) / 6 * 16 : (columns + 1) / 2 * 4), "a row has its columns")
        let size = isDeep ? 2 : 1
        target.check(columns: columns, chromaColumns: (columns + 1) / 2, of: size, in: bytes)
        precondition(
            target.luma.count == columns * size && target.cb.count == (columns + 1) / 2 * size,
            "all columns are unpacked"
        )
        unsafe withBytes(source, &bytes) { source, bytes in
            let from = unsafe source + row.lowerBound
            let (luma, cb, cr) = unsafe (
                bytes + target.luma.lowerBound, bytes + target.cb.lowerBound, bytes + target.cr.lowerBound
            )
            // SAFETY: reads whole groups of the row and writes `columns` samples, all checked above.
            switch arrangement {
            case .lumaFirst: unsafe cpixels_unpack_422(from, 0, Int32(columns), luma, cb, cr)
            case .chromaFirst: unsafe cpixels_unpack_422(from, 1, Int32(columns), luma, cb, cr)
            case .v210: unsafe cpixels_unpack_v210(from, Int32(columns), luma, cb, cr)
            }
        }
    }
}

extension Kernels {
    /// A row of each component to a row of packed 4:2:2.
    static func pack(
        _ rows: (luma: Range<Int>, cb: Range<Int>, cr: Range<Int>),
        _ arrangement: PixelFormat.PackedYUV,
        columns: Int,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        let isDeep = arrangement == .v210
        let size = isDeep ? 2 : 1
        for row in [rows.luma, rows.cb, rows.cr] { checkRow(row, in: source.byteCount) }
        checkRow(target, in: bytes.byteCount)
        precondition(
            rows.luma.count >= columns * size && min(rows.cb.count, rows.cr.count) >= (columns + 1) / 2 * size,
            "a row has its columns"
        )
        precondition(target.count >= (isDeep ? (columns + 5) / 6 * 16 : (columns + 1) / 2 * 4), "a row has room")
        unsafe withBytes(source, &bytes) { source, bytes in
            let (luma, cb, cr) = unsafe (
                source + rows.luma.lowerBound, source + rows.cb.lowerBound, source + rows.cr.lowerBound
            )
            let to = unsafe bytes + target.lowerBound
            // SAFETY: reads `columns` samples of each row and writes whole groups, all checked above.
            switch arrangement {
            case .lumaFirst: unsafe cpixels_pack_422(luma, cb, cr, 0, Int32(columns), to)
            case .chromaFirst: unsafe cpixels_pack_422(luma, cb, cr, 1, Int32(columns), to)
            case .v210: unsafe cpixels_pack_v210(luma, cb, cr, Int32(columns), to)
            }
        }
    }
}

extension DeepRows {
    fileprivate func check(_ pixels: DeepPixels, in source: RawSpan) {
        precondition(columns > 0 && columns <= Int(Int32.max) / 16, "a kernel counts in 32 bits")
        // The last sample that a component's row reads.
        let length = (columns - 1) * pixels.bytesPerPixel + pixels.sampleBytes
        for component in 0..<(pixels.hasAlpha ? 4 : 3) {
            let (start, other) = (first[component], second[component])
            precondition(min(start, other) >= 0, "a row lies in its picture")
            precondition(max(start, other) <= source.byteCount - length, "a row lies in its picture")
        }
    }
}

extension DeepPixels {
    fileprivate var forC: cpixels_deep {
        var shifts = SIMD3<Int32>()
        var samples = isFloat ? cpixels_deep_floats : cpixels_deep_integers
        if case .bits(let red, let green, let blue) = arrangement {
            shifts = SIMD3(Int32(red), Int32(green), Int32(blue))
            samples = cpixels_deep_bits
        }
        return cpixels_deep(
            samples: samples,
            sample_bytes: Int32(sampleBytes),
            step: Int32(bytesPerPixel / sampleBytes),
            red_shift: shifts[0],
            green_shift: shifts[1],
            blue_shift: shifts[2],
            most: most,
            alpha: alpha.forC,
            background: (background[0], background[1], background[2]),
            depth: Int32(bitDepth),
            luma: (luma[0], luma[1], luma[2], luma[3]),
            cb: (cb[0], cb[1], cb[2], cb[3]),
            cr: (cr[0], cr[1], cr[2], cr[3])
        )
    }

    fileprivate func row(_ starts: SIMD4<Int>, _ source: UnsafePointer<UInt8>) -> cpixels_deep_row {
        unsafe cpixels_deep_row(
            red: source + starts[0],
            green: source + starts[1],
            blue: source + starts[2],
            alpha: hasAlpha ? source + starts[3] : nil
        )
    }
}
