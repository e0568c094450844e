internal import CPixels
internal import VideoTypes

extension PictureDifference.Component {
    /// Compares one component of two pictures whose planes have the same rows.
    init(
        comparing place: SamplePlace,
        in first: RawSpan,
        _ plane: PictureLayout.Plane,
        with second: RawSpan,
        _ other: PictureLayout.Plane
    ) {
        precondition(plane.rowBytes == other.rowBytes && plane.rows == other.rows, "planes of one kind are compared")
        precondition(first.byteCount >= plane.offset + plane.byteCount, "a plane lies in its picture")
        precondition(second.byteCount >= other.offset + other.byteCount, "a plane lies in its picture")
        let (columns, rows) = (plane.rowBytes / (place.bytes * place.step), plane.rows)
        var (error, similarities) = (UInt64(0), 0.0)
        var how = place.forC
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                guard let start = first.baseAddress, let otherStart = second.baseAddress else { return }
                let offset = place.first * place.bytes
                let from = unsafe start.assumingMemoryBound(to: UInt8.self) + plane.offset + offset
                let to = unsafe otherStart.assumingMemoryBound(to: UInt8.self) + other.offset + offset
                // SAFETY: reads `columns` samples of each of `rows` rows, of which as many are in both planes, from the
                // component's first on.
                for y in 0..<rows {
                    let (row, otherRow) = unsafe (from + y * plane.stride, to + y * other.stride)
                    error += unsafe cpixels_squared_error(&how, row, otherRow, Int32(columns))
                }
                similarities = unsafe cpixels_similarity(
                    &how,
                    from,
                    plane.stride,
                    to,
                    other.stride,
                    Int32(columns),
                    Int32(rows)
                )
            }
        }
        let windows = max(0, columns / 4 - 1) * max(0, rows / 4 - 1)
        self.init(
            name: place.name,
            squaredError: error,
            samples: columns * rows,
            similarity: windows > 0 ? similarities / Double(windows) : nil
        )
    }
}

extension SamplePlace {
    fileprivate var forC: cpixels_samples {
        cpixels_samples(bytes: Int32(bytes), step: Int32(step), shift: Int32(shift), most: Int32(most))
    }
}
