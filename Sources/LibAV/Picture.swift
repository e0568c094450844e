internal import CFFmpeg

/// Sole owner of one `AVFrame`.
@safe
struct Picture: ~Copyable {
    let pointer: UnsafeMutablePointer<AVFrame>

    /// A frame without a picture; throws `failure` if memory for it is refused.
    init<Failure: Error>(orThrow failure: Failure) throws(Failure) {
        guard let pointer = unsafe av_frame_alloc() else { throw failure }
        unsafe self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = unsafe pointer
        unsafe av_frame_free(&pointer)
    }
}
