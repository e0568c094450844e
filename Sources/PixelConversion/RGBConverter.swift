public import VideoTypes

/// Converts planar YUV and gray to packed RGB of 8 bits, row by row: the way back from what ``StripConverter`` makes.
///
/// Chroma is interpolated linearly between the two nearest samples in each direction, from where they are: on the columns of
/// `left`, a sample or the mean of two; between those of `center`, 3/4 of the nearer and 1/4 of the farther; so, too, between
/// rows. Outside the edges, the outermost samples repeat. Colors out of range become the nearest in range, and samples over
/// their depth its largest value. Results differ by at most 1 from the formulas of ITU-T H.273 for the interpolated samples.
/// Alpha is copied if both formats have it, else it is 255.
///
/// Thread-safety: a value without state; any number of conversions at once, also of ranges of rows of one picture.
public struct RGBConverter: Sendable {
    /// The format of what is converted.
    public let source: PixelFormat
    /// What it becomes; the source has its size.
    public let target: PictureLayout

    /// The source's planes, if their rows was without a gap.
    private let shape: PictureLayout
    private let siting: ChromaSiting
    private let pixels: UnpackedPixels

    /// A converter from a format to a layout.
    ///
    /// - Parameters:
    ///   - source: Planar or semi-planar YUV of 8, 10 or 12 bits, or gray.
    ///   - target: How the RGB picture is laid out in memory.
    ///   - color: The source's color: its matrix and range decide. With the identity matrix, which has 4:4:4 alone, the
    ///     planes are green, blue and red.
    ///   - chromaLocation: Where the source's chroma is, any of H.264's six; unused in 4:4:4.
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)``, naming what is not built in.
    public init(
        source: PixelFormat,
        target: PictureLayout,
        color: VideoColorSpace,
        chromaLocation: ChromaLocation
    ) throws(EncoderConfigError) {
        guard let shape = PictureLayout(format: source, size: target.size) else {
            throw .unsupported("a picture of \(target.size) overflows")
        }
        pixels = try UnpackedPixels(from: source, to: target.format, color)
        siting = try ChromaSiting(of: source, at: chromaLocation)
        (self.source, self.target, self.shape) = (source, target, shape)
    }

    /// Converts rows of a picture whose planes are in foreign memory, such as a decoder's.
    ///
    /// - Parameters:
    ///   - planes: All planes of the whole source picture.
    ///   - rows: Which rows to convert; any, at least one.
    ///   - bytes: The target from the first of these rows on.
    @unsafe
    public func convert(_ planes: [SourcePlane], rows: Range<Int>, into bytes: inout MutableRawSpan) {
        let plane = target.planes[0]
        precondition(rows.lowerBound >= 0 && rows.upperBound <= plane.rows && !rows.isEmpty, "rows are the picture's")
        precondition(bytes.byteCount >= (rows.count - 1) * plane.stride + plane.rowBytes, "the target holds its rows")
        unsafe precondition(planes.count == shape.planes.count, "a picture has all planes of its format")
        for (index, plane) in shape.planes.enumerated() { unsafe planes[index].check(holds: plane) }
        for y in rows {
            let start = (y - rows.lowerBound) * plane.stride
            unsafe Kernels.unpack(
                planes,
                row: y,
                pixels,
                siting,
                shape: shape,
                to: start..<start + plane.rowBytes,
                in: &bytes
            )
        }
    }

    /// Converts a picture, or rows of it.
    ///
    /// - Parameters:
    ///   - picture: The whole source picture.
    ///   - layout: How it is there; the converter's format and size.
    ///   - rows: Which rows to convert; all by default.
    ///   - bytes: The target from the first of these rows on.
    public func convert(
        picture: RawSpan,
        layout: PictureLayout,
        rows: Range<Int>? = nil,
        into bytes: inout MutableRawSpan
    ) {
        precondition(layout.format == source && layout.size == target.size, "a picture is what the converter takes")
        precondition(picture.byteCount >= layout.byteCount, "a picture is all there")
        unsafe picture.withUnsafeBytes { picture in
            let planes = unsafe layout.planes.map { plane in
                let end = plane.offset + (plane.rows - 1) * plane.stride + plane.rowBytes
                return unsafe SourcePlane(
                    bytes: UnsafeRawBufferPointer(rebasing: picture[plane.offset..<end]),
                    stride: plane.stride
                )
            }
            unsafe convert(planes, rows: rows ?? 0..<layout.size.height, into: &bytes)
        }
    }

    /// Converts a whole frame.
    public func convert(_ frame: borrowing VideoFrame, into bytes: inout MutableRawSpan) {
        let layout = frame.layout
        frame.withBytes { convert(picture: $0, layout: layout, into: &bytes) }
    }
}

/// One plane of a picture in foreign memory, which stays valid as long as this is used.
@unsafe
public struct SourcePlane {
    let bytes: UnsafeRawBufferPointer
    let stride: Int

    /// A plane.
    ///
    /// - Parameters:
    ///   - bytes: From the first row to the end of the last one, at least.
    ///   - stride: Bytes from the start of one row to the start of the next.
    public init(bytes: UnsafeRawBufferPointer, stride: Int) {
        unsafe self.bytes = bytes
        unsafe self.stride = stride
    }

    func check(holds plane: PictureLayout.Plane) {
        unsafe precondition(stride >= plane.rowBytes, "a plane's rows do not overlap")
        let (start, overflow) = unsafe stride.multipliedReportingOverflow(by: plane.rows - 1)
        unsafe precondition(
            !overflow && bytes.count - plane.rowBytes >= start,
            "a plane has all of its picture's rows"
        )
    }
}
