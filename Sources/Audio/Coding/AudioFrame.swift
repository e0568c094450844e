internal import CFFmpeg

/// Sole owner of one `AVFrame` of samples.
///
/// Thread-safety: used by one thread at a time.
@safe
struct AudioFrame: ~Copyable {
    let pointer: UnsafeMutablePointer<AVFrame>

    /// A frame without samples.
    init() throws(AudioCodingError) {
        guard let pointer = unsafe av_frame_alloc() else { throw .outOfMemory }
        unsafe self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = unsafe pointer
        unsafe av_frame_free(&pointer)
    }

    /// How many samples each channel has.
    var count: Int64 { Int64(unsafe pointer.pointee.nb_samples) }

    /// The time of the first one in the clock of its source; `nil` if it has none.
    var time: Int64? {
        let time = unsafe pointer.pointee.best_effort_timestamp
        // AV_NOPTS_VALUE is a macro that Swift does not see.
        return time == .min ? nil : time
    }

    /// Whether another frame holds samples of the same kind.
    func isLike(_ other: borrowing AudioFrame) -> Bool {
        unsafe cffmpeg_same_samples(pointer, other.pointer) != 0
    }

    /// Takes a copy of some samples of another frame.
    ///
    /// - Parameters:
    ///   - other: The frame.
    ///   - first: The first of the samples; `nil` means that all are silent.
    ///   - count: How many; they are in the other frame unless they are silent.
    func take(from other: borrowing AudioFrame, first: Int64?, count: Int64) throws(AudioCodingError) {
        let first = first.map(CInt.init(clamping:)) ?? -1
        guard unsafe cffmpeg_copy_samples(pointer, other.pointer, first, CInt(clamping: count)) >= 0 else {
            throw .outOfMemory
        }
    }
}
