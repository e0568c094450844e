public import VideoTypes

/// Rotates pictures for display: clockwise, then mirrored, as in WebCodecs (after cropping, which is already done). Every
/// sample is one of the source's.
///
/// Each plane is turned by itself. In 4:2:0 of an odd width or height, chroma that was rounded up at the right or the
/// bottom is at the left or the top then, half a chroma sample off.
///
/// Thread-safety: a value without state; any number of pictures at once.
public struct PictureTurner: Sendable {
    /// What is turned.
    public let source: PictureLayout
    /// What it becomes; its rows are without a gap.
    public let target: PictureLayout
    private let orientation: Orientation

    /// A turner for pictures of a layout.
    ///
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)`` for a quarter turn of 4:2:2, which would have half the rows
    ///   of chroma instead of the columns; such a format is not supported.
    public init(source: PictureLayout, orientation: Orientation) throws(EncoderConfigError) {
        if case .packedYUV = source.format.components {
            throw .unsupported("\(source.format.rawValue) cannot be rotated, as pixels share chroma (use i422)")
        }
        guard source.format.chroma != .yuv422 || !orientation.rotation.isQuarter else {
            throw .unsupported(
                "\(source.format.rawValue) rotated by \(orientation.rotation.rawValue)° is 4:4:0, which Sluice does not support"
                    + " (use i420 or i444)"
            )
        }
        let size = source.size.turned(by: orientation)
        guard let target = PictureLayout(format: source.format, size: size) else {
            throw .unsupported("a picture of \(size) overflows")
        }
        (self.source, self.target, self.orientation) = (source, target, orientation)
    }

    /// Turns a picture.
    ///
    /// - Parameters:
    ///   - picture: The whole source picture.
    ///   - bytes: Room for the whole target picture.
    public func turn(_ picture: RawSpan, into bytes: inout MutableRawSpan) {
        precondition(picture.byteCount >= source.byteCount, "a picture is all there")
        precondition(bytes.byteCount >= target.byteCount, "the target holds a whole picture")
        unsafe picture.withUnsafeBytes { from in
            unsafe bytes.withUnsafeMutableBytes { to in
                for (index, plane) in target.planes.enumerated() {
                    let unit = source.format.unitBytes(ofPlane: index)
                    let path = TurningPath(source.planes[index], unit: unit, orientation)
                    // SAFETY: both spans hold their layouts' planes, as was checked, and a path stays in its plane.
                    unsafe path.copy(from, into: to, plane)
                }
            }
        }
    }
}

extension VideoFrame {
    /// The frame for display: rotated clockwise, then mirrored.
    ///
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)`` where ``PixelConversion/PictureTurner`` does.
    public borrowing func turned(by orientation: Orientation) throws(EncoderConfigError) -> VideoFrame {
        let turner = try PictureTurner(source: layout, orientation: orientation)
        var buffer = PlaneBuffer(byteCount: turner.target.byteCount)
        withBytes { picture in buffer.withMutableBytes { turner.turn(picture, into: &$0) } }
        return VideoFrame(layout: turner.target, buffer: buffer, timestamp: timestamp, duration: duration)
    }
}

/// Where the samples of a turned plane come from: a start, and the steps to the next column's and the next row's.
private struct TurningPath {
    let unit: Int
    let start: Int
    let column: Int
    let row: Int

    init(_ plane: PictureLayout.Plane, unit: Int, _ orientation: Orientation) {
        let (right, down) = ((plane.rowBytes / unit - 1) * unit, (plane.rows - 1) * plane.stride)
        var (start, column) = (0, 0)
        let row: Int
        (start, column, row) =
            switch orientation.rotation {
            case .none: (plane.offset, unit, plane.stride)
            case .right: (plane.offset + down, -plane.stride, unit)
            case .half: (plane.offset + down + right, -unit, -plane.stride)
            case .left: (plane.offset + right, plane.stride, -unit)
            }
        if orientation.flip {
            // From the other end of the row, and back.
            start += orientation.rotation.isQuarter ? column.signum() * down : column.signum() * right
            column = -column
        }
        (self.unit, self.start, self.column, self.row) = (unit, start, column, row)
    }

    /// In squares that stay in the cache, for a quarter turn reads a row of the source for each column.
    private static let side = 32

    func copy(
        _ source: UnsafeRawBufferPointer,
        into target: UnsafeMutableRawBufferPointer,
        _ plane: PictureLayout.Plane
    ) {
        switch unit {
        case 1: unsafe copy(source, into: target, plane, as: UInt8.self)
        case 2: unsafe copy(source, into: target, plane, as: UInt16.self)
        case 3: unsafe copy(source, into: target, plane, as: Triple<UInt8>.self)
        case 4: unsafe copy(source, into: target, plane, as: UInt32.self)
        case 6: unsafe copy(source, into: target, plane, as: Triple<UInt16>.self)
        case 8: unsafe copy(source, into: target, plane, as: UInt64.self)
        case 16: unsafe copy(source, into: target, plane, as: SIMD2<UInt64>.self)
        default: preconditionFailure("a pixel has 1, 2, 3, 4, 6, 8 or 16 bytes")
        }
    }

    /// The three samples of a pixel without a fourth.
    private struct Triple<Sample: BitwiseCopyable>: BitwiseCopyable {
        var first, second, third: Sample
    }

    private func copy<Unit: BitwiseCopyable>(
        _ source: UnsafeRawBufferPointer,
        into target: UnsafeMutableRawBufferPointer,
        _ plane: PictureLayout.Plane,
        as type: Unit.Type
    ) {
        let columns = plane.rowBytes / unit
        for top in stride(from: 0, to: plane.rows, by: Self.side) {
            for left in stride(from: 0, to: columns, by: Self.side) {
                for y in top..<min(top + Self.side, plane.rows) {
                    var from = start + y * row + left * column
                    var to = plane.offset + y * plane.stride + left * unit
                    for _ in left..<min(left + Self.side, columns) {
                        let value = unsafe source.loadUnaligned(fromByteOffset: from, as: type)
                        unsafe target.storeBytes(of: value, toByteOffset: to, as: type)
                        from += column
                        to += unit
                    }
                }
            }
        }
    }
}

extension PixelFormat {
    /// Bytes that stay together: a pixel's, a sample's, or a pair's.
    fileprivate func unitBytes(ofPlane index: Int) -> Int {
        switch components {
        case .packedRGB(let bytesPerPixel, _, _, _): bytesPerPixel
        case .deepRGB(.samples(let count, _, _, _)): bytesPerSample * count
        case .gray, .planar, .planarWithAlpha, .deepRGB(.bits), .deepRGB(.planes): bytesPerSample
        case .packedYUV: preconditionFailure("pixels that share chroma are not turned")
        case .semiPlanar: bytesPerSample * (index == 0 ? 1 : 2)
        }
    }
}
