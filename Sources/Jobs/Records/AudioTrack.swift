package import LibAV

extension Receipt {
    /// A stream of audio that was carried over as it is.
    public struct AudioTrack: Codable, Sendable {
        /// libavcodec's name of the codec.
        public let codec: String
        /// Samples a second.
        public let sampleRate: Int
        /// The language, where the input says it.
        public let language: String?
        /// Packets that are in the output.
        public private(set) var packets = 0
        /// Bytes of those packets.
        public private(set) var bytes = 0
        /// Packets before the first of them that belong to frames that were skipped, or whose time the container cannot express.
        public package(set) var leftOut = 0
        /// What follows comes after the end of the video.
        package var isOver = false

        private enum CodingKeys: CodingKey { case codec, sampleRate, language, packets, bytes, leftOut }

        package init(_ stream: AudioStream) {
            (codec, sampleRate, language) = (stream.codec, stream.sampleRate, stream.language)
        }

        package mutating func count(_ packet: AudioPacket) {
            packets += 1
            bytes += packet.data.count
        }
    }
}
