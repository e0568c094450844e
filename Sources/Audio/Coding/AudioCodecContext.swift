internal import CFFmpeg

/// Sole owner of one `AVCodecContext` for audio.
@safe
struct AudioCodecContext: ~Copyable {
    let pointer: UnsafeMutablePointer<AVCodecContext>

    /// A context that is not open.
    init(_ codec: UnsafePointer<AVCodec>) throws(AudioCodingError) {
        guard let pointer = unsafe avcodec_alloc_context3(codec) else { throw .outOfMemory }
        unsafe self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe pointer
        unsafe avcodec_free_context(&pointer)
    }
}
