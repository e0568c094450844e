/// Where chroma samples are that are made from two columns.
enum ChromaHalving: Hashable, Sendable {
    case left, center
}

/// One or two source rows of packed pixels; for one, both ranges are the same.
struct PackedRows {
    var pixels: PackedPixels
    var first: Range<Int>
    var second: Range<Int>
}

/// Target rows; their counts are the number of bytes of samples to write.
struct TargetRows {
    var luma: Range<Int>
    var secondLuma: Range<Int>?
    var cb: Range<Int>
    var cr: Range<Int>
}

// What must hold before a kernel is called; a row that breaks it is a defect here, and traps.

func checkRow(_ row: Range<Int>, in byteCount: Int) {
    precondition(row.lowerBound >= 0 && row.upperBound <= byteCount, "a row lies in its picture")
    precondition(row.count <= Int(Int32.max), "a kernel counts in 32 bits")
}

func checkRows(_ first: Range<Int>, _ second: Range<Int>, in source: RawSpan, atLeast needed: Int) {
    checkRow(first, in: source.byteCount)
    checkRow(second, in: source.byteCount)
    precondition(first.count == second.count, "two rows have the same length")
    precondition(first.count >= needed, "a source row is as long as its target needs")
}

extension PackedRows {
    func check(in source: RawSpan) {
        checkRows(first, second, in: source, atLeast: pixels.bytesPerPixel)
        precondition(first.count.isMultiple(of: pixels.bytesPerPixel), "a row is of whole pixels")
    }
}

extension TargetRows {
    func check(columns: Int, chromaColumns: Int, of sampleBytes: Int, in target: borrowing MutableRawSpan) {
        for row in [luma, secondLuma ?? luma, cb, cr] {
            checkRow(row, in: target.byteCount)
            precondition(row.count.isMultiple(of: sampleBytes), "a row is of whole samples")
        }
        precondition(luma.count <= columns * sampleBytes, "luma has no more columns than its source")
        precondition(secondLuma.map { $0.count == luma.count } ?? true, "luma rows are alike")
        precondition(
            cb.count == cr.count && cb.count <= chromaColumns * sampleBytes,
            "chroma has no more columns than its source"
        )
    }
}
