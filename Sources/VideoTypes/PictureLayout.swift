/// Where the planes of a picture are in one run of bytes.
public struct PictureLayout: Hashable, Sendable {
    /// One plane: `rows` runs of `rowBytes`, `stride` bytes apart.
    public struct Plane: Hashable, Sendable {
        /// Bytes from the start of the picture to the first row.
        public let offset: Int
        /// Bytes from the start of one row to the start of the next.
        public let stride: Int
        /// Bytes of a row that mean something; `stride` or fewer.
        public let rowBytes: Int
        /// Number of rows.
        public let rows: Int

        /// Bytes from the first row to the end of the last one's stride.
        public var byteCount: Int { stride * rows }
    }

    /// The pixel format.
    public let format: PixelFormat
    /// The size in luma samples.
    public let size: PictureSize
    /// The planes, in the order of the format's name, one after the other.
    public let planes: [Plane]
    /// Bytes of the whole picture.
    public let byteCount: Int
    /// How far samples of two bytes are shifted up, more than those of the format are.
    public let sampleShift: Int
    /// The first row in memory is the lowest of the picture.
    public let isBottomUp: Bool

    /// The layout of a picture whose rows follow each other without a gap, or are `stride` bytes apart.
    ///
    /// - Parameters:
    ///   - format: The pixel format.
    ///   - size: The size in luma samples.
    ///   - stride: Bytes from one row of the first plane to the next; `nil`, the default, means rows without a gap.
    ///     The chroma planes' strides follow from it as their widths do.
    ///   - planeRows: Rows from the first plane to the next, of which those after the picture's are not used; `nil`, the
    ///     default, means as many as the picture has. The chroma planes' follow from it as their heights do.
    ///   - sampleShift: How far samples are shifted up, more than those of the format are. The default is 0.
    ///   - isBottomUp: The first row in memory is the lowest of the picture. The default is that it is the highest.
    /// - Returns: `nil` if the size is not valid, the stride is shorter than a row, there are fewer rows of a plane than the
    ///   picture has, samples cannot be shifted so far, or the byte count overflows.
    public init?(
        format: PixelFormat,
        size: PictureSize,
        stride: Int? = nil,
        planeRows: Int? = nil,
        sampleShift: Int = 0,
        isBottomUp: Bool = false
    ) {
        let padded = PictureSize(width: size.width, height: planeRows ?? size.height)
        guard size.isValid, padded.height >= size.height, padded.height <= 1 << 20,
            (0...format.largestSampleShift).contains(sampleShift),
            let shapes = Self.shapes(of: format, size: size, stride: stride),
            let paddedShapes = Self.shapes(of: format, size: padded, stride: stride)
        else { return nil }
        var planes: [Plane] = []
        var end = 0
        for (shape, padded) in zip(shapes, paddedShapes) {
            guard shape.stride >= shape.rowBytes else { return nil }
            let (bytes, overflow) = shape.stride.multipliedReportingOverflow(by: padded.rows)
            let (next, tooLong) = end.addingReportingOverflow(bytes)
            guard !overflow, !tooLong else { return nil }
            planes.append(
                Plane(offset: end, stride: shape.stride, rowBytes: shape.rowBytes, rows: shape.rows)
            )
            end = next
        }
        (self.format, self.size, self.planes, self.byteCount) = (format, size, planes, end)
        (self.sampleShift, self.isBottomUp) = (sampleShift, isBottomUp)
    }

    /// Rows are in their order without other rows between planes, and samples where the format has them: any gap is within a
    /// row's stride.
    package var isPlain: Bool {
        guard !isBottomUp, sampleShift == 0 else { return false }
        return planes.reduce(0) { $0 + $1.byteCount } == byteCount
    }

    private typealias Shape = (rowBytes: Int, stride: Int, rows: Int)

    private static func shapes(of format: PixelFormat, size: PictureSize, stride: Int?) -> [Shape]? {
        // Half a sample has no address.
        guard (stride ?? 0).isMultiple(of: format.bytesPerSample) else { return nil }
        // A stride over a gigabyte is a mistake, and stopping there keeps the arithmetic of the chroma strides safe.
        guard (0...1 << 30).contains(stride ?? 0) else { return nil }
        let sampleRow = size.width * format.bytesPerSample
        switch format.components {
        case .packedRGB(let bytesPerPixel, _, _, _):
            let rowBytes = size.width * bytesPerPixel
            return [(rowBytes, stride ?? rowBytes, size.height)]
        case .deepRGB(.samples(let count, _, _, _)):
            return [(sampleRow * count, stride ?? sampleRow * count, size.height)]
        case .gray, .deepRGB(.bits):
            return [(sampleRow, stride ?? sampleRow, size.height)]
        case .deepRGB(.planes):
            return Array(repeating: (sampleRow, stride ?? sampleRow, size.height), count: format.hasAlpha ? 4 : 3)
        case .packedYUV(let arrangement):
            let rowBytes = arrangement.rowBytes(columns: size.width)
            return [(rowBytes, stride ?? arrangement.usualStride(columns: size.width), size.height)]
        case .planar(let chroma), .planarWithAlpha(let chroma):
            let (bytes, luma) = (format.bytesPerSample, stride ?? size.width * format.bytesPerSample)
            // Half a stride's samples, whatever their size.
            let chromaStride = chroma.chromaWidth(ofLuma: luma / bytes) * bytes
            let columns = chroma.chromaWidth(ofLuma: size.width) * bytes
            let first = (size.width * bytes, luma, size.height)
            let plane = (columns, chromaStride, chroma.chromaHeight(ofLuma: size.height))
            if case .planarWithAlpha = format.components { return [first, plane, plane, first] }
            return [first, plane, plane]
        case .semiPlanar(let chroma):
            let (bytes, luma) = (format.bytesPerSample, stride ?? size.width * format.bytesPerSample)
            let columns = chroma.chromaWidth(ofLuma: size.width) * 2 * bytes
            let chromaStride = chroma.chromaWidth(ofLuma: luma / bytes) * 2 * bytes
            let rows = chroma.chromaHeight(ofLuma: size.height)
            return [(size.width * bytes, luma, size.height), (columns, chromaStride, rows)]
        }
    }
}

extension PixelFormat.PackedYUV {
    /// Bytes of a row: whole pairs of pixels, or whole groups of six.
    fileprivate func rowBytes(columns: Int) -> Int {
        switch self {
        case .lumaFirst, .chromaFirst: (columns + 1) / 2 * 4
        case .v210: (columns + 5) / 6 * 16
        }
    }

    /// From one row to the next where nobody says it.
    fileprivate func usualStride(columns: Int) -> Int {
        switch self {
        case .lumaFirst, .chromaFirst: rowBytes(columns: columns)
        // 48 pixels in 128 bytes (FFmpeg's v210enc.c, QuickTime's QTFF).
        case .v210: (columns + 47) / 48 * 128
        }
    }
}

extension PixelFormat {
    /// How far samples can be shifted up that are not in the high bits already; 0 for those that fill their bytes.
    package var largestSampleShift: Int {
        switch components {
        case .packedRGB, .packedYUV, .deepRGB(.bits): 0
        case .gray, .planar, .semiPlanar, .planarWithAlpha, .deepRGB:
            bytesPerSample == 2 && lowZeroBits == 0 ? 16 - bitDepth : 0
        }
    }
}
