internal import CVPX
internal import VideoTypes

/// The descriptions of pictures that libvpx reads.
enum VPXImage {
    /// A picture whose planes are laid out as `layout` specifies.
    static func picture(_ layout: PictureLayout, at bytes: UnsafeRawBufferPointer) -> vpx_image_t {
        var image = unsafe described(layout.size, format(of: layout.format), depth: layout.format.bitDepth)
        let planes = layout.planes
        let isSemiPlanar = layout.format.isSemiPlanar
        unsafe image.planes.0 = pointer(bytes, planes[0].offset)
        unsafe image.planes.1 = pointer(bytes, planes[1].offset)
        unsafe image.planes.2 = pointer(bytes, isSemiPlanar ? planes[1].offset + 1 : planes[2].offset)
        let chroma = CInt(planes[1].stride)
        unsafe image.stride = (CInt(planes[0].stride), chroma, chroma, 0)
        return unsafe image
    }

    /// A picture whose luma is the last plane of `layout`, the transparency, and whose chroma planes are
    /// both `gray`.
    static func transparency(
        _ layout: PictureLayout,
        at bytes: UnsafeRawBufferPointer,
        gray: UnsafeBufferPointer<UInt8>
    ) -> vpx_image_t {
        var image = unsafe described(layout.size, VPX_IMG_FMT_I420, depth: 8)
        let plane = layout.planes[layout.planes.count - 1]
        let chroma = unsafe UnsafeMutablePointer(mutating: gray.baseAddress)
        let stride = CInt(ChromaSubsampling.yuv420.chromaWidth(ofLuma: layout.size.width))
        unsafe image.planes = unsafe (pointer(bytes, plane.offset), chroma, chroma, nil)
        unsafe image.stride = (CInt(plane.stride), stride, stride, 0)
        return unsafe image
    }

    /// The samples of all planes, without what lies between their rows.
    static func samples(_ image: vpx_image_t) -> [UInt8] {
        let size = unsafe image.fmt.rawValue & UInt32(VPX_IMG_FMT_HIGHBITDEPTH) != 0 ? 2 : 1
        let planes = unsafe [image.planes.0, image.planes.1, image.planes.2]
        let strides = unsafe [image.stride.0, image.stride.1, image.stride.2].map { Int($0) }
        var samples: [UInt8] = []
        for index in 0..<3 {
            guard let plane = unsafe planes[index] else { continue }
            let shifts = unsafe index == 0 ? (0, 0) : (image.x_chroma_shift, image.y_chroma_shift)
            let (width, height) = unsafe ((image.d_w + shifts.0) >> shifts.0, (image.d_h + shifts.1) >> shifts.1)
            for row in 0..<Int(height) {
                // SAFETY: a plane has that many rows, a stride apart, of at least that many samples.
                let start = unsafe plane + row * strides[index]
                unsafe samples += UnsafeBufferPointer(start: start, count: Int(width) * size)
            }
        }
        return samples
    }

    private static func described(_ size: PictureSize, _ format: vpx_img_fmt_t, depth: Int) -> vpx_image_t {
        var image = unsafe vpx_image_t()
        // libvpx fills in the subsampling; the address is replaced before anything reads it.
        unsafe withUnsafeMutablePointer(to: &image) { image in
            var anyByte: UInt8 = 0
            _ = unsafe vpx_img_wrap(image, format, UInt32(size.width), UInt32(size.height), 1, &anyByte)
        }
        unsafe image.bit_depth = UInt32(depth)
        return unsafe image
    }

    private static func format(of format: PixelFormat) -> vpx_img_fmt_t {
        switch format {
        case .i422: VPX_IMG_FMT_I422
        case .i444: VPX_IMG_FMT_I444
        case .nv12: VPX_IMG_FMT_NV12
        case .i420p10, .i420p12: VPX_IMG_FMT_I42016
        case .i422p10, .i422p12: VPX_IMG_FMT_I42216
        case .i444p10, .i444p12: VPX_IMG_FMT_I44416
        default: VPX_IMG_FMT_I420
        }
    }

    /// The planes are only read; `vpx_image_t` has no const.
    private static func pointer(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UnsafeMutablePointer<UInt8>? {
        unsafe bytes.baseAddress.map { base in
            unsafe UnsafeMutableRawPointer(mutating: base + offset).assumingMemoryBound(to: UInt8.self)
        }
    }
}
