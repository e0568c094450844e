internal import CFFmpeg
package import VideoTypes

/// Converts whole pictures by libswscale: another size, or more chroma than the source has. Sole owner of one
/// `SwsContext`. Samples keep as many bits as source and target both have.
///
/// Thread-safety: used by one thread at a time.
@safe
package struct Scaler: ~Copyable, Sendable {
    private nonisolated(unsafe) let context: OpaquePointer
    private let source: PictureLayout
    private let target: PictureLayout

    /// A scaler from one layout to another.
    ///
    /// - Parameters:
    ///   - source: What the pictures are.
    ///   - sourceIsFullRange: The range of a source that is not RGB.
    ///   - target: What they become.
    ///   - color: The matrix of whichever side is YUV, which is the same for both, and the target's range.
    ///   - chromaLocation: Where chroma is in 4:2:0, on both sides.
    /// - Throws: `EncoderConfigError.unsupported` if libswscale cannot do it.
    package init(
        source: PictureLayout,
        sourceIsFullRange: Bool,
        target: PictureLayout,
        color: VideoColorSpace,
        chromaLocation: ChromaLocation
    ) throws(EncoderConfigError) {
        try Self.checkAlignment(from: source, to: target)
        let made = unsafe cffmpeg_scaler(
            CInt(source.size.width),
            CInt(source.size.height),
            source.format.avPixelFormat,
            CInt(target.size.width),
            CInt(target.size.height),
            target.format.avPixelFormat,
            source.format.chromaPosition(chromaLocation),
            target.format.chromaPosition(chromaLocation)
        )
        let reason =
            "libswscale cannot convert \(source.size) \(source.format.rawValue) to \(target.size) \(target.format.rawValue)"
        guard let context = unsafe made else { throw .unsupported(reason) }
        guard unsafe sws_init_context(context, nil, nil) >= 0 else {
            unsafe sws_freeContext(context)
            throw .unsupported(reason)
        }
        // Unspecified is what YUV input may be; then both sides use the same table, whichever that is.
        let matrix = color.matrix == .unspecified ? MatrixCoefficients.bt709 : color.matrix
        let table = unsafe cffmpeg_coefficients(CInt(matrix.rawValue))
        let (from, to): (CInt, CInt) = (sourceIsFullRange ? 1 : 0, color.fullRange ? 1 : 0)
        _ = unsafe sws_setColorspaceDetails(context, table, from, table, to, 0, 1 << 16, 1 << 16)
        unsafe self.context = context
        (self.source, self.target) = (source, target)
    }

    deinit { unsafe sws_freeContext(context) }

    /// libswscale 6 writes chroma that it takes out of its pairs to aligned addresses only, and crashes at others, which planes
    /// of odd sizes have. Only without scaling, for which it is not needed.
    private static func checkAlignment(
        from source: PictureLayout,
        to target: PictureLayout
    ) throws(EncoderConfigError) {
        guard source.format.isSemiPlanar, source.format.bitDepth == 8, source.size == target.size,
            [.i420, .i420a].contains(target.format)
        else {
            return
        }
        throw .unsupported(
            "libswscale is not used to convert \(source.format.rawValue) to \(target.format.rawValue) (a kernel does it)"
        )
    }

    /// Converts one picture.
    ///
    /// - Parameters:
    ///   - bytes: A picture in the source layout.
    ///   - picture: Room for a picture in the target layout.
    package mutating func convert(_ bytes: RawSpan, into picture: inout MutableRawSpan) {
        precondition(bytes.byteCount >= source.byteCount && picture.byteCount >= target.byteCount)
        unsafe bytes.withUnsafeBytes { from in
            unsafe picture.withUnsafeMutableBytes { to in
                // SAFETY: sws_scale only reads the source; both layouts lie within their bytes, as checked above.
                let planes = unsafe source.pointers(in: UnsafeMutableRawBufferPointer(mutating: from)).map {
                    unsafe UnsafePointer($0)
                }
                let targets = unsafe target.pointers(in: to)
                let strides =
                    source.planes.map { CInt($0.stride) } + [CInt](repeating: 0, count: 4 - source.planes.count)
                let targetStrides =
                    target.planes.map { CInt($0.stride) } + [CInt](repeating: 0, count: 4 - target.planes.count)
                _ = unsafe sws_scale(context, planes, strides, 0, CInt(source.size.height), targets, targetStrides)
            }
        }
    }
}

extension PictureLayout {
    fileprivate func pointers(in bytes: UnsafeMutableRawBufferPointer) -> [UnsafeMutablePointer<UInt8>?] {
        let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let planes = unsafe planes.map { plane in unsafe base.map { unsafe $0 + plane.offset } }
        return unsafe planes + [UnsafeMutablePointer<UInt8>?](repeating: nil, count: 4 - planes.count)
    }
}

extension PixelFormat {
    /// Where chroma is, in 256ths of a luma sample to the right and down; -513, libswscale's "as usual", in each
    /// direction in which there is as much of it as of luma.
    fileprivate func chromaPosition(_ location: ChromaLocation) -> [CInt] {
        [
            chroma == .yuv420 || chroma == .yuv422 ? (location == .center ? 128 : 0) : -513,
            chroma == .yuv420 ? (location == .topLeft ? 0 : 128) : -513,
        ]
    }
}
