internal import VideoTypes

/// One target plane, and how much of it the source fills; the rest is at most one column and one row.
struct PlaneFit: Hashable, Sendable {
    let plane: PictureLayout.Plane
    /// Bytes that belong together: those of a sample, or of a pair of chroma samples.
    let sampleBytes: Int
    /// Bytes of a row that come from the source.
    let filledBytes: Int
    /// Rows that the whole source gives; more than the plane has if it is cropped, fewer if it is padded.
    let sourceRows: Int

    /// - Parameters:
    ///   - plane: The target's plane.
    ///   - natural: The same plane of a target that is as large as the source.
    ///   - sampleBytes: Bytes that belong together.
    init(plane: PictureLayout.Plane, natural: PictureLayout.Plane, sampleBytes: Int) {
        self.plane = plane
        self.sampleBytes = sampleBytes
        filledBytes = min(plane.rowBytes, natural.rowBytes)
        sourceRows = natural.rows
    }

    /// Where the bytes of a row go that come from the source; `nil` if the row is cropped away.
    func row(_ y: Int) -> Range<Int>? {
        guard y < plane.rows else { return nil }
        let start = plane.offset + y * plane.stride
        return start..<start + filledBytes
    }

    /// Repeats the last column, and below the source's last row that row, where the target is larger.
    func pad(_ row: Range<Int>, _ y: Int, in target: inout MutableRawSpan) {
        var padded = row
        if filledBytes < plane.rowBytes {
            padded = row.lowerBound..<row.upperBound + sampleBytes
            let last = row.upperBound - sampleBytes..<row.upperBound
            Kernels.copy(last, to: row.upperBound, in: &target)
        }
        if y == sourceRows - 1, sourceRows < plane.rows {
            Kernels.copy(padded, to: row.lowerBound + plane.stride, in: &target)
        }
    }
}
