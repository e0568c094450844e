internal import CFFmpeg
internal import VideoTypes

/// A packet of a stream that libavcodec alone can read, as libavformat has it: with its palette and other side data, and its
/// times in the stream's own unit.
///
/// Thread-safety: used by one thread at a time.
package struct SourcePacket: ~Copyable {
    let packet: Packet
    /// Bytes.
    package let byteCount: Int
    /// It can be decoded by itself, according to the container.
    package let isKey: Bool
    /// An edit list leaves its picture out.
    package let isDiscarded: Bool

    /// Takes the contents of a packet, which is empty afterwards.
    init(taking other: borrowing Packet) throws(DemuxerError) {
        let packet = try Packet(orThrow: DemuxerError.outOfMemory("av_packet_alloc"))
        let flags = unsafe other.pointer.pointee.flags
        byteCount = Int(unsafe other.pointer.pointee.size)
        (isKey, isDiscarded) = (flags & AV_PKT_FLAG_KEY != 0, flags & AV_PKT_FLAG_DISCARD != 0)
        unsafe av_packet_move_ref(packet.pointer, other.pointer)
        self.packet = packet
    }
}

/// What a decoder of a container's stream needs to know of it. Never changed.
package struct SourceParameters: Sendable {
    let parameters: StreamParameters
    /// What its times count.
    let unit: (num: Int32, den: Int32)
    /// The stream's frames a second, on average; `nil` if the container does not store them.
    let framerate: FrameRate?
    /// The color, as far as the container stores it.
    let colorSpace: VideoColorSpace
    /// Width to height of one sample, as far as the container stores it.
    let pixelAspectRatio: PixelAspectRatio?
    /// The rotation and flip of the picture for display.
    let orientation: Orientation
}
