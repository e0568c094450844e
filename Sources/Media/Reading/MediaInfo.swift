package import Containers
package import Ingest
public import VideoTypes

/// What is known of a stream once its first chunk has been read.
public struct MediaInfo: Sendable {
    /// A stream that is not read.
    public struct OtherStream: Hashable, Sendable {
        /// `audio`, `video`, `subtitle`, `data` or `attachment`.
        public let kind: String
        /// libavcodec's name of the codec.
        public let codec: String

        package var isAudio: Bool { kind == "audio" }
        /// Its contents are metadata: a timecode or chapters.
        package var isMetadata: Bool { ["timecode track", "chapter track"].contains(kind) }

        /// What messages call it.
        package var name: String {
            switch kind {
            case "timecode track", "chapter track": "a \(kind)"
            case "cover picture", "attachment": "\(kind == "attachment" ? "an" : "a") \(kind) (\(codec))"
            default: "a stream of \(kind) (\(codec))"
            }
        }
    }

    /// What messages call the file.
    public internal(set) var name: String
    /// How the chunks are laid out in the file; never ``MediaFormat/auto``.
    public internal(set) var format: MediaFormat
    /// The codec: WebCodecs' string, derived from the stream, or libavcodec's name of one that Sluice reads by libavcodec alone,
    /// such as `prores`.
    public internal(set) var codec: String
    /// The size of the coded pictures, as far as it is known before the first one is decoded.
    public internal(set) var codedSize: PictureSize?
    /// Frames a second, on average; `nil` where only the times tell.
    public internal(set) var framerate: FrameRate?
    /// Frames come at the constant rate, as far as the file shows it.
    public internal(set) var hasConstantRate = false
    /// The frames that the file claims to have; `nil` if it claims no number.
    public internal(set) var frameCount: Int?
    /// Microseconds that the file claims to last.
    public internal(set) var duration: Int64?
    /// Width to height of one sample, if the container stores it: players prefer it to the bitstream's.
    package var containerAspect: PixelAspectRatio?
    /// The frame rate is not specified: 30 a second are assumed if times are not needed.
    package var isRateAssumed = false
    /// When the stream ends, in microseconds, if the file stores it.
    package var end: Int64?
    /// By how many microseconds a time may be wrong: half of what the file counts in.
    public internal(set) var clockError: Int64 = 1
    /// The container's metadata about the display and the light.
    public internal(set) var hdr: HDRMetadata?
    /// Streams that are not read.
    public internal(set) var otherStreams: [OtherStream] = []
    /// The names of the container's contents, other than streams, without a place in frames.
    package var leftovers: [String] = []
    /// The container's text, chapters and timecode.
    package var metadata = SourceMetadata()
    /// The pictures have transparency in chunks of their own (``VideoTypes/EncodedVideoChunk/alphaData``).
    public internal(set) var hasAlpha = false
    /// A picture may be two fields, in a chunk each, of which decoders make one frame.
    public internal(set) var mayHaveFields = false
    /// The stream does not begin with a key picture: the first chunk is the first that can be decoded all the same.
    var isMidway = false
    /// The files, where each picture is one of its own.
    package var pictures: PictureSequence?
    /// Each picture is a file of its own, or would be.
    package var isPictures = false
    /// The times come from a rate rather than from the file.
    public internal(set) var hasAssumedTimes = false
}

extension MediaInfo {
    /// What the container stores about a stream that libavcodec alone reads.
    init(_ opened: OpenedMedia) {
        let head = opened.head
        (name, format, codec, codedSize) = (opened.name, opened.format, head.codecName, head.size)
        (framerate, hasConstantRate) = (head.framerate, head.hasConstantRate)
        (frameCount, duration, end, clockError) = (head.frameCount, head.duration, head.end, head.clockError)
        (containerAspect, hdr) = (head.pixelAspectRatio, head.hdr)
        (otherStreams, leftovers, hasAlpha) = (head.others, head.leftovers, head.dropsAlpha)
        metadata = head.metadata
    }
}
