internal import CFFmpeg
internal import VideoTypes

extension Packet {
    /// A packet for a decoder.
    static func forDecoding() throws(DecoderError) -> Packet {
        try Packet(orThrow: DecoderError.outOfMemory("av_packet_alloc"))
    }

    /// Copies a chunk, with the zeros after it that libavcodec reads past the end into.
    ///
    /// - Parameters:
    ///   - chunk: The chunk.
    ///   - data: What the decoder is to have of its bytes.
    mutating func fill(with chunk: EncodedVideoChunk, data: [UInt8]) throws(DecoderError) {
        try fill(with: data)
        unsafe pointer.pointee.pts = chunk.timestamp
        unsafe pointer.pointee.dts = chunk.decodeTimestamp ?? chunk.timestamp
        unsafe pointer.pointee.duration = chunk.duration ?? 0
        if chunk.type == .key { unsafe pointer.pointee.flags |= AV_PKT_FLAG_KEY }
    }

    /// Copies bytes, with the zeros after them.
    mutating func fill(with data: [UInt8]) throws(DecoderError) {
        unsafe av_packet_unref(pointer)
        guard let size = CInt(exactly: data.count), size <= CInt.max - AV_INPUT_BUFFER_PADDING_SIZE else {
            throw .unsupported("a chunk of \(data.count) bytes is too long for libavcodec")
        }
        try checkDecoding("av_new_packet", unsafe av_new_packet(pointer, size))
        // SAFETY: av_new_packet allocated `size` bytes.
        unsafe UnsafeMutableRawBufferPointer(start: pointer.pointee.data, count: data.count)
            .copyBytes(from: data)
    }
}
