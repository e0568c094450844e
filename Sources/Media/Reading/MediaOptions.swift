public import Ingest
package import Jobs
public import VideoTypes

/// What a reader of media is told beside the file.
public struct MediaOptions: Sendable {
    /// How the chunks are laid out in the file. The default is that the first bytes tell.
    public var format = MediaFormat.auto
    /// The codec. `nil`, the default, means that the stream says it.
    public var codec: VideoCodec?
    /// The rate of a stream without times (Annex B, AVCC, OBU). `nil`, the default, means the one in its VUI parameters;
    /// where there is none, what needs times is refused, and the rest counts 30 frames a second.
    public var framerate: FrameRate?
    /// The decoder configuration record (`avcC`, `hvcC`) of a stream in AVCC format, which must have one.
    public var description: ByteSource.Origin?
    /// The record itself, where it is at hand; excludes ``description``.
    public var record: [UInt8]?
    /// The lines that `EncodeJob` writes beside a stream: they say where its chunks are and when they are shown. Nothing
    /// else is looked for in the file then.
    public var chunks: ByteSource.Origin?
    /// What is whole of a damaged file, or one that ends early, is read. The default is that such a file is an error.
    public var acceptPartial = false
    /// How long a pipe may have nothing to give before that is an error. `nil`, the default, waits without end.
    public var timeout: Duration?
    /// Takes the packets of audio that are between those of the video. `nil`, the default, passes over them.
    package var audio: AudioIntake?
    /// Learns of what is left out or assumed. `nil`, the default, logs it.
    package var notices: Notices?

    /// Options with every default.
    public init() {}
}
