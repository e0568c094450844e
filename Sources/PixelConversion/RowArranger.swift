public import VideoTypes

/// Copies a picture whose rows or samples are not where its format has them to where it has: from bottom to top, with more rows
/// between planes, or with samples in higher bits.
///
/// Thread-safety: a value without state; any number of pictures at once.
public struct RowArranger: Sendable {
    /// What is copied.
    public let source: PictureLayout
    /// What it becomes: the same format and size, without gaps.
    public let target: PictureLayout

    private let shifting: PlaneStep.Resampling?

    /// An arranger for pictures of a layout.
    ///
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)`` for a picture that overflows.
    public init(source: PictureLayout) throws(EncoderConfigError) {
        guard let target = PictureLayout(format: source.format, size: source.size) else {
            throw .unsupported("a picture of \(source.size) overflows")
        }
        (self.source, self.target) = (source, target)
        shifting = source.sampleShift > 0 ? PlaneStep.Resampling(shiftingDown: source) : nil
    }

    /// Copies a picture.
    ///
    /// - Parameters:
    ///   - picture: The whole source picture.
    ///   - bytes: Room for the whole target picture.
    public func arrange(_ picture: RawSpan, into bytes: inout MutableRawSpan) {
        precondition(picture.byteCount >= source.byteCount, "a picture is all there")
        precondition(bytes.byteCount >= target.byteCount, "the target holds a whole picture")
        for (from, to) in zip(source.planes, target.planes) {
            for y in 0..<to.rows {
                let start = from.offset + (source.isBottomUp ? from.rows - 1 - y : y) * from.stride
                let row = to.offset + y * to.stride
                copy(start..<start + to.rowBytes, of: picture, to: row..<row + to.rowBytes, in: &bytes)
            }
        }
    }

    private func copy(_ row: Range<Int>, of picture: RawSpan, to target: Range<Int>, in bytes: inout MutableRawSpan) {
        if let shifting {
            Kernels.resample(SampleRows(first: row), shifting, nil, from: picture, to: target, in: &bytes)
        } else {
            Kernels.copy(row, from: picture, to: target, in: &bytes)
        }
    }
}

extension PlaneStep.Resampling {
    /// The samples of a layout where its format has them.
    fileprivate init(shiftingDown layout: PictureLayout) {
        let format = layout.format
        target = PlaneStep.Samples(of: format)
        source = target
        source.shift = layout.sampleShift
        scale = .depth(from: format.bitDepth, to: format.bitDepth, fullRange: false, isChroma: false, count: 1)
    }
}
