package import LibAV

extension Receipt {
    /// A stream of audio of the output.
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
        /// The codec that it was decoded from; `nil` if its packets were copied.
        public let encodedFrom: String?
        /// The SHA-256 of the bytes of its packets, one after the other; `nil` in receipts of earlier versions.
        public package(set) var sha256: String?

        /// - Parameters:
        ///   - stream: The stream as the container gets it.
        ///   - source: The codec that it is decoded from; `nil` for a copy.
        package init(_ stream: AudioStream, from source: String?) {
            (codec, sampleRate, language) = (stream.codec, stream.sampleRate, stream.language)
            encodedFrom = source
        }

        package mutating func count(_ packet: AudioPacket) {
            packets += 1
            bytes += packet.data.count
        }
    }
}
