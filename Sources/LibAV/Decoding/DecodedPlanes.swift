internal import CFFmpeg
internal import PixelConversion
package import VideoTypes

/// What converting a decoder's pictures depends on.
package struct DecodedPictureKind: Hashable, Sendable {
    /// The format.
    package var format: PixelFormat
    /// The size in luma samples.
    package var size: PictureSize
    /// The color from the bitstream or, if it stores none, from the configuration.
    package var colorSpace: VideoColorSpace
    /// Where 4:2:0 chroma is; left where the bitstream does not specify it.
    package var chromaLocation: ChromaLocation
    /// Bits of a sample of the transparency that is beside ``format``, with a sample for each of luma. `nil`, the default, for
    /// pictures whose format names all that there is.
    package var alphaBits: Int?
}

extension DecodedPictureKind {
    /// The layout of the transparency that is beside the format: one plane, as that of gray is.
    package var alphaLayout: PictureLayout? {
        guard let alphaBits else { return nil }
        let format = PixelFormat.allCases.first { $0.isGray && $0.bitDepth == alphaBits }
        return format.flatMap { PictureLayout(format: $0, size: size) }
    }
}

/// The planes of a decoder's picture, lent for the time of a call: who borrows this cannot keep it.
@safe
package struct DecodedPlanes: ~Copyable {
    /// A plane's bytes, from its first row to the end of its last, and how far apart its rows begin.
    @unsafe
    package struct Plane {
        /// The bytes.
        package let bytes: UnsafeRawBufferPointer
        /// Bytes from the start of one row to the start of the next.
        package let stride: Int
    }

    private let planes: [Plane]
    /// The plane of transparency beside those of the layout's format.
    private let alpha: Plane?
    /// How the planes would be laid out if their rows were without a gap.
    package let layout: PictureLayout

    /// The planes of a picture of this layout's format and size.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - layout: Its layout.
    ///   - alphaLayout: That of the transparency beside it, which is the picture's fourth plane; `nil`, the default, without.
    init(
        _ picture: UnsafePointer<AVFrame>,
        layout: PictureLayout,
        alpha alphaLayout: PictureLayout? = nil
    ) throws(DecoderError) {
        let (data, strides) = unsafe (Self.starts(picture), Self.strides(picture))
        var planes: [Plane] = unsafe []
        for (index, plane) in layout.planes.enumerated() {
            unsafe planes.append(try Self.plane(data[index], stride: Int(strides[index]), of: plane))
        }
        let alpha = unsafe try alphaLayout.map { layout throws(DecoderError) in
            unsafe try Self.plane(data[3], stride: Int(strides[3]), of: layout.planes[0])
        }
        unsafe (self.planes, self.alpha) = (planes, alpha)
        self.layout = layout
    }

    private static func plane(
        _ start: UnsafeMutablePointer<UInt8>?,
        stride: Int,
        of plane: PictureLayout.Plane
    ) throws(DecoderError) -> Plane {
        guard let start = unsafe start, stride >= plane.rowBytes else {
            throw .unsupported("the decoder's rows are \(stride) bytes apart")
        }
        // SAFETY: a decoded picture has all rows of its size, each a stride after the one before.
        let count = (plane.rows - 1) * stride + plane.rowBytes
        return unsafe Plane(bytes: UnsafeRawBufferPointer(start: start, count: count), stride: stride)
    }

    private static func starts(_ picture: UnsafePointer<AVFrame>) -> [UnsafeMutablePointer<UInt8>?] {
        unsafe [picture.pointee.data.0, picture.pointee.data.1, picture.pointee.data.2, picture.pointee.data.3]
    }

    private static func strides(_ picture: UnsafePointer<AVFrame>) -> [CInt] {
        let sizes = unsafe picture.pointee.linesize
        return [sizes.0, sizes.1, sizes.2, sizes.3]
    }

    /// Lends the planes; their pointers do not outlive the closure.
    @unsafe
    package borrowing func withPlanes<Result>(_ body: ([Plane]) -> Result) -> Result { unsafe body(planes) }

    /// The first sample that is larger than its depth allows: lossless H.264 adds differences without clipping.
    var firstExcess: SampleExcess? {
        for (index, plane) in layout.planes.enumerated() {
            for row in 0..<plane.rows {
                // SAFETY: the plane has `rows` runs of `rowBytes`, as was checked.
                let (start, end) = unsafe (row * planes[index].stride, row * planes[index].stride + plane.rowBytes)
                let bytes = unsafe UnsafeRawBufferPointer(rebasing: planes[index].bytes[start..<end])
                if let excess = unsafe SampleExcess.first(inRun: bytes.bytes, layout.format) { return excess }
            }
        }
        return nil
    }

    /// Copies the picture, its rows without a gap.
    ///
    /// - Parameter target: Room for ``layout``.
    package borrowing func copy(into target: inout MutableRawSpan) {
        precondition(target.byteCount >= layout.byteCount, "the target holds a whole picture")
        unsafe target.withUnsafeMutableBytes { target in
            for (index, plane) in layout.planes.enumerated() {
                unsafe Self.copy(planes[index], plane, into: target)
            }
        }
    }

    /// Copies the transparency beside the picture.
    ///
    /// - Parameters:
    ///   - layout: Its layout.
    ///   - target: Room for that.
    ///   - offset: Where it begins there. The default is the beginning.
    package borrowing func copyAlpha(
        _ layout: PictureLayout,
        into target: inout MutableRawSpan,
        at offset: Int = 0
    ) {
        precondition(target.byteCount >= offset + layout.byteCount, "the target holds all samples")
        guard let alpha = unsafe alpha else { preconditionFailure("the picture has transparency beside it") }
        unsafe target.withUnsafeMutableBytes { target in
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset...])
            unsafe Self.copy(alpha, layout.planes[0], into: rest)
        }
    }

    private static func copy(
        _ source: Plane,
        _ plane: PictureLayout.Plane,
        into target: UnsafeMutableRawBufferPointer
    ) {
        // SAFETY: the plane has `rows` runs of `rowBytes` in both, as was checked.
        guard unsafe source.stride != plane.stride else {
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[plane.offset...]).copyMemory(from: source.bytes)
            return
        }
        for row in 0..<plane.rows {
            let start = unsafe row * source.stride
            let from = unsafe UnsafeRawBufferPointer(rebasing: source.bytes[start..<start + plane.rowBytes])
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[(plane.offset + row * plane.stride)...])
                .copyMemory(from: from)
        }
    }
}

/// Converts the pictures of one kind, right from where the decoder has them. Used on the decoder's thread only.
package protocol DecodedPictureConverter: AnyObject {
    /// What they become.
    var target: PictureLayout { get }
    /// The color that they have then.
    var colorSpace: VideoColorSpace { get }
    /// Converts one picture; `target` has room for the target's layout.
    func convert(_ planes: borrowing DecodedPlanes, into target: inout MutableRawSpan)
}

/// Makes a converter for pictures of a kind; `nil` if they are not converted.
package typealias DecodedPictureConversion =
    @Sendable (DecodedPictureKind) throws(DecoderError) -> (any DecodedPictureConverter)?
