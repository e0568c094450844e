public import Ingest
package import Jobs
public import VideoTypes

/// The options of a media reader.
public struct MediaOptions: Sendable {
    /// How the chunks are laid out in the file. The default is that the first bytes tell.
    public var format = MediaFormat.auto
    /// The codec. `nil`, the default, means that the stream identifies it.
    public var codec: VideoCodec?
    /// The rate of a stream without times (Annex B, AVCC, OBU). `nil`, the default, means the one in its VUI parameters;
    /// without one, operations that need times are refused, and the others assume 30 frames a second.
    public var framerate: FrameRate?
    /// The decoder configuration record (`avcC`, `hvcC`) of a stream in AVCC format, which must have one.
    public var description: ByteSource.Origin?
    /// The record itself, where it is at hand; excludes ``description``.
    public var record: [UInt8]?
    /// The lines that `EncodeJob` writes next to a stream, with the positions and times of its chunks. With them, the file is
    /// not searched for units.
    public var chunks: ByteSource.Origin?
    /// The first number of a sequence of pictures. `nil`, the default, is the lowest that there is.
    public var startNumber: Int?
    /// What is whole of a damaged file, or one that ends early, is read. The default is that such a file is an error.
    public var acceptPartial = false
    /// How long a pipe may deliver nothing before that is an error. `nil`, the default, waits without a limit.
    public var timeout: Duration?
    /// Bytes that pictures may take that are decoded ahead, unless ``DecodedMedia/decodeAhead(within:)`` changes it; one picture
    /// may be decoded whatever it takes. `nil`, the default, is 1 GiB.
    package var aheadBytes: Int?
    /// Takes the packets of audio that are between those of the video. `nil`, the default, passes over them.
    package var audio: AudioIntake?
    /// Gets notices about dropped data and assumptions. `nil`, the default, logs them.
    package var notices: Notices?

    /// Options with every default.
    public init() {}
}
