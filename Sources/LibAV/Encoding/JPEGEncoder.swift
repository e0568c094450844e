internal import CFFmpeg
package import VideoTypes

/// Makes a JPEG of a picture, by libavcodec. Sole owner of one `AVCodecContext`.
///
/// Thread-safety: used by one thread at a time.
@safe
package struct JPEGEncoder: ~Copyable {
    private let pointer: UnsafeMutablePointer<AVCodecContext>

    /// The size in bytes against the picture, `1...31` in libavcodec's scale; this value is almost indistinguishable from the
    /// original.
    private static let quantizer: CInt = 4

    /// An encoder of pictures of one size.
    ///
    /// - Throws: `EncoderError.codec` where libavcodec has no JPEG, or does not take the size.
    package init(size: PictureSize) throws(EncoderError) {
        guard let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_MJPEG),
            let pointer = unsafe avcodec_alloc_context3(codec)
        else { throw .codec(operation: "avcodec_alloc_context3", status: -1) }
        unsafe pointer.pointee.width = CInt(size.width)
        unsafe pointer.pointee.height = CInt(size.height)
        unsafe pointer.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
        unsafe pointer.pointee.time_base = AVRational(num: 1, den: 25)
        unsafe pointer.pointee.thread_count = 1
        unsafe pointer.pointee.flags |= AV_CODEC_FLAG_QSCALE
        unsafe pointer.pointee.global_quality = Self.quantizer * FF_QP2LAMBDA
        let status = unsafe cffmpeg_encoding_open(pointer, codec)
        guard status >= 0 else {
            var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe pointer
            unsafe avcodec_free_context(&pointer)
            throw .codec(operation: "avcodec_open2", status: Int(status))
        }
        unsafe self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe pointer
        unsafe avcodec_free_context(&pointer)
    }

    /// The JPEG of a picture.
    ///
    /// - Parameter frame: I420 of the encoder's size, of BT.601 in full range, as JFIF has it.
    package consuming func encode(_ frame: borrowing VideoFrame) throws(EncoderError) -> [UInt8] {
        let picture = try Picture.copy(of: frame, as: .i420, pts: 0, isKey: true)
        unsafe picture.pointer.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
        unsafe picture.pointer.pointee.quality = pointer.pointee.global_quality
        let packet = try Packet.forEncoding()
        try Self.check("avcodec_send_frame", unsafe avcodec_send_frame(pointer, picture.pointer))
        try Self.check("avcodec_send_frame", unsafe avcodec_send_frame(pointer, nil))
        try Self.check("avcodec_receive_packet", unsafe avcodec_receive_packet(pointer, packet.pointer))
        return packet.bytes
    }

    private static func check(_ operation: String, _ status: CInt) throws(EncoderError) {
        guard status >= 0 else { throw .codec(operation: operation, status: Int(status)) }
    }
}
