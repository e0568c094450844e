package import Containers
package import VideoTypes

/// What a container stores about its video stream and about itself.
package struct MediaStream: Hashable, Sendable {
    /// A stream that is not read.
    package struct Other: Hashable, Sendable {
        /// `audio`, `video`, `subtitle`, `data`, `attachment`, `cover picture`, `timecode track` or `chapter track`.
        package var kind: String
        /// libavcodec's name of the codec.
        package let codec: String
    }

    /// libavformat's name of the format, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    package var format: String
    /// The container holds each picture as a unit of its own, rather than a stream in which a parser finds them.
    package var hasSamples: Bool { !["mpegts", "mpeg", "h264", "hevc"].contains(format) }
    /// Packets have times. In a bare stream of MPEG-1, MPEG-2 or Dirac, libavformat counts packets, or has a time for some only.
    package var hasTimes: Bool { !["mpegvideo", "dirac"].contains(format) }
    /// The container's index has the position of each packet.
    var hasIndex: Bool { format.hasPrefix("mov,") }
    /// The codec, if Sluice itself reads it; `nil` for one that a ``PacketDecoder`` decodes.
    package var codec: VideoCodec?
    /// libavcodec's name of the codec, such as `prores`.
    package var codecName: String
    /// FFmpeg's name of the pixel format that the codec decodes to; `nil` where libavformat has not found it out.
    package var pixelFormat: String?
    /// The pictures have transparency that is left out.
    package var dropsAlpha = false
    /// Every picture of the codec can be decoded by itself.
    package var isIntraOnly = false
    /// The decoder configuration record; `nil` where parameter sets are in the stream.
    package var description: [UInt8]?
    /// H.264's and HEVC's parameter sets with start codes, where the container has them apart from the stream.
    package var parameterSets: [UInt8]?
    /// Packets of H.264 and HEVC may have no times: those that do not begin a packet of an MPEG program
    /// stream, and those of an MXF without an index.
    package var mayLackTimes = false
    /// `nil` if the container does not store it.
    package var size: PictureSize?
    /// Width to height of one sample; `nil` if the container does not store it.
    package var pixelAspectRatio: PixelAspectRatio?
    /// The rotation and flip of the picture for display.
    package var orientation = Orientation.upright
    /// The color, as far as the container or the stream stores it.
    package var colorSpace: VideoColorSpace
    /// The average rate.
    package var framerate: FrameRate?
    /// The rate is that of all frames, as far as libavformat has seen.
    package var hasConstantRate = false
    /// The number of frames that the container claims.
    package var frameCount: Int?
    /// The packets that the container's index has; `nil` without a complete index.
    package var packetCount: Int?
    /// Microseconds that the stream lasts, or else the file.
    package var duration: Int64?
    /// When the stream ends, in microseconds, as the container stores it for the stream itself.
    package var end: Int64?
    /// By how many microseconds a time may be wrong: half of what the container counts in.
    package var clockError: Int64 = 1
    /// The display on which the picture was mastered.
    package var masteringDisplay: MasteringDisplay?
    /// How bright the picture gets.
    package var contentLightLevel: ContentLightLevel?
    /// The streams that are not read.
    package var others: [Other] = []
    /// The names of the container's contents, other than streams, without a place in frames.
    package var leftovers: [String] = []
    /// The text, the chapters and the timecode.
    package var metadata = SourceMetadata()
}

/// A packet of the video stream; times are in microseconds.
package struct MediaPacket: Hashable, Sendable {
    /// When it is shown; `nil` if the container does not store it.
    package var timestamp: Int64?
    /// The decoding time.
    package var decodeTimestamp: Int64?
    /// How long it is shown.
    package var duration: Int64?
    /// Decoding may begin here, according to the container.
    package var isKey: Bool
    /// An edit list leaves it out; it is there for others to refer to.
    package var isDiscarded: Bool
    /// The bytes.
    package var data: [UInt8]
    /// The decoder configuration record from here on, where it changes.
    package var description: [UInt8]?
    /// The packet of the picture's transparency.
    package var alpha: [UInt8]?
}
