public import VideoTypes

/// A sample that is larger than its depth allows, or has bits that it does not count.
///
/// Codec libraries do not check samples: one that is out of range becomes another picture, or ends the process.
public struct SampleExcess: Error, Hashable, Sendable {
    /// The sample's value.
    public let value: Int
    /// Bits of a sample.
    public let bitDepth: Int
    /// The number of unused low bits of a word if one of them is not 0; 0 for a sample out of range.
    public let lowBits: Int

    /// The first sample of a frame that is out of range.
    ///
    /// - Parameters:
    ///   - frame: A frame of any format. Samples of 8 bits are always in range, and so are those of formats that have their
    ///     bits at the top of a word (`p010`).
    ///   - isStrict: The low bits of such formats have to be 0. By default they are ignored.
    /// - Returns: `nil` if all samples are in range.
    public static func first(in frame: borrowing VideoFrame, keepingAllBits isStrict: Bool = false) -> SampleExcess? {
        let layout = frame.layout
        guard layout.format.excessBits(isStrict, layout.sampleShift) != 0 else { return nil }
        return frame.withBytes { first(in: $0, of: layout, keepingAllBits: isStrict) }
    }

    /// The first sample of a picture that is out of range; bytes between the rows are not looked at.
    ///
    /// - Parameters:
    ///   - bytes: The whole picture.
    ///   - layout: Where its planes are.
    ///   - isStrict: The low bits of formats that have theirs at the top of a word have to be 0. The default is no.
    public static func first(
        in bytes: RawSpan,
        of layout: PictureLayout,
        keepingAllBits isStrict: Bool = false
    ) -> SampleExcess? {
        guard layout.format.excessBits(isStrict, layout.sampleShift) != 0 else { return nil }
        for plane in layout.planes {
            let rows = bytes.extracting(plane.offset..<plane.offset + plane.byteCount)
            let shift = layout.sampleShift
            if let excess = first(
                inRows: rows,
                plane.rows,
                of: plane,
                layout.format,
                keepingAllBits: isStrict,
                sampleShift: shift
            ) {
                return excess
            }
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
    ///   - isStrict: As for a picture.
    ///   - shift: How far samples are shifted up, more than those of the format. The default is 0.
    public static func first(
        inRows bytes: RawSpan,
        _ count: Int,
        of plane: PictureLayout.Plane,
        _ format: PixelFormat,
        keepingAllBits isStrict: Bool = false,
        sampleShift shift: Int = 0
    ) -> SampleExcess? {
        guard format.excessBits(isStrict, shift) != 0 else { return nil }
        let isWhole = plane.stride == plane.rowBytes
        let (runs, length) = isWhole ? (1, plane.rowBytes * count) : (count, plane.rowBytes)
        for run in 0..<runs {
            let start = run * plane.stride
            let samples = bytes.extracting(start..<start + length)
            if let excess = first(inRun: samples, format, keepingAllBits: isStrict, sampleShift: shift) {
                return excess
            }
        }
        return nil
    }

    /// The first sample out of range in samples without gaps.
    public static func first(
        inRun bytes: RawSpan,
        _ format: PixelFormat,
        keepingAllBits isStrict: Bool = false,
        sampleShift shift: Int = 0
    ) -> SampleExcess? {
        let excess = format.excessBits(isStrict, shift)
        guard excess != 0, Kernels.usedBits(bytes) & excess != 0 else { return nil }
        guard let value = Kernels.firstSample(withAnyOf: excess, in: bytes) else { return nil }
        let lowBits = max(format.lowZeroBits, shift)
        let isLow = isStrict && value & UInt16(1 << lowBits - 1) != 0
        return SampleExcess(
            value: Int(value) >> (isLow ? 0 : shift),
            bitDepth: format.bitDepth,
            lowBits: isLow ? lowBits : 0
        )
    }
}

extension SampleExcess: CustomStringConvertible {
    /// The value, and the values that the format has.
    public var description: String {
        guard lowBits == 0 else {
            return "has a sample of \(value), whose low \(lowBits) bits are not 0 and would be lost"
        }
        return "has a sample of \(value); \(bitDepth) bits hold 0 to \((1 << bitDepth) - 1)"
    }
}

extension PixelFormat {
    /// Bits of a sample's bytes that are 0 in every sample that is in range.
    fileprivate func excessBits(_ isStrict: Bool, _ shift: Int = 0) -> UInt16 {
        guard bytesPerSample == 2, bitDepth < 16 else { return 0 }
        let low = max(lowZeroBits, shift)
        let used = UInt16((1 << bitDepth - 1) << low)
        return isStrict ? ~used : ~(used | UInt16(1 << low - 1))
    }
}
