internal import VideoTypes

/// The rows of one strip: their numbers in the plane, and where their bytes are in the strip.
struct SourceRows {
    let all: Range<Int>
    let rowsPerGroup: Int
    private let plane: PictureLayout.Plane

    /// Traps if the strip is not one of the picture's, or splits rows that belong together.
    init(strip: StripConverter.Strip, of layout: PictureLayout, rowsPerGroup: Int) {
        precondition(layout.planes.indices.contains(strip.plane), "a strip is of one of the source's planes")
        plane = layout.planes[strip.plane]
        precondition(strip.firstRow >= 0 && strip.rows > 0, "a strip has rows")
        precondition(strip.rows <= plane.rows - strip.firstRow, "a strip's rows are the plane's")
        all = strip.firstRow..<strip.firstRow + strip.rows
        precondition(all.lowerBound.isMultiple(of: rowsPerGroup), "a strip starts with a whole group of rows")
        precondition(
            all.upperBound == plane.rows || all.upperBound.isMultiple(of: rowsPerGroup),
            "a strip ends with a whole group of rows"
        )
        precondition(strip.byteCount == strip.rows * plane.stride, "a strip holds its rows' strides")
        self.rowsPerGroup = rowsPerGroup
    }

    /// The first row of each group.
    var groups: StrideTo<Int> { stride(from: all.lowerBound, to: all.upperBound, by: rowsPerGroup) }

    /// Where a row of the plane is in the strip; for the row below an odd last one, that last one.
    func bytes(_ y: Int) -> Range<Int> {
        let start = (min(y, all.upperBound - 1) - all.lowerBound) * plane.stride
        return start..<start + plane.rowBytes
    }
}
