#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How far pictures are from what they should be: squared errors by plane, added up over as many frames as wanted.
///
/// Planes are those of the format: of semi-planar ones the second has both kinds of chroma.
public struct PlanePSNR: Hashable, Sendable {
    /// The errors of one plane.
    public struct Plane: Hashable, Sendable {
        /// The sum of the squared differences.
        public fileprivate(set) var squaredError: UInt64
        /// Samples that were compared.
        public fileprivate(set) var samples: Int
    }

    /// The planes, in the order of the format's name.
    public private(set) var planes: [Plane]
    /// The largest value of a sample.
    private let peak: Double

    /// Compares two frames.
    ///
    /// - Parameters:
    ///   - first: A frame.
    ///   - second: Another. If it has planes that the first does not have, such as chroma or transparency, they are ignored.
    /// - Returns: `nil` if the formats or sizes differ otherwise, or the format is RGB or packed.
    public init?(_ first: borrowing VideoFrame, _ second: borrowing VideoFrame) {
        let (layout, other) = (first.layout, second.layout)
        guard layout.format.isPrefix(of: other.format), layout.size == other.size else { return nil }
        planes = first.withBytes { bytes in
            second.withBytes { otherBytes in
                layout.planes.indices.map { index in
                    let (plane, otherPlane) = (layout.planes[index], other.planes[index])
                    return layout.format.bytesPerSample == 1
                        ? Plane(comparing: bytes, plane, with: otherBytes, otherPlane, as: UInt8.self)
                        : Plane(comparing: bytes, plane, with: otherBytes, otherPlane, as: UInt16.self)
                }
            }
        }
        // Samples in the high bits scale errors and peak alike.
        peak = Double((1 << layout.format.bitDepth - 1) << layout.format.lowZeroBits)
    }

    /// Adds the errors of other frames of the same format.
    public mutating func add(_ other: PlanePSNR) {
        precondition(planes.count == other.planes.count && peak == other.peak, "frames of one format are added up")
        for index in planes.indices {
            planes[index].squaredError += other.planes[index].squaredError
            planes[index].samples += other.planes[index].samples
        }
    }

    /// The mean squared error of each plane.
    public var meanSquaredErrors: [Double] { planes.map { Double($0.squaredError) / Double($0.samples) } }

    /// The mean squared error of all samples: in 4:2:0, luma weighs four times as much as either chroma.
    public var meanSquaredError: Double {
        let error = planes.reduce(0) { $0 + Double($1.squaredError) }
        return error / Double(planes.reduce(0) { $0 + $1.samples })
    }

    /// The peak signal-to-noise ratio of each plane in decibels; infinite for equal samples.
    public var decibelsByPlane: [Double] { meanSquaredErrors.map { decibels(of: $0) } }

    /// The peak signal-to-noise ratio of all samples in decibels, as ffmpeg's `average`; infinite for equal samples.
    public var decibels: Double { decibels(of: meanSquaredError) }

    private func decibels(of error: Double) -> Double { 10 * log10(peak * peak / error) }
}

extension PixelFormat {
    /// The planes of `other` begin with all of this format's, sample for sample.
    fileprivate func isPrefix(of other: PixelFormat) -> Bool {
        switch (components, other.components) {
        case (.packedRGB, _), (.deepRGB, _), (.packedYUV, _): false
        case (.gray, .planar), (.gray, .planarWithAlpha): other.bitDepth == bitDepth
        case (.planar(let chroma), .planarWithAlpha(let same)): chroma == same && other.bitDepth == bitDepth
        default: self == other
        }
    }
}

extension PlanePSNR.Plane {
    fileprivate init<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        comparing bytes: RawSpan,
        _ plane: PictureLayout.Plane,
        with otherBytes: RawSpan,
        _ other: PictureLayout.Plane,
        as sample: Sample.Type
    ) {
        squaredError = 0
        samples = plane.rowBytes / MemoryLayout<Sample>.size * plane.rows
        for row in 0..<plane.rows {
            let (start, otherStart) = (plane.offset + row * plane.stride, other.offset + row * other.stride)
            squaredError += squaredErrorOfRow(
                bytes.extracting(start..<start + plane.rowBytes),
                otherBytes.extracting(otherStart..<otherStart + plane.rowBytes),
                as: sample
            )
        }
    }
}

/// The sum of the squared differences of two rows of equal length.
private func squaredErrorOfRow<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ row: RawSpan,
    _ other: RawSpan,
    as sample: Sample.Type
) -> UInt64 {
    precondition(row.byteCount == other.byteCount)
    var sum: UInt64 = 0
    for offset in stride(from: 0, to: row.byteCount, by: MemoryLayout<Sample>.size) {
        // SAFETY: the offsets are within both rows, which have whole samples.
        let value = unsafe Int(row.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Sample.self).littleEndian)
        let expected = unsafe Int(
            other.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Sample.self).littleEndian
        )
        sum &+= UInt64(truncatingIfNeeded: (value - expected) &* (value - expected))
    }
    return sum
}
