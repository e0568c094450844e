public import VideoTypes

/// A sample that is larger than its depth allows.
///
/// Codec libraries do not check samples: one that is out of range becomes another picture, or ends the process.
public struct SampleExcess: Error, Hashable, Sendable {
    /// The sample's value.
    public let value: Int
    /// Bits of a sample.
    public let bitDepth: Int

    /// The first sample of a frame that is out of range.
    ///
    /// - Parameter frame: A frame of any format. Samples of 8 bits are always in range, and so are those of formats that
    ///   have their bits at the top of a word (`p010`), whose low bits mean nothing.
    /// - Returns: `nil` if all samples are in range.
    public static func first(in frame: borrowing VideoFrame) -> SampleExcess? {
        let layout = frame.layout
        guard layout.format.canHaveExcess else { return nil }
        return frame.withBytes { first(in: $0, of: layout) }
    }

    /// The first sample of a picture that is out of range; bytes between the rows are not looked at.
    ///
    /// - Parameters:
    ///   - bytes: The whole picture.
    ///   - layout: Where its planes are.
    public static func first(in bytes: RawSpan, of layout: PictureLayout) -> SampleExcess? {
        guard layout.format.canHaveExcess else { return nil }
        for plane in layout.planes {
            let rows = bytes.extracting(plane.offset..<plane.offset + plane.byteCount)
            if let excess = first(inRows: rows, plane.rows, of: plane, layout.format) { return excess }
        }
        return nil
    }

    /// The first sample out of range in whole rows of a plane, each with all of its stride.
    ///
    /// - Parameters:
    ///   - bytes: The rows.
    ///   - count: How many rows.
    ///   - plane: The plane that they belong to.
    ///   - format: Its format.
    public static func first(
        inRows bytes: RawSpan,
        _ count: Int,
        of plane: PictureLayout.Plane,
        _ format: PixelFormat
    ) -> SampleExcess? {
        guard format.canHaveExcess else { return nil }
        let isWhole = plane.stride == plane.rowBytes
        let (runs, length) = isWhole ? (1, plane.rowBytes * count) : (count, plane.rowBytes)
        for run in 0..<runs {
            let start = run * plane.stride
            if let excess = first(inRun: bytes.extracting(start..<start + length), format) { return excess }
        }
        return nil
    }

    /// The first sample out of range in samples without gaps.
    public static func first(inRun bytes: RawSpan, _ format: PixelFormat) -> SampleExcess? {
        guard format.canHaveExcess else { return nil }
        let most = UInt16(1 << format.bitDepth - 1)
        guard Kernels.usedBits(bytes) & ~most != 0 else { return nil }
        let value = Kernels.firstSample(above: most, in: bytes)
        return value.map { SampleExcess(value: Int($0), bitDepth: format.bitDepth) }
    }
}

extension SampleExcess: CustomStringConvertible {
    /// The value, and the values that the depth has.
    public var description: String {
        "has a sample of \(value); \(bitDepth) bits hold 0 to \((1 << bitDepth) - 1)"
    }
}

extension PixelFormat {
    /// A sample's bytes have more bits than the sample, at the top.
    fileprivate var canHaveExcess: Bool { bytesPerSample == 2 && lowZeroBits == 0 && bitDepth < 16 }
}
