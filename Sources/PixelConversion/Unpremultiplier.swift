internal import CPixels
public import VideoTypes

/// Divides the colors of planar YUV by the alpha of a plane of its own, in place. Luma and chroma are multiplied by alpha as red,
/// green and blue are: as far as they are from black, and from the middle.
///
/// A sample of chroma that pixels share is divided by their mean alpha, weighted as its location has it. Where alpha is 0, the color
/// is black; what is larger than its alpha allows becomes the largest value. Results differ from the quotient by at most half a
/// step.
///
/// Thread-safety: a value without state; any number of pictures at once.
public struct Unpremultiplier: Sendable {
    /// The layout of the colors, whose format may have a plane of alpha.
    private let colors: PictureLayout
    /// The layout of alpha, as if it were gray, and where it begins.
    private let alpha: PictureLayout
    private let alphaOffset: Int
    private let fullRange: Bool
    private let halving: cpixels_columns

    /// - Parameters:
    ///   - colors: Planar YUV of at most 12 bits.
    ///   - alpha: One plane of as many bits, as gray has it.
    ///   - alphaOffset: Where that begins in a picture.
    ///   - fullRange: The range of the colors.
    ///   - chromaLocation: Where chroma is.
    public init(
        colors: PictureLayout,
        alpha: PictureLayout,
        at alphaOffset: Int,
        fullRange: Bool,
        chromaLocation: ChromaLocation
    ) {
        precondition(alpha.format.isGray && alpha.size == colors.size, "each pixel has an alpha")
        precondition(colors.planes.count >= 3 && !colors.format.isRGB, "colors are planes of YUV")
        (self.colors, self.alpha, self.alphaOffset, self.fullRange) = (colors, alpha, alphaOffset, fullRange)
        // In the middle of the columns: center, top, and bottom.
        let isCentered = chromaLocation.rawValue % 2 == 1
        halving =
            colors.format.chroma == .yuv444
            ? cpixels_columns_all : isCentered ? cpixels_columns_center : cpixels_columns_left
    }

    /// Divides the colors of a picture.
    ///
    /// - Parameter picture: The planes of the colors, and that of alpha.
    public func convert(_ picture: inout MutableRawSpan) {
        precondition(
            picture.byteCount >= max(colors.byteCount, alphaOffset + alpha.byteCount),
            "the picture is all there"
        )
        var sums = [UInt32](repeating: 0, count: colors.size.width)
        unsafe picture.withUnsafeMutableBytes { bytes in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            // SAFETY: every row is in the picture, as was checked, and has as many samples as there are sums of alpha.
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                guard let sums = sums.baseAddress else { return }
                for index in 0..<3 { unsafe convert(plane: index, start, sums) }
            }
        }
    }

    @unsafe
    private func convert(plane index: Int, _ start: UnsafeMutablePointer<UInt8>, _ sums: UnsafeMutablePointer<UInt32>) {
        let plane = colors.planes[index]
        let step = index > 0 && colors.format.chroma == .yuv420 ? 2 : 1
        let columns = index > 0 ? halving : cpixels_columns_all
        var how = how(index, columns)
        for y in 0..<plane.rows {
            let first = y * step
            let second = min(first + step - 1, alpha.size.height - 1)
            unsafe cpixels_alpha_sums(
                start + alphaOffset + first * alpha.planes[0].stride,
                start + alphaOffset + second * alpha.planes[0].stride,
                Int32(alpha.format.bytesPerSample),
                Int32(alpha.size.width),
                columns,
                sums
            )
            let count = plane.rowBytes / colors.format.bytesPerSample
            unsafe cpixels_unpremultiply(&how, sums, start + plane.offset + y * plane.stride, Int32(count))
        }
    }

    private func how(_ plane: Int, _ columns: cpixels_columns) -> cpixels_unpremultiplying {
        let depth = colors.format.bitDepth
        let (most, step) = (Int32(1 << depth - 1), Int32(1 << (depth - 8)))
        let middle = Int32(1 << (depth - 1))
        let weight: Double = columns == cpixels_columns_all ? 2 : 8
        return cpixels_unpremultiplying(
            bytes: Int32(colors.format.bytesPerSample),
            zero: plane > 0 ? middle : fullRange ? 0 : 16 * step,
            low: fullRange ? 0 : 16 * step,
            high: fullRange ? most : (plane > 0 ? 240 : 235) * step,
            whole: weight * Double(1 << alpha.format.bitDepth - 1)
        )
    }
}
