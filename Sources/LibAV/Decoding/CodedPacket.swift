internal import CFFmpeg
internal import VideoTypes

/// Sole owner of one `AVPacket`.
@safe
struct CodedPacket: ~Copyable {
    let pointer: UnsafeMutablePointer<AVPacket>

    init() throws(DecoderError) {
        guard let pointer = unsafe av_packet_alloc() else {
            throw .outOfMemory("av_packet_alloc")
        }
        unsafe self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&pointer)
    }

    /// Copies a chunk, with the zeros behind it that libavcodec reads past the end into.
    mutating func fill(with chunk: EncodedVideoChunk) throws(DecoderError) {
        unsafe av_packet_unref(pointer)
        guard let size = CInt(exactly: chunk.data.count), size <= CInt.max - AV_INPUT_BUFFER_PADDING_SIZE else {
            throw .unsupported("a chunk of \(chunk.data.count) bytes is too long for libavcodec")
        }
        try checkDecoding("av_new_packet", unsafe av_new_packet(pointer, size))
        // SAFETY: av_new_packet allocated `size` bytes.
        unsafe UnsafeMutableRawBufferPointer(start: pointer.pointee.data, count: chunk.data.count)
            .copyBytes(from: chunk.data)
        unsafe pointer.pointee.pts = chunk.timestamp
        unsafe pointer.pointee.dts = chunk.decodeTimestamp ?? chunk.timestamp
        unsafe pointer.pointee.duration = chunk.duration ?? 0
        if chunk.type == .key { unsafe pointer.pointee.flags |= AV_PKT_FLAG_KEY }
    }
}
