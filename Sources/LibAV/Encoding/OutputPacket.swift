internal import CFFmpeg
internal import VideoTypes

/// Sole owner of one `AVPacket`.
@safe
struct OutputPacket: ~Copyable {
    let pointer: UnsafeMutablePointer<AVPacket>

    init() throws(EncoderError) {
        guard let pointer = unsafe av_packet_alloc() else { throw .codec(operation: "av_packet_alloc", status: -1) }
        unsafe self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&pointer)
    }

    /// The number that its picture was given.
    var pts: Int64 { unsafe pointer.pointee.pts }
    /// The encoder calls it a key frame.
    var isKey: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }

    /// A copy of its bytes.
    var bytes: [UInt8] {
        guard let start = unsafe pointer.pointee.data else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(pointer.pointee.size)))
    }
}
