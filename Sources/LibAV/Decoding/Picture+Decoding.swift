internal import CFFmpeg
internal import VideoTypes

extension Picture {
    /// A frame for a decoder to fill.
    static func forDecoding() throws(DecoderError) -> Picture {
        try Picture(orThrow: DecoderError.outOfMemory("av_frame_alloc"))
    }

    /// Gives the decoder its picture back.
    mutating func clear() { unsafe av_frame_unref(pointer) }

    /// The decoder has not reported the picture as damaged.
    ///
    /// Without concealment, libavcodec's decoder of H.264 sets FF_DECODE_ERROR_DECODE_SLICES for any picture of several slices. A
    /// slice that cannot be decoded is an error of its own then, and one that is missing leaves marks.
    var isIntact: Bool {
        let flags = unsafe pointer.pointee.decode_error_flags & ~FF_DECODE_ERROR_DECODE_SLICES
        return unsafe flags == 0 && pointer.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0
    }

    /// Throws if the decoder had to invent a part of the picture.
    func checkIntact() throws(DecoderError) {
        guard isIntact else {
            throw .corrupt("the picture at \(unsafe pointer.pointee.pts) µs cannot be decoded completely")
        }
        try checkPainted()
    }

    /// Throws if a part of the picture was not in the stream, which the decoder does not specify it.
    private func checkPainted() throws(DecoderError) {
        var place: [CInt] = [0, 0]
        let blocks = unsafe cffmpeg_unpainted_blocks(pointer, &place)
        guard blocks > 0 else { return }
        let start = "from column \(place[0]), row \(place[1]) on"
        throw .corrupt("the picture at \(unsafe pointer.pointee.pts) µs lacks \(blocks) blocks \(start)")
    }

    /// When the picture is shown, and for how long.
    func time() throws(DecoderError) -> (timestamp: Int64, duration: Int64?) {
        let timestamp = unsafe pointer.pointee.pts
        // AV_NOPTS_VALUE is a macro that Swift does not see.
        guard timestamp != .min else { throw .corrupt("a picture does not belong to a chunk") }
        let duration = unsafe cffmpeg_decoded_duration(pointer)
        return (timestamp, duration > 0 ? duration : nil)
    }

    /// The layout that the picture has if its rows are without a gap.
    func layout() throws(DecoderError) -> PictureLayout {
        let code = AVPixelFormat(rawValue: .init(unsafe pointer.pointee.format))
        guard let format = PixelFormat(decoded: code) else {
            let name = unsafe av_get_pix_fmt_name(code).map { unsafe String(cString: $0) } ?? "unknown"
            throw .unsupported("the stream's pictures have the format \(name), which Sluice does not support")
        }
        let size = unsafe PictureSize(width: Int(pointer.pointee.width), height: Int(pointer.pointee.height))
        guard let layout = PictureLayout(format: format, size: size) else {
            throw .unsupported("the stream's pictures have \(size) samples (at most \(PictureSize.limit) a side)")
        }
        return layout
    }
}

extension PixelFormat {
    /// The format of a decoder's pictures, which are planar; full range has names of its own in libavcodec.
    fileprivate init?(decoded format: AVPixelFormat) {
        switch format {
        case AV_PIX_FMT_GRAY8: self = .gray8
        case AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P: self = .i420
        case AV_PIX_FMT_YUVA420P: self = .i420a
        case AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P: self = .i422
        // The identity matrix: green, blue and red are where Y, U and V do.
        case AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_GBRP: self = .i444
        case AV_PIX_FMT_YUVA444P: self = .i444a
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
