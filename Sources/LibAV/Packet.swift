package import CFFmpeg

/// Sole owner of one `AVPacket`.
@safe
package struct Packet: ~Copyable {
    package let pointer: UnsafeMutablePointer<AVPacket>

    /// An empty packet; throws `failure` if memory for it is refused.
    package init<Failure: Error>(orThrow failure: Failure) throws(Failure) {
        guard let pointer = unsafe av_packet_alloc() else { throw failure }
        unsafe self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&pointer)
    }
}
