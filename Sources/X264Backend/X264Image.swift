internal import CX264
internal import VideoTypes

extension x264_image_t {
    /// A frame's planes; with more than 8 bits a sample, the low ones of 16 in the machine's byte order.
    init(_ layout: PictureLayout, at bytes: UnsafeRawBufferPointer) {
        self.init()
        i_csp = layout.format.isSemiPlanar ? X264_CSP_NV12 : (layout.format.chroma ?? .yuv420).x264ColorSpace
        if layout.format.bitDepth > 8 { i_csp |= CInt(X264_CSP_HIGH_DEPTH) }
        i_plane = CInt(layout.planes.count)
        // The planes are only read; x264_image_t has no const.
        let base = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self)
        let planes = layout.planes
        unsafe plane.0 = unsafe base.map { unsafe $0 + planes[0].offset }
        i_stride.0 = CInt(planes[0].stride)
        unsafe plane.1 = unsafe base.map { unsafe $0 + planes[1].offset }
        i_stride.1 = CInt(planes[1].stride)
        if planes.count > 2 {
            unsafe plane.2 = unsafe base.map { unsafe $0 + planes[2].offset }
            i_stride.2 = CInt(planes[2].stride)
        }
    }
}

extension ChromaSubsampling {
    /// The color space of libx264 that the bitstream has.
    var x264ColorSpace: CInt {
        switch self {
        case .yuv420: X264_CSP_I420
        case .yuv422: X264_CSP_I422
        case .yuv444: X264_CSP_I444
        }
    }
}
