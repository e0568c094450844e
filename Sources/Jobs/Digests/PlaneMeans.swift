package import VideoTypes

/// The means of the blocks of a picture's planes, by which it is recognized after encoding: 240 bytes, while the picture itself
/// would be megabytes. ``PlaneMeans/check(_:frame:)`` has the rule.
package struct PlaneMeans: Hashable, Sendable {
    /// One plane.
    fileprivate struct Plane: Hashable, Sendable {
        /// The means of samples in `0...255`, row by row.
        var values = SIMD64<UInt8>(repeating: 128)
        /// Blocks, at most 64.
        var count = 1
        /// Samples of the plane.
        var samples = 1
    }

    /// Luma and both kinds of chroma; chroma without planes has the middle value.
    private var luma = Plane()
    private var first = Plane()
    private var second = Plane()

    /// Blocks on a side at most.
    private static let (lumaBlocks, chromaBlocks) = (8, 4)

    /// The means of a YUV or gray picture.
    package init(_ frame: borrowing VideoFrame) {
        let layout = frame.layout
        frame.withBytes { bytes in
            func plane(_ index: Int, _ blocks: Int, first: Int = 0, step: Int = 1) -> Plane {
                Plane(bytes, layout, plane: index, blocks: blocks, first: first, step: step)
            }
            luma = plane(0, Self.lumaBlocks)
            switch layout.format.components {
            case .semiPlanar:
                self.first = plane(1, Self.chromaBlocks, first: 0, step: 2)
                second = plane(1, Self.chromaBlocks, first: 1, step: 2)
            case .gray, .packedRGB, .deepRGB, .packedYUV: break
            case .planar, .planarWithAlpha:
                self.first = plane(1, Self.chromaBlocks)
                second = plane(2, Self.chromaBlocks)
            }
        }
    }

    /// The same without chroma.
    package var luminance: PlaneMeans {
        var means = self
        (means.first, means.second) = (Plane(), Plane())
        return means
    }

    /// Throws if a decoded picture is too far from this one for lossy coding to be the reason.
    ///
    /// At the coarsest quantizer, coding changes the mean of a block of `n` samples by up to about `512 / sqrt(n)` of 255
    /// (the quantizer's step over the transform's side), and may leave out all detail. So, with the tolerance `t`, the
    /// larger of 24 and `512 / sqrt(n)`, another picture is one
    /// - of which a plane's mean is off by more than `t` (`n`: samples of the plane), or
    /// - of which a plane's blocks are off by more than `sqrt(1.25 v + t²)`, where `v` is the variance of the source's
    ///   blocks, so that `sqrt(v)` is how far a plane without any detail is off (`n`: samples of a block).
    ///
    /// - Parameters:
    ///   - decoded: The decoded picture.
    ///   - frame: Its number, for errors.
    ///   - slack: How much larger the tolerance is. The default is 1.
    package func check(_ decoded: PlaneMeans, frame: Int, slack: Double = 1) throws(VerificationFailure) {
        let pairs = [(luma, decoded.luma), (first, decoded.first), (second, decoded.second)]
        for (plane, (expected, actual)) in pairs.enumerated() {
            guard (expected.mean - actual.mean).magnitude <= slack * Self.tolerance(expected.samples) else {
                let means = (actual.mean / 255, expected.mean / 255)
                throw .picture(frame: frame, plane: plane, actual: means.0, expected: means.1)
            }
            let tolerance = slack * Self.tolerance(expected.samples / max(1, expected.count))
            let allowed = 1.25 * expected.variance + tolerance * tolerance
            let difference = expected.squaredDistance(to: actual)
            guard difference <= allowed else {
                let (off, most) = (difference.squareRoot() / 255, allowed.squareRoot() / 255)
                throw .blocks(frame: frame, plane: plane, difference: off, allowed: most)
            }
        }
    }

    /// Replaces the means by what `body` makes of them and another picture's.
    package mutating func combine(_ other: PlaneMeans, _ body: (SIMD64<UInt8>, SIMD64<UInt8>) -> SIMD64<UInt8>) {
        luma.values = body(luma.values, other.luma.values)
        first.values = body(first.values, other.first.values)
        second.values = body(second.values, other.second.values)
    }

    private static func tolerance(_ samples: Int) -> Double { max(24, 512 / Double(max(1, samples)).squareRoot()) }

    /// How far the luma of another picture is: the mean of the blocks' squared differences.
    package func squaredDistance(to other: PlaneMeans) -> Double { luma.squaredDistance(to: other.luma) }
}

extension PlaneMeans.Plane {
    var mean: Double { (0..<count).reduce(0) { $0 + Double(values[$1]) } / Double(count) }

    var variance: Double {
        let mean = mean
        return (0..<count).reduce(0) { $0 + (Double(values[$1]) - mean) * (Double(values[$1]) - mean) } / Double(count)
    }

    /// Planes of another size are as far away as can be.
    func squaredDistance(to other: Self) -> Double {
        guard count == other.count else { return 255 * 255 }
        let sum = (0..<count).reduce(0) { sum, index in
            let difference = Double(values[index]) - Double(other.values[index])
            return sum + difference * difference
        }
        return sum / Double(count)
    }

    init(_ bytes: RawSpan, _ layout: PictureLayout, plane index: Int, blocks: Int, first: Int, step: Int) {
        let (plane, size) = (layout.planes[index], layout.format.bytesPerSample * step)
        let (columns, rows) = (plane.rowBytes / size, plane.rows)
        let (across, down) = (Self.blocks(blocks, in: columns), Self.blocks(blocks, in: rows))
        (count, samples) = (across * down, columns * rows)
        let most = (1 << layout.format.bitDepth - 1) << layout.format.lowZeroBits
        for block in 0..<count {
            let x = Self.part(block % across, of: across, in: columns)
            let y = Self.part(block / across, of: down, in: rows)
            var sum: UInt64 = 0
            for row in y {
                let start = plane.offset + row * plane.stride
                let part = bytes.extracting(start + x.lowerBound * size..<start + x.upperBound * size)
                sum +=
                    layout.format.bytesPerSample == 2
                    ? Self.sum(part, first, step, as: UInt16.self) : Self.sum(part, first, step, as: UInt8.self)
            }
            let mean = Double(sum) / Double(max(1, x.count * y.count) * most)
            values[block] = UInt8(min(255, (mean * 255).rounded()))
        }
    }

    /// Blocks of at least 8 samples a side, if the plane has as many.
    private static func blocks(_ most: Int, in samples: Int) -> Int { min(most, max(1, samples / 8)) }

    private static func part(_ number: Int, of count: Int, in samples: Int) -> Range<Int> {
        number * samples / count..<(number + 1) * samples / count
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
