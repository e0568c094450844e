package import LibAV

extension Receipt {
    /// A stream of audio that was copied packet by packet.
    public struct AudioTrack: Codable, Sendable {
        /// libavcodec's name of the codec.
        public let codec: String
        /// Samples a second.
        public let sampleRate: Int
        /// The language, if the input stores it.
        public let language: String?
        /// Packets that are in the output.
        public private(set) var packets = 0
        /// Bytes of those packets.
        public private(set) var bytes = 0
        /// Packets that were not copied: they belong to skipped frames, or the container cannot store their times.
        public package(set) var leftOut = 0
        /// All packets that follow are after the end of the video.
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
