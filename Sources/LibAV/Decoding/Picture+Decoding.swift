internal import CFFmpeg
internal import EncoderCore
internal import VideoTypes

extension Picture {
    /// A frame for a decoder to fill.
    static func forDecoding() throws(DecoderError) -> Picture {
        try Picture(orThrow: DecoderError.outOfMemory("av_frame_alloc"))
    }

    /// Gives the decoder its picture back.
    mutating func clear() { unsafe av_frame_unref(pointer) }

    /// Throws if the decoder had to invent a part of the picture.
    func checkIntact() throws(DecoderError) {
        let errors = unsafe pointer.pointee.decode_error_flags
        guard errors == 0, unsafe pointer.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0 else {
            throw .corrupt("the picture at \(unsafe pointer.pointee.pts) µs cannot be decoded whole")
        }
    }

    /// A copy of the picture.
    func videoFrame(from source: FrameSource) throws(DecoderError) -> VideoFrame {
        let timestamp = unsafe pointer.pointee.pts
        // AV_NOPTS_VALUE is a macro that Swift does not see.
        guard timestamp != .min else { throw .corrupt("a picture belongs to no chunk") }
        let layout = try layout()
        let duration = unsafe cffmpeg_decoded_duration(pointer)
        var frame = try source.makeFrame(
            layout: layout,
            timestamp: timestamp,
            duration: duration > 0 ? duration : nil
        )
        frame.withMutableBytes { bytes in
            unsafe bytes.withUnsafeMutableBytes { bytes in unsafe copyPlanes(into: bytes, layout) }
        }
        return frame
    }

    private func layout() throws(DecoderError) -> PictureLayout {
        let code = AVPixelFormat(rawValue: .init(unsafe pointer.pointee.format))
        guard let format = PixelFormat(decoded: code) else {
            let name = unsafe av_get_pix_fmt_name(code).map { unsafe String(cString: $0) } ?? "unknown"
            throw .unsupported("the stream's pictures are in the format \(name), which Sluice does not take")
        }
        let size = unsafe PictureSize(width: Int(pointer.pointee.width), height: Int(pointer.pointee.height))
        guard let layout = PictureLayout(format: format, size: size) else {
            throw .unsupported("the stream's pictures have \(size) samples (at most \(PictureSize.limit) a side)")
        }
        return layout
    }

    private func copyPlanes(into bytes: UnsafeMutableRawBufferPointer, _ layout: PictureLayout) {
        // SAFETY: a decoded picture has a pointer and a stride for each plane of its format, and all rows of its size.
        let sources = unsafe [pointer.pointee.data.0, pointer.pointee.data.1, pointer.pointee.data.2]
        let strides = unsafe [pointer.pointee.linesize.0, pointer.pointee.linesize.1, pointer.pointee.linesize.2]
        for (index, plane) in layout.planes.enumerated() {
            guard let source = unsafe sources[index] else { continue }
            for row in 0..<plane.rows {
                let from = unsafe UnsafeRawBufferPointer(
                    start: source + row * Int(strides[index]),
                    count: plane.rowBytes
                )
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[(plane.offset + row * plane.stride)...])
                    .copyMemory(from: from)
            }
        }
    }
}

extension PixelFormat {
    /// The format of a decoder's pictures, which are planar; full range has names of its own in libavcodec.
    fileprivate init?(decoded format: AVPixelFormat) {
        switch format {
        case AV_PIX_FMT_GRAY8: self = .gray8
        case AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P: self = .i420
        case AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P: self = .i422
        // The identity matrix: green, blue and red stand where Y, U and V do.
        case AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_GBRP: self = .i444
        case AV_PIX_FMT_YUV420P10LE: self = .i420p10
        case AV_PIX_FMT_YUV422P10LE: self = .i422p10
        case AV_PIX_FMT_YUV444P10LE, AV_PIX_FMT_GBRP10LE: self = .i444p10
        case AV_PIX_FMT_YUV420P12LE: self = .i420p12
        case AV_PIX_FMT_YUV422P12LE: self = .i422p12
        case AV_PIX_FMT_YUV444P12LE, AV_PIX_FMT_GBRP12LE: self = .i444p12
        default: return nil
        }
    }
}
