public import VideoTypes

/// Puts planes of 4:2:2 into one plane, sample for sample: the way back from what ``StripConverter`` unpacks.
///
/// Thread-safety: a value without state; any number of pictures at once.
public struct YUVPacker: Sendable {
    /// What is packed: three planes, without gaps.
    public let source: PictureLayout
    /// What it becomes.
    public let target: PictureLayout
    private let arrangement: PixelFormat.PackedYUV

    /// A packer for pictures of a layout.
    ///
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)`` if the target is not packed YUV.
    public init(target: PictureLayout) throws(EncoderConfigError) {
        let plain = PixelFormat.planar(.yuv422, bitDepth: target.format.bitDepth)
        guard case .packedYUV(let arrangement) = target.format.components,
            let source = PictureLayout(format: plain, size: target.size)
        else { throw .unsupported("\(target.format.rawValue) is not packed YUV") }
        (self.source, self.target, self.arrangement) = (source, target, arrangement)
    }

    /// Packs a picture; what is beyond its rows becomes 0.
    ///
    /// - Parameters:
    ///   - picture: The whole source picture.
    ///   - bytes: Room for the whole target picture.
    public func pack(_ picture: RawSpan, into bytes: inout MutableRawSpan) {
        precondition(picture.byteCount >= source.byteCount, "a picture is all there")
        precondition(bytes.byteCount >= target.byteCount, "the target holds a whole picture")
        let plane = target.planes[0]
        for y in 0..<plane.rows {
            func row(_ index: Int) -> Range<Int> {
                let start = source.planes[index].offset + y * source.planes[index].stride
                return start..<start + source.planes[index].rowBytes
            }
            let start = plane.offset + y * plane.stride
            let end = start + plane.rowBytes
            Kernels.pack(
                (row(0), row(1), row(2)),
                arrangement,
                columns: source.size.width,
                from: picture,
                to: start..<end,
                in: &bytes
            )
            Kernels.fill(end..<start + plane.stride, with: 0, bytesPerSample: 1, in: &bytes)
        }
    }
}
