internal import CPixels

/// One or two source rows of samples, and which of those that are in pairs are meant.
struct SampleRows {
    var first: Range<Int>
    /// The row that is summed up with the first; `nil` if none is.
    var second: Range<Int>?
    /// 0, or 1 for the second of each pair.
    var component = 0
    /// Which of each pair of the target's is written.
    var targetComponent = 0
}

extension Kernels {
    /// A row of samples to a row of others, with half the columns if `halving` is set.
    static func resample(
        _ rows: SampleRows,
        _ resampling: PlaneStep.Resampling,
        _ halving: ChromaHalving?,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        let step = resampling.source.bytes * resampling.source.step
        let columns = rows.first.count / step
        let targetStep = resampling.target.bytes * resampling.target.step
        let wanted = target.count / targetStep
        checkRows(rows.first, rows.second ?? rows.first, in: source, atLeast: wanted * step)
        checkRow(target, in: bytes.byteCount)
        precondition(rows.first.count.isMultiple(of: step), "a source row is of whole samples")
        precondition(target.count.isMultiple(of: targetStep), "a target row is of whole samples")
        precondition(
            (0..<resampling.source.step).contains(rows.component)
                && (0..<resampling.target.step).contains(rows.targetComponent),
            "a component is one of those that there are"
        )
        guard wanted > 0 else { return }
        var how = resampling.forC(halving)
        let start = rows.component * resampling.source.bytes
        let targetStart = rows.targetComponent * resampling.target.bytes
        let kernel = unsafe resampling.isWide ? cpixels_resample_wide : cpixels_resample
        unsafe withBytes(source, &bytes) { source, bytes in
            // SAFETY: reads `columns` samples of each row, of which as many are there as bytes, from the component
            // on; writes `wanted`, at most as many, likewise.
            unsafe kernel(
                &how,
                source + rows.first.lowerBound + start,
                rows.second.map { unsafe source + $0.lowerBound + start },
                Int32(columns),
                bytes + target.lowerBound + targetStart,
                Int32(wanted)
            )
        }
    }

    /// One byte of each pixel of a row.
    static func channel(
        _ row: Range<Int>,
        place: Int,
        of bytesPerPixel: Int,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        checkRows(row, row, in: source, atLeast: target.count * bytesPerPixel)
        checkRow(target, in: bytes.byteCount)
        precondition((0..<bytesPerPixel).contains(place), "a channel is a byte of its pixel")
        unsafe withBytes(source, &bytes) { source, bytes in
            // SAFETY: reads `target.count` pixels and writes as many bytes, both checked above.
            let (from, to) = unsafe (source + row.lowerBound + place, bytes + target.lowerBound)
            for x in 0..<target.count { unsafe to[x] = from[x * bytesPerPixel] }
        }
    }

    /// The alpha of a row of packed pixels.
    static func alpha(
        _ row: Range<Int>,
        place: Int,
        from source: RawSpan,
        to target: Range<Int>,
        in bytes: inout MutableRawSpan
    ) {
        checkRows(row, row, in: source, atLeast: target.count * 4)
        checkRow(target, in: bytes.byteCount)
        precondition((0..<4).contains(place), "alpha is a byte of its pixel")
        unsafe withBytes(source, &bytes) { source, bytes in
            // SAFETY: reads `target.count` pixels of four bytes and writes as many bytes, both checked above.
            unsafe cpixels_packed_to_alpha(
                source + row.lowerBound,
                Int32(place),
                bytes + target.lowerBound,
                Int32(target.count)
            )
        }
    }
}

extension PlaneStep.Resampling {
    /// Sums of eight samples need more than 16 bits.
    fileprivate var isWide: Bool { max(source.most, target.most) > 4095 }

    fileprivate func forC(_ halving: ChromaHalving?) -> cpixels_resampling {
        let divides = scale.denominator.nonzeroBitCount != 1 || scale.numerator.nonzeroBitCount != 1
        return cpixels_resampling(
            source_bytes: Int32(source.bytes),
            source_step: Int32(source.step),
            source_shift: Int32(source.shift),
            source_most: UInt16(source.most),
            target_bytes: Int32(target.bytes),
            target_step: Int32(target.step),
            target_shift: Int32(target.shift),
            target_most: Int32(target.most),
            columns: halving?.columnsForC ?? cpixels_columns_all,
            divides: divides ? 1 : 0,
            multiplier: Int32(divides ? scale.numerator : scale.numerator.trailingZeroBitCount),
            offset: Int32(scale.offset),
            divisor: Int32(divides ? scale.denominator : scale.denominator.trailingZeroBitCount),
            is_wide: isWide ? 1 : 0,
            scale: Float(Double(scale.numerator) / Double(scale.denominator)),
            bias: Float(Double(scale.offset) / Double(scale.denominator))
        )
    }
}

extension ChromaHalving {
    fileprivate var columnsForC: cpixels_columns {
        switch self {
        case .left: cpixels_columns_left
        case .center: cpixels_columns_center
        }
    }
}
