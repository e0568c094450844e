internal import Ingest
package import Jobs
internal import LibAV
package import VideoTypes

/// What a container tells of a stream whose packets Sluice does not read, and how many there are.
package struct PacketSurvey {
    /// What is known of the stream.
    package let info: MediaInfo
    /// FFmpeg's name of the pixel format, where the container tells.
    package let pixelFormat: String?
    /// The color, where the container tells.
    package let colorSpace: VideoColorSpace?
    /// Packets, each of a picture.
    package private(set) var packets = 0
    /// Those that decoding can start with, according to the container.
    package private(set) var keyPackets = 0
    /// Bytes of all packets.
    package private(set) var bytes = 0

    /// Reads the packets of a file that is open.
    ///
    /// - Parameters:
    ///   - opened: The file.
    ///   - limit: Read no more packets than this; `nil` reads all.
    /// - Returns: `nil` for a codec whose packets Sluice reads.
    /// - Throws: ``Jobs/JobError`` if the file is damaged or ends early.
    @available(*, noasync, message: "blocks the calling thread")
    package init?(_ opened: OpenedMedia, limit: Int?) throws(JobError) {
        guard opened.head.codec == nil, let units = opened.units as? ContainerUnits else { return nil }
        info = MediaInfo(opened)
        (pixelFormat, colorSpace) = (opened.head.pixelFormat, opened.head.colorSpace)
        while packets < limit ?? .max, let packet = try units.nextPacket() {
            packets += 1
            keyPackets += packet.isKey ? 1 : 0
            bytes += packet.byteCount
        }
    }
}
