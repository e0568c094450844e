internal import CFFmpeg
package import VideoTypes

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

extension SourcePacket {
    /// A packet of one picture.
    ///
    /// - Parameters:
    ///   - picture: The bytes of its file.
    ///   - time: When it is shown, in microseconds.
    ///   - duration: For how long.
    package init(picture: [UInt8], at time: Int64, lasting duration: Int64) throws(DecoderError) {
        var packet = try Packet.forDecoding()
        try packet.fill(with: picture)
        unsafe packet.pointer.pointee.pts = time
        unsafe packet.pointer.pointee.dts = time
        unsafe packet.pointer.pointee.duration = duration
        unsafe packet.pointer.pointee.flags |= AV_PKT_FLAG_KEY
        self.packet = packet
        (byteCount, isKey, isDiscarded) = (picture.count, true, false)
    }
}

extension SourceParameters {
    /// Those of pictures that have no container, whose times are in microseconds.
    ///
    /// - Parameter codec: libavcodec's name of the codec, such as `png`.
    package init(picturesOf codec: String) throws(DecoderError) {
        guard let descriptor = unsafe avcodec_descriptor_get_by_name(codec) else {
            throw .unsupported("this libavcodec does not know \(codec)")
        }
        do throws(DemuxerError) {
            parameters = try StreamParameters(video: unsafe descriptor.pointee.id)
        } catch {
            throw .outOfMemory("avcodec_parameters_alloc")
        }
        unit = (1, 1_000_000)
        (framerate, hasTimes, colorSpace) = (nil, true, .unspecified)
        (pixelAspectRatio, orientation) = (nil, .upright)
    }
}

/// What a decoder of a container's stream needs to know of it. Never changed.
package struct SourceParameters: Sendable {
    let parameters: StreamParameters
    /// What its times count.
    let unit: (num: Int32, den: Int32)
    /// The stream's frames a second, on average; `nil` if the container does not store them.
    let framerate: FrameRate?
    /// Packets have times; else pictures follow each other at the rate.
    let hasTimes: Bool
    /// The color, as far as the container stores it.
    let colorSpace: VideoColorSpace
    /// Width to height of one sample, as far as the container stores it.
    let pixelAspectRatio: PixelAspectRatio?
    /// The rotation and flip of the picture for display.
    let orientation: Orientation
    /// The order of the fields, where only the container tells that there are any.
    var fields: SourceFields?
}
