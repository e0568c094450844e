internal import VideoTypes

/// The mean of each plane of a picture, by which it is known again after encoding: eight bytes, where the picture
/// itself would be megabytes.
struct PlaneMeans: Hashable, Sendable {
    /// Luma and both kinds of chroma, of samples in `0...65535`; chroma is in the middle where there is none.
    private var values = SIMD3<UInt16>(repeating: 1 << 15)

    /// How far a lossy picture's means may be from its source's: an eye sees less. Another picture is rarely so near.
    private static let tolerance = 16.0 / 255

    /// The means of a YUV or gray picture.
    init(_ frame: borrowing VideoFrame) {
        let layout = frame.layout
        frame.withBytes { bytes in
            switch layout.format.components {
            case .semiPlanar:
                values[0] = Self.mean(bytes, layout, plane: 0)
                values[1] = Self.mean(bytes, layout, plane: 1, first: 0, step: 2)
                values[2] = Self.mean(bytes, layout, plane: 1, first: 1, step: 2)
            case .gray, .packedRGB:
                values[0] = Self.mean(bytes, layout, plane: 0)
            case .planar, .planarWithAlpha:
                for plane in 0..<3 { values[plane] = Self.mean(bytes, layout, plane: plane) }
            }
        }
    }

    /// Throws if another picture's means are too far away for it to be this one.
    func check(_ decoded: PlaneMeans, frame: Int) throws(VerificationFailure) {
        for plane in 0..<3 {
            let (expected, actual) = (Double(values[plane]) / 65535, Double(decoded.values[plane]) / 65535)
            guard abs(expected - actual) <= Self.tolerance else {
                throw .picture(frame: frame, plane: plane, actual: actual, expected: expected)
            }
        }
    }

    private static func mean(
        _ bytes: RawSpan,
        _ layout: PictureLayout,
        plane index: Int,
        first: Int = 0,
        step: Int = 1
    ) -> UInt16 {
        let plane = layout.planes[index]
        let isWide = layout.format.bytesPerSample == 2
        var sum: UInt64 = 0
        for row in 0..<plane.rows {
            let start = plane.offset + row * plane.stride
            let samples = bytes.extracting(start..<start + plane.rowBytes)
            sum +=
                isWide
                ? Self.sum(samples, first, step, as: UInt16.self) : Self.sum(samples, first, step, as: UInt8.self)
        }
        let count = plane.rows * (plane.rowBytes / layout.format.bytesPerSample) / step
        let isHigh = layout.format == .p010
        let most = isHigh ? 0xFFC0 : 1 << layout.format.bitDepth - 1
        return UInt16((Double(sum) / Double(max(1, count) * most) * 65535).rounded())
    }

    private static func sum<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ row: RawSpan,
        _ first: Int,
        _ step: Int,
        as sample: Sample.Type
    ) -> UInt64 {
        let size = MemoryLayout<Sample>.size
        var sum: UInt64 = 0
        for offset in stride(from: first * size, to: row.byteCount, by: step * size) {
            // SAFETY: the offset is within the row, which has whole samples.
            let value = unsafe row.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Sample.self)
            sum &+= UInt64(value.littleEndian)
        }
        return sum
    }
}
